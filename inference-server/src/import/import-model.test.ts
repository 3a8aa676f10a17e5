import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { ImportReport } from '@gantry/contract/importing.ts'
import type { VersionMetadata, VersionsIndex } from '@gantry/contract/versions.ts'
import { ImportError } from '../failures/import-error.ts'
import { proofVersion } from '../rows/proof.ts'
import { proveFile } from '../rows/prove.ts'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { reportText } from './command/report.ts'
import { type ImportOptions, importModel } from './import-model.ts'

const folder = temporaryFolder()
after(folder.remove)

const source = join(folder.path, 'model.onnx')
writeFileSync(source, model)

let volumes = 0
const newVolume = (): string => join(folder.path, `models-${volumes++}`)

const importing = (volume: string, change: Partial<ImportOptions> = {}) =>
  importModel(importOptions({ source, volume, ...change }))

const index = (volume: string): VersionsIndex =>
  JSON.parse(readFileSync(join(volume, 'versions.json'), 'utf8'))
const ids = (volume: string): string[] => index(volume).versions.map(({ id }) => id)
const folders = (volume: string): string[] =>
  readdirSync(volume).filter((name) => !['versions.json', 'blobs'].includes(name))

describe('a version', () => {
  test('says where it came from and what it holds', async () => {
    const volume = newVolume()
    const now = new Date('2026-11-23T10:15:00Z')
    const change = { revision: 'abc', label: 'autumn', now: () => now, shownAs: 'pvc://claim/path' }
    const { version, pruned, existed } = await importing(volume, change)
    assert.deepEqual([pruned, existed], [[], false])
    const metadata: VersionMetadata = JSON.parse(
      readFileSync(join(volume, 'v_20261123_101500', 'metadata.json'), 'utf8'),
    )
    const { files, rows, ...rest } = metadata
    assert.deepEqual(rest, version)
    assert.deepEqual(rows, { 'model.onnx': { proofVersion, ...proveFile(source) } })
    assert.deepEqual(index(volume), { versions: [version] })
    assert.equal(version.createdAt, '2026-11-23T10:15:00.000Z')
    assert.deepEqual([version.revision, version.label, version.source], ['abc', 'autumn', 'pvc://claim/path'])
    const [line] = execFileSync('sha256sum', ['model.onnx'], { cwd: join(volume, version.id) })
      .toString()
      .split('\n')
    assert.deepEqual(files, [{ path: 'model.onnx', sizeBytes: model.length, sha256: line?.split(' ')[0] }])
    const overAll = execFileSync('sha256sum', { input: `${line}\n` })
      .toString()
      .slice(0, 64)
    assert.equal(version.digest, `sha256:${overAll}`)
  })

  test('made by an earlier import is listed without the query of its address', async () => {
    const volume = newVolume()
    const { version } = await importing(volume)
    const path = join(volume, version.id, 'metadata.json')
    const address = { source: 'https://ann@store/m.onnx?auth=hunter2#hunter2' }
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...address }))
    await importing(volume)
    assert.equal(index(volume).versions[0]?.source, 'https://store/m.onnx')
    const again = await importing(volume, { revision: version.revision })
    assert.equal(again.version.source, 'https://store/m.onnx')
  })

  test('can be read by a server of another user', async () => {
    const volume = newVolume()
    const { version } = await importing(volume)
    assert.equal(statSync(join(volume, version.id)).mode & 0o555, 0o555)
    for (const name of ['model.onnx', 'metadata.json'])
      assert.equal(statSync(join(volume, version.id, name)).mode & 0o444, 0o444)
  })

  test('of a revision that is there is not imported again', async () => {
    const volume = newVolume()
    const first = await importing(volume, { revision: 'same' })
    const again = await importing(volume, { revision: 'same', source: '/gone' })
    assert.deepEqual(again, { ...first, existed: true })
  })
})

test('another task makes another version of the same files, each found again', async () => {
  const volume = newVolume()
  const config = join(volume, '..', 'with-labels')
  mkdirSync(config)
  writeFileSync(join(config, 'model.onnx'), model)
  const change = { revision: 'same', source: config }
  const { version: tensor } = await importing(volume, change)
  const asked = { ...change, task: 'image-classification' } as const
  const other = await importing(volume, asked)
  assert.equal(other.existed, false)
  assert.deepEqual([other.version.task, other.version.digest], ['image-classification', tensor.digest])
  for (const [options, id] of [
    [change, tensor.id],
    [asked, other.version.id],
  ] as const) {
    const again = await importing(volume, options)
    assert.deepEqual([again.existed, again.version.id], [true, id])
  }
  await assert.rejects(
    importing(volume, { ...change, task: 'text-classification' }),
    failing('ModelIncomplete', /tokenizer\.json/),
  )
})

