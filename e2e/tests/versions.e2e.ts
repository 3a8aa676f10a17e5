/** Versions on a volume: pinned, gone back to, damaged, found by `gantry fsck`, imported again and repaired. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { digestMismatchExit } from '../../contract/server.ts'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import { localKubeconfig } from '../../local-cluster/local.ts'
import { infer, storedModel } from '../requests.ts'
import { openWorld, small, volumeOf, type World } from '../world.ts'

const program = join(import.meta.dirname, '../../cli/src/main.ts')
const name = 'tabular'

let world: World
before(async () => {
  world = openWorld('versions')
  world.applyModel(name, { model: { task: 'tensor', source: storedModel('breast-cancer') }, ...small })
  await world.ready(name)
})
after(() => world.close())

const gantry = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, [program, ...args, '--namespace', world.namespace], {
    env: { PATH: process.env['PATH'], KUBECONFIG: localKubeconfig },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, [code]] = await Promise.all([
    readText(child.stdout),
    readText(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  return { code, out, err }
}

const versions = (): readonly { readonly id: string }[] => world.model(name)['status'].versions

/** Changes the graph of a version as a damaged disk does. */
const flipBit = async (id: string): Promise<void> => {
  const path = join(volumeOf(world, name), id, 'model.onnx')
  const bytes = await readFile(path)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  await chmod(path, 0o644)
  await writeFile(path, bytes)
}
/** Pods that ended because the files of their version are not those of the import. */
const refusing = (): number =>
  world.pods(name).filter(({ status }: Live) => {
    const { state, lastState } = status.containerStatuses?.[0] ?? {}
    return [state, lastState].some((one) => one?.terminated?.exitCode === digestMismatchExit)
  }).length

test('a pod loads nothing of a version with a flipped bit, and the pod that serves goes on', async () => {
  const [first] = versions()
  assert.ok(first)
  await flipBit(first.id)
  world.patchModel(name, { replicas: 2 })
  await eventually('the second pod has ended', () => refusing() === 1)
  await world.condition(name, 'Stalled', 'True', 'DigestMismatch')
  assert.equal((await infer(world.url(name), name)).status, 200)
  world.patchModel(name, { replicas: 1 })
})

test('fsck tells of the flipped bit, and a new import of the source mends the version', async () => {
  const [first] = versions()
  assert.ok(first)
  const broken = await gantry('fsck', name)
  assert.equal(broken.code, 1, broken.err)
  assert.match(broken.out, new RegExp(`^broken +${first.id}/model\\.onnx: the file has other bytes`, 'm'))
  assert.match(broken.err, new RegExp(`${first.id} serves`))

  const again = await gantry('import', name, '--label', 'again', '--timeout', '240')
  assert.equal(again.code, 0, again.err)
  const second = versions().at(-1)
  assert.match(again.out, new RegExp(`tabular serves ${second?.id}`))
  const repaired = await gantry('fsck', name, '--repair')
  assert.equal(repaired.code, 0, repaired.out + repaired.err)
  const inode = async (id = ''): Promise<number> =>
    (await stat(join(volumeOf(world, name), id, 'model.onnx'))).ino
  assert.equal(await inode(first.id), await inode(second?.id), 'the same bytes are on the volume once')
  assert.deepEqual(world.kubectl.list('job', world.namespace, 'app.kubernetes.io/component=fsck'), [])
})

test('a pinned version stays beyond the history limit, and a rollback to it imports nothing', async () => {
  const [first] = versions()
  assert.ok(first)
  world.patchModel(name, { model: { keep: [first.id] }, versionHistoryLimit: 1 })
  const newer = await gantry('import', name, '--label', 'newer', '--timeout', '240')
  assert.equal(newer.code, 0, newer.err)
  const ids = versions().map(({ id }) => id)
  assert.ok(ids.includes(first.id), `${first.id} of ${ids.join()}`)
  const back = await gantry('rollback', name, first.id, '--wait', '--timeout', '240')
  assert.equal(back.code, 0, back.err)
  assert.equal(world.model(name)['status'].activeVersion, first.id)
  assert.deepEqual(
    versions().map(({ id }) => id),
    ids,
  )
})
