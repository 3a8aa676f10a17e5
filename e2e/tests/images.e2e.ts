import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { releaseNamespace } from '../../local-cluster/gantry/release.ts'
import { storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

let world: World
before(async () => {
  world = openWorld('images')
  world.applyModel('tabular', { model: { task: 'tensor', source: storedModel('breast-cancer') }, ...small })
  await world.ready('tabular')
})
after(() => world.close())

/** A running pod of each image, by the image's program. */
const pods = (): Readonly<Record<string, { readonly namespace: string; readonly name: string }>> => {
  const running = (
    namespace: string,
    label: string,
  ): { readonly namespace: string; readonly name: string } => {
    const found = world.kubectl
      .list('pod', namespace)
      .find(
        ({ metadata, status }) =>
          status.phase === 'Running' && JSON.stringify(metadata['labels' as never] ?? {}).includes(label),
      )
    assert.ok(found, `${namespace} has a running pod with the label ${label}`)
    return { namespace, name: found.metadata.name }
  }
  return {
    '/app/inference-server/src/main.ts': running(world.namespace, 'tabular'),
    '/app/operator/src/main.ts': running(releaseNamespace, 'operator'),
    '/app/gateway/src/main.ts': running(releaseNamespace, '"gateway"'),
  }
}

const exec = (pod: { readonly namespace: string; readonly name: string }, ...command: string[]): string =>
  world.kubectl.run(['exec', '-n', pod.namespace, pod.name, '--', ...command])

/** Looks at every file of the image; what the kubelet mounts is on other devices. */
const look = `
const { lstatSync, readdirSync } = require('node:fs')
const { dev } = lstatSync('/')
const programs = [], writable = []
const visit = (path) => {
  const info = lstatSync(path)
  if (info.dev !== dev || info.isSymbolicLink()) return
  if (path !== '/tmp' && (info.uid !== 0 || (info.mode & 0o022) !== 0)) writable.push(path)
  if (info.isDirectory()) for (const name of readdirSync(path)) visit(path === '/' ? '/' + name : path + '/' + name)
  else if ((info.mode & 0o111) !== 0 && !/\\.so(\\.|$)/.test(path)) programs.push(path)
}
visit('/')
console.log(JSON.stringify({ programs, writable }))`

test('an image has no program but node, and nothing that the user of the pod could change', () => {
  for (const [main, pod] of Object.entries(pods())) {
    const { programs, writable } = JSON.parse(exec(pod, 'node', '-e', look))
    assert.deepEqual(programs, ['/usr/local/bin/node'], main)
    assert.deepEqual(writable, [], main)
    assert.throws(() => exec(pod, 'sh', '-c', 'true'), /executable file not found|no such file/, main)
  }
})

test('compiled code comes from the image at each start, though no pod can write it', () => {
  for (const [main, pod] of Object.entries(pods())) {
    const start = `
      const env = { ...process.env, NODE_DEBUG_NATIVE: 'COMPILE_CACHE', KUBECONFIG: '/none', KUBERNETES_SERVICE_HOST: '' }
      const run = require('node:child_process').spawnSync(process.execPath, ['${main}'], { env, encoding: 'utf8', timeout: 20000 })
      const lines = (run.stdout + run.stderr).split('\\n')
      const count = (part) => lines.filter((line) => line.includes(part)).length
      console.log(JSON.stringify({ accepted: count('was accepted'), rejected: count('was rejected'), written: count('writing cache') }))`
    const { accepted, rejected, written } = JSON.parse(exec(pod, 'node', '-e', start))
    assert.ok(accepted > 0, `${main}: ${accepted} modules came compiled`)
    assert.deepEqual({ rejected, written }, { rejected: 0, written: 0 }, main)
  }
})

test('an image says what it is made of', () => {
  for (const [main, pod] of Object.entries(pods())) {
    const script = `const { readdirSync, readFileSync } = require('node:fs')
      const [name] = readdirSync('/usr/share/sbom')
      process.stdout.write(readFileSync('/usr/share/sbom/' + name))`
    const { specVersion, components } = JSON.parse(exec(pod, 'node', '-e', script))
    assert.equal(specVersion, '1.6', main)
    const names: readonly string[] = components.map(({ name }: { readonly name: string }) => name)
    for (const name of ['node', 'debian', 'libc6', 'winston'])
      assert.ok(names.includes(name), `${main}: ${name}`)
  }
})