test('a place that can hold no models is refused with a sentence, and does not keep the import waiting', async () => {
  writeFileSync(join(folder.path, 'a-file'), '')
  const { path } = folder
  for (const volume of ['/proc', '/proc/x/y', join(path, 'a-file'), join(path, 'a-file', 'models')])
    await assert.rejects(
      importing(volume),
      failing(
        'ImportFailed',
        new RegExp(`^${volume} cannot hold models \\(E\\w+\\); give a folder, or a place`),
      ),
    )
  const { version } = await importing(join(path, 'made', 'on', 'the', 'way'))
  assert.ok(existsSync(join(path, 'made/on/the/way', version.id)))
})

describe('the index', () => {
  test('has no measurements: they stay in the metadata of their version, and no report of an import has them', async () => {
    const volume = newVolume()
    const { version } = await importing(volume, { revision: 'abc' })
    const path = join(volume, version.id, 'metadata.json')
    const evaluation = { measurement: {}, dataset: {}, evaluatedAt: '2026-11-23T10:15:00.000Z' }
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), evaluation }))
    const again = await importing(volume, { revision: 'abc' })
    assert.deepEqual(again.version, version)
    assert.deepEqual(index(volume), { versions: [version] })
  })

  test('is made again from the folders when it is missing or torn', async () => {
    const volume = newVolume()
    await importing(volume)
    const second = await importing(volume, { revision: 'second' })
    const whole = readFileSync(join(volume, 'versions.json'), 'utf8')
    rmSync(join(volume, 'versions.json'))
    await importing(volume, { revision: 'second' })
    assert.equal(readFileSync(join(volume, 'versions.json'), 'utf8'), whole)
    truncateSync(join(volume, 'versions.json'), 40)
    const again = await importing(volume, { revision: 'second' })
    assert.equal(readFileSync(join(volume, 'versions.json'), 'utf8'), whole)
    assert.deepEqual(again.version, second.version)
  })

  test('leaves out a folder whose metadata cannot be read, and leaves the folder alone', async () => {
    const volume = newVolume()
    mkdirSync(join(volume, 'v_20200101_000000'), { recursive: true })
    writeFileSync(join(volume, 'v_20200101_000000', 'metadata.json'), '{"id": "v_2020')
    const { version } = await importing(volume, { historyLimit: 1 })
    assert.deepEqual(ids(volume), [version.id])
    assert.ok(existsSync(join(volume, 'v_20200101_000000')))
  })
})

describe('the history', () => {
  test('keeps as many versions as the limit says, and never removes those to keep', async () => {
    const volume = newVolume()
    const first = (await importing(volume)).version.id
    const second = (await importing(volume)).version.id
    const third = (await importing(volume)).version.id
    const { version, pruned } = await importing(volume, {
      historyLimit: 2,
      keep: [first, 'v_20000101_000000'],
    })
    assert.deepEqual(pruned, [second, third])
    assert.deepEqual(ids(volume), [first, version.id])
    assert.deepEqual(folders(volume).sort(), [first, version.id].sort())
  })

  test('keeps pinned versions beside as many as the limit says', async () => {
    const volume = newVolume()
    const pinned = [(await importing(volume)).version.id, 'v_20000101_000000']
    const second = (await importing(volume)).version.id
    const third = (await importing(volume, { historyLimit: 2, pinned })).version.id
    assert.deepEqual(ids(volume), [pinned[0], second, third])
    const { version, pruned } = await importing(volume, { historyLimit: 2, pinned })
    assert.deepEqual(pruned, [second])
    assert.deepEqual(ids(volume), [pinned[0], third, version.id])
  })

  test('never removes the newest, nor the version that was asked for', async () => {
    const volume = newVolume()
    const first = await importing(volume, { revision: 'first' })
    const second = await importing(volume)
    const again = await importing(volume, { revision: 'first', historyLimit: 1 })
    assert.deepEqual([again.version, again.pruned], [first.version, []])
    assert.deepEqual(ids(volume), [first.version.id, second.version.id])
  })
})

