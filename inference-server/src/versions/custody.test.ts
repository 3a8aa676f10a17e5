import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { digestMismatchExit, servedModelMember } from '@gantry/contract/server.ts'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { recordReference } from '../evaluation/recording.ts'
import { StartError } from '../failures/errors.ts'
import { digestOf } from '../import/digest.ts'
import { importModel } from '../import/import-model.ts'
import { importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { folderServer, memoryLog, repositoryServer } from '../testing/server.ts'
import { until } from '../testing/until.ts'
import { openCustody } from './custody.ts'

const folder = temporaryFolder()
after(folder.remove)
// What a check keeps goes to the folder for temporary files.
process.env['TMPDIR'] = mkdtempSync(join(folder.path, 'tmp-'))
assert.equal(tmpdir(), process.env['TMPDIR'])

interface Imported {
  readonly volume: string
  readonly version: string
  readonly digest: string
  readonly dir: string
}

const imported = async (
  volume = mkdtempSync(join(folder.path, 'volume-')),
  labels = '["a","b"]',
): Promise<Imported> => {
  const source = mkdtempSync(join(folder.path, 'source-'))
  await writeFile(join(source, 'model.onnx'), model)
  await writeFile(join(source, 'labels.json'), labels)
  const { version } = await importModel(importOptions({ source, volume }))
  return { volume, version: version.id, digest: version.digest, dir: join(volume, version.id) }
}

const flipped = async (path: string): Promise<void> => {
  const bytes = await readFile(path)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  await writeFile(path, bytes)
}

const opened = ({ version, dir }: Imported, digest: string | undefined, lookEveryMs?: number) => {
  const log = memoryLog()
  const custody = openCustody({
    folder: { version, dir },
    digest,
    log,
    ...(lookEveryMs === undefined ? {} : { lookEveryMs }),
  })
  return { custody, log }
}

const refusal = async (version: Imported, digest: string | undefined): Promise<StartError> => {
  const { custody } = opened(version, digest)
  const error = await custody.checked.then(
    () => assert.fail('the files were taken'),
    (caught: unknown) => caught,
  )
  assert.ok(error instanceof StartError, `${error}`)
  assert.equal(error.exitCode, digestMismatchExit)
  assert.match(error.message, /gantry fsck/)
  return error
}

const damages: Readonly<Record<string, readonly [change: (dir: string) => Promise<void>, said: RegExp]>> = {
  'has a flipped bit': [(dir) => flipped(join(dir, 'model.onnx')), /1 file is changed/],
  'is cut': [(dir) => writeFile(join(dir, 'labels.json'), ''), /1 file is changed/],
  'is missing': [(dir) => rm(join(dir, 'labels.json')), /1 file is missing/],
  'was added': [(dir) => writeFile(join(dir, 'config.json'), '{}'), /1 file is not of the import/],
  'is a link to the same bytes': [
    async (dir) => {
      await rename(join(dir, 'model.onnx'), join(dir, '../elsewhere'))
      await symlink('../elsewhere', join(dir, 'model.onnx'))
    },
    /1 file is changed/,
  ],
}

describe('nothing is loaded of a version of which a file', () => {
  for (const [what, [change, said]] of Object.entries(damages))
    test(what, async () => {
      const version = await imported()
      await change(version.dir)
      for (const digest of [version.digest, undefined])
        assert.match((await refusal(version, digest)).message, said)
      await assert.rejects(folderServer(version.dir), { name: 'StartError', exitCode: digestMismatchExit })
    })
})

test('who writes a version and a metadata.json that fits it is refused by the digest that the operator knows', async () => {
  const version = await imported()
  const path = join(version.dir, 'metadata.json')
  const metadata = JSON.parse(await readFile(path, 'utf8')) as VersionMetadata
  const other = await imported()
  await flipped(join(version.dir, 'labels.json'))
  const sha256 = createHash('sha256')
    .update(await readFile(join(version.dir, 'labels.json')))
    .digest('hex')
  const files = metadata.files.map((file) => (file.path === 'labels.json' ? { ...file, sha256 } : file))
  const digest = digestOf(files)
  await writeFile(path, JSON.stringify({ ...metadata, files, digest }))
  await opened(version, undefined).custody.checked
  assert.match((await refusal(version, version.digest)).message, /does not describe the version/)
  await rm(path)
  assert.match((await refusal(version, version.digest)).message, /metadata.json is missing/)
  await opened(other, other.digest).custody.checked
})

test('who writes another proof of rows, task or graph into metadata.json is refused, and an evaluation beside them is not', async () => {
  const version = await imported()
  const path = join(version.dir, 'metadata.json')
  const metadata = JSON.parse(await readFile(path, 'utf8')) as VersionMetadata
  const { recordDigest } = metadata
  const checked = async (change: object): Promise<void> => {
    await writeFile(path, JSON.stringify({ ...metadata, ...change }))
    const { log } = opened(version, undefined)
    const custody = openCustody({ folder: version, digest: version.digest, recordDigest, log })
    await custody.checked
    custody.close()
  }
  await checked({ evaluation: { passed: true } })
  const rows = Object.fromEntries(
    Object.entries(metadata.rows ?? {}).map(([name, proof]) => [name, { ...proof, verdict: 'unproven' }]),
  )
  assert.ok(Object.keys(rows).length > 0)
  for (const change of [{ rows }, { rows: {} }, { task: 'text-classification' }, { file: 'other.onnx' }])
    await assert.rejects(checked(change), /another task, graph or proof of rows than the import wrote/)
})

test('a path in metadata.json leads out of no folder', async () => {
  const version = await imported()
  const files = [{ path: '../../etc/passwd', sizeBytes: 1, sha256: '0'.repeat(64) }]
  await writeFile(join(version.dir, 'metadata.json'), JSON.stringify({ digest: digestOf(files), files }))
  assert.match((await refusal(version, digestOf(files))).message, /metadata.json is missing, or is not what/)
})

test('a folder that no import has written is served as it is', async () => {
  const dir = mkdtempSync(join(folder.path, 'by-hand-'))
  await writeFile(join(dir, 'model.onnx'), model)
  await writeFile(join(dir, 'metadata.json'), '{"author":"somebody"}')
  await using server = await folderServer(dir)
  assert.equal((await server.get('/v2/health/ready')).status, 200)
})

test('a container that starts again does not read files again that nobody wrote to since', async () => {
  const version = await imported()
  const readsThem = async (): Promise<boolean> => {
    const { custody, log } = opened(version, version.digest)
    await custody.checked
    custody.close()
    return log.lines.some(({ message }) => message === 'the files are those of the import')
  }
  assert.equal(await readsThem(), true)
  assert.equal(await readsThem(), false)
  await writeFile(join(version.dir, 'labels.json'), '["a","b"]')
  assert.equal(await readsThem(), true)
  await flipped(join(version.dir, 'labels.json'))
  await refusal(version, version.digest)
})

test('what a file system keeps of an open file that was deleted is no damage', async () => {
  const version = await imported()
  for (const name of ['.nfs000000000123abcd00000001', '.fuse_hidden0000000100000001'])
    await writeFile(join(version.dir, name), 'x')
  await opened(version, version.digest).custody.checked
})

test('what an evaluation writes beside a version is no damage', async () => {
  const version = await imported()
  await recordReference(version.dir, { samples: 0 } as unknown as Parameters<typeof recordReference>[1])
  await opened(version, version.digest).custody.checked
})

test('a file that is damaged while its version serves is told, and the version answers on', async () => {
  const version = await imported()
  const { custody, log } = opened(version, version.digest, 5)
  await custody.checked
  assert.equal(custody.damage(), undefined)
  const path = join(version.dir, 'model.onnx')
  const good = await readFile(path)
  await flipped(path)
  await until(() => custody.damage() !== undefined)
  assert.match(custody.damage() ?? '', /1 file is changed/)
  assert.ok(
    log.lines.some(({ level, fields }) => level === 'error' && /model\.onnx/.test(`${fields['detail']}`)),
  )
  await writeFile(path, good)
  await until(() => custody.damage() === undefined)
  custody.close()
})

test('metadata of the model say nothing of damage where there is none', async () => {
  const version = await imported()
  await using server = await folderServer(version.dir)
  const metadata = (await (await server.get('/v2/models/m')).json()) as Record<string, object>
  assert.ok(!('damage' in (metadata[servedModelMember] ?? {})))
})

test('a damaged version of a repository does not keep the others from answering', async () => {
  const good = await imported()
  // Equal files are one file on the volume, which would be damaged for both.
  const bad = await imported(good.volume, '["a","c"]')
  await flipped(join(bad.dir, 'labels.json'))
  await using server = await repositoryServer(good.volume, ['--versions', 'all'])
  assert.equal((await server.get(`/v2/models/m/versions/${good.version}/ready`)).status, 200)
  assert.notEqual((await server.get(`/v2/models/m/versions/${bad.version}/ready`)).status, 200)
})