describe('imports at the same time', () => {
  test('get different ids, and all of them are in the index', async () => {
    const volume = newVolume()
    const imported = await Promise.all(Array.from({ length: 20 }, () => importing(volume)))
    const given = new Set(imported.map(({ version }) => version.id))
    assert.equal(given.size, 20)
    assert.deepEqual(new Set(ids(volume)), given)
    assert.deepEqual(new Set(folders(volume)), given)
  })
})

describe('a volume that cannot take a model', () => {
  test('is not touched where it may not be written', async (context) => {
    const volume = newVolume()
    mkdirSync(volume)
    if (!mounted(context, ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', volume])) return
    try {
      await assert.rejects(
        importing(volume),
        failing('ImportFailed', /cannot be written \(EROFS\); check that the volume/),
      )
    } finally {
      execFileSync('umount', [volume])
    }
  })

  test('is left as it was when it is full', async (context) => {
    const volume = newVolume()
    mkdirSync(volume)
    if (!mounted(context, ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', volume])) return
    try {
      const { version } = await importing(volume)
      const large = join(folder.path, 'large')
      mkdirSync(large)
      writeFileSync(join(large, 'model.onnx'), model)
      writeFileSync(join(large, 'weights.bin'), Buffer.alloc(300_000, 1))
      await assert.rejects(
        importing(volume, { source: large }),
        failing('VolumeFull', /has \d+\.\d KiB free, but the model needs 293.\d KiB$/),
      )
      // The unpacked size is not known beforehand, so the lack of space shows when the last byte is written.
      const packed = join(folder.path, 'large.tgz')
      execFileSync('tar', ['-czf', packed, '-C', large, 'model.onnx', 'weights.bin'])
      await assert.rejects(importing(volume, { source: packed }), failing('VolumeFull', /needs 293.0 KiB/))
      assert.deepEqual(folders(volume), [version.id])
      assert.deepEqual(ids(volume), [version.id])
    } finally {
      execFileSync('umount', [volume])
    }
  })

  /** Only root may mount, and not everywhere. */
  const mounted = (context: { skip: (why: string) => void }, args: string[]): boolean => {
    try {
      execFileSync('mount', args, { stdio: 'ignore' })
      return true
    } catch {
      context.skip('no right to mount a file system here')
      return false
    }
  }
})

describe('the command', () => {
  const program = join(import.meta.dirname, '..', 'main.ts')
  let server: Server
  let base: string
  before(async () => {
    // The start of a model, and then nothing more: an import that hangs as long as one likes.
    server = createServer((_, response) => {
      response.write(Buffer.concat([model, Buffer.alloc(1024)]))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })

  const run = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [program, 'import', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

  const ended = async (child: ChildProcess) => {
    let output = ''
    child.stdout?.on('data', (chunk) => {
      output += chunk
    })
    let log = ''
    child.stderr?.on('data', (chunk) => {
      log += chunk
    })
    const [code, signal] = await once(child, 'close')
    return { code, signal, output, log }
  }

  /** Waits until the import has begun to write. */
  const atWork = async (volume: string, child: ChildProcess): Promise<string> => {
    for (;;) {
      assert.equal(child.exitCode, null, 'the import ended too soon')
      const work = existsSync(volume)
        ? readdirSync(volume).find((name) => name.startsWith('.import-'))
        : undefined
      if (work && existsSync(join(volume, work, 'version', 'model.onnx'))) return work
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  test('imports, leaves a report and says so in one line', async () => {
    const volume = newVolume()
    const report = join(folder.path, 'report')
    const { code, output } = await ended(
      run('--source', source, '--models', volume, '--label', 'a', '--report', report),
    )
    assert.equal(code, 0)
    assert.match(output, /^imported file:\/\/.*\/model.onnx as .*\/v_\d{8}_\d{6} \(\d+ B\)\n$/)
    const left = JSON.parse(readFileSync(report, 'utf8')) as ImportReport
    assert.ok(left.outcome === 'imported')
    assert.deepEqual(left.version, index(volume).versions[0])
  })

  test('fails with a reason, in the report and in one line', async () => {
    const report = join(folder.path, 'report')
    const { code, output, log } = await ended(
      run('--source', '/gone', '--models', newVolume(), '--report', report),
    )
    assert.equal(code, 1)
    assert.equal(output, 'import failed (SourceNotFound): file:///gone does not exist; check its path\n')
    const left = JSON.parse(readFileSync(report, 'utf8')) as ImportReport
    assert.deepEqual(left, {
      outcome: 'failed',
      reason: 'SourceNotFound',
      message: 'file:///gone does not exist; check its path',
      retry: 'never',
    })
    assert.deepEqual(JSON.parse(log.trim().split('\n').at(-1) ?? '').report, left)
  })

  for (const [what, args, message] of [
    ['no source', [], /--source is missing; see import --help/],
    ['an unknown option', ['--sorce', 'x'], /--sorce/],
    [
      'an unknown task',
      ['--source', 'x', '--task', 'magic'],
      /--task magic does not exist; it is one of tensor/,
    ],
    ['a wrong limit', ['--source', 'x', '--history-limit', '0'], /not a whole number of at least 1/],
    ['half a digest', ['--source', 'x', '--sha256', 'abc'], /abc is no sha256/],
  ] as const)
    test(`refuses ${what}`, async () => {
      const { code, log } = await ended(run(...args))
      assert.equal(code, 2)
      assert.match(log, message)
    })

  test('killed with SIGKILL leaves no version, and the next import cleans up', async () => {
    const volume = newVolume()
    const { version } = await importing(volume)
    const killed = run('--source', `${base}/model.onnx`, '--models', volume, '--allow-loopback')
    const result = ended(killed)
    const work = await atWork(volume, killed)
    killed.kill('SIGKILL')
    assert.equal((await result).signal, 'SIGKILL')
    assert.deepEqual(ids(volume), [version.id])
    assert.ok(existsSync(join(volume, work)))
    const next = await importing(volume)
    assert.deepEqual(folders(volume).sort(), [version.id, next.version.id].sort())
  })

  test('does not clean up what another import is making', async () => {
    const volume = newVolume()
    const other = run('--source', `${base}/model.onnx`, '--models', volume, '--allow-loopback')
    const result = ended(other)
    const work = await atWork(volume, other)
    await importing(volume)
    assert.ok(existsSync(join(volume, work, 'version', 'model.onnx')))
    other.kill('SIGTERM')
    const { code, output } = await result
    assert.equal(code, 1)
    assert.match(
      output,
      /^import failed \(ImportFailed\): the import was interrupted; it has to run again\n$/,
    )
    assert.equal(existsSync(join(volume, work)), false)
  })
})

test('what an import on another machine left is cleaned up once it has been silent for long', async () => {
  const volume = newVolume()
  const work = join(volume, '.import-elsewhere')
  mkdirSync(work, { recursive: true })
  writeFileSync(join(work, 'owner'), JSON.stringify({ host: 'elsewhere', pid: 1, started: '1' }))
  await importing(volume)
  assert.ok(existsSync(work))
  const longAgo = new Date(Date.now() - 120_000)
  utimesSync(join(work, 'owner'), longAgo, longAgo)
  mkdirSync(join(volume, '.removed-half'))
  await importing(volume)
  assert.ok(folders(volume).every((name) => name.startsWith('v_')))
})

test('a full volume is no final answer while another import may be about to make room', async () => {
  const volume = newVolume()
  mkdirSync(join(volume, '.import-elsewhere'), { recursive: true })
  const huge = join(folder.path, 'huge.onnx')
  writeFileSync(huge, model)
  truncateSync(huge, 2 ** 43) // 8 TiB of nothing
  await assert.rejects(
    importing(volume, { source: huge }),
    failing('VolumeFull', /another import is at work on the volume/, 'backoff'),
  )
})

test('a link on the volume is not taken for a version', async () => {
  const volume = newVolume()
  mkdirSync(volume)
  symlinkSync('/etc', join(volume, 'v_20200101_000000'))
  const { version } = await importing(volume, { historyLimit: 1 })
  assert.deepEqual(ids(volume), [version.id])
  assert.ok(existsSync('/etc/hostname'))
})

test('a report fits into a termination message', () => {
  const error = new ImportError('NotOnnx', '好'.repeat(5000))
  const text = reportText({
    outcome: 'failed',
    reason: error.reason,
    message: error.message,
    retry: error.retry,
  })
  assert.ok(Buffer.byteLength(text) <= 4096)
  const { message } = JSON.parse(text)
  assert.ok(message.length > 500 && message.endsWith('…'))
  const version = {
    id: 'v_1',
    revision: 'r',
    source: 's',
    digest: 'd',
    task: 'tensor',
    sizeBytes: 1,
    createdAt: 'c',
  } as const
  const pruned = Array.from({ length: 500 }, (_, number) => `v_20261123_101500_${number}`)
  const long = reportText({ outcome: 'imported', version, pruned })
  assert.ok(Buffer.byteLength(long) <= 4096)
  assert.deepEqual(JSON.parse(long).version, version)
})
