import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { after, beforeEach, describe, test } from 'node:test'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { type ImportOptions, importModel } from './import-model.ts'
import { copyLocal } from './local-source.ts'
import type { Staging } from './staging.ts'

const folder = temporaryFolder()
after(folder.remove)

/** A file that no source has in it. */
const outside = join(folder.path, 'outside/secret')
mkdirSync(dirname(outside))
writeFileSync(outside, 'Hunter2')

let count = 0
let source: string
let volume: string
beforeEach(() => {
  source = join(folder.path, `source-${count}`)
  volume = join(folder.path, `models-${count++}`)
  mkdirSync(source)
  writeFileSync(join(source, 'model.onnx'), model)
})

const importing = async (change: Partial<ImportOptions> = {}) => {
  const { version } = await importModel(importOptions({ source, volume, ...change }))
  return files(join(volume, version.id))
}

const files = (dir: string): string[] => readdirSync(dir, { recursive: true }).map(String).sort()

test('an image that a runtime has mounted as an empty folder is told from a folder without a model', async () => {
  const shownAs = `oci://registry.example/m@sha256:${'0a'.repeat(32)}`
  const empty = join(folder.path, 'empty')
  mkdirSync(empty, { recursive: true })
  for (const path of [empty, join(folder.path, 'not-there')])
    await assert.rejects(
      importing({ source: path, shownAs }),
      failing(
        'SourceUnsupported',
        /mounted has no file in \/models: it is an artifact.*spec\.storage\.mode: Ephemeral/,
      ),
    )
  assert.deepEqual(await importing({ shownAs }), ['metadata.json', 'model.onnx'])
})

describe('a folder becomes a version', () => {
  test('with all its files, but without git and the like', async () => {
    mkdirSync(join(source, '.git/objects'), { recursive: true })
    mkdirSync(join(source, 'sub'))
    for (const name of ['.git/HEAD', 'sub/a.json', '.DS_Store', 'metadata.json'])
      writeFileSync(join(source, name), '{}')
    assert.deepEqual(await importing({ source: `file://${source}` }), [
      'metadata.json',
      'model.onnx',
      'sub',
      'sub/a.json',
    ])
  })

  test('as a ConfigMap is mounted: links to a hidden folder that is swapped', async () => {
    mkdirSync(join(source, '..2026_11_23'))
    renameSync(join(source, 'model.onnx'), join(source, '..2026_11_23/model.onnx'))
    symlinkSync('..2026_11_23', join(source, '..data'))
    symlinkSync('..data/model.onnx', join(source, 'model.onnx'))
    assert.deepEqual(await importing(), ['metadata.json', 'model.onnx'])
    const [id] = readdirSync(volume).filter((name) => name.startsWith('v_'))
    assert.deepEqual(readFileSync(join(volume, String(id), 'model.onnx')), model)
  })

  test('through a link to it, and with links inside it', async () => {
    const link = `${source}-link`
    symlinkSync(source, link)
    mkdirSync(join(source, 'blobs'))
    writeFileSync(join(source, 'blobs/1'), '{}')
    symlinkSync('blobs/1', join(source, 'config.json'))
    assert.deepEqual(await importing({ source: link }), [
      'blobs',
      'blobs/1',
      'config.json',
      'metadata.json',
      'model.onnx',
    ])
  })

  test('even where the model volume lies in it', async () => {
    volume = join(source, 'models')
    assert.deepEqual(await importing(), ['metadata.json', 'model.onnx'])
  })
})

describe('a folder is refused', () => {
  const refused = async (expected: Parameters<typeof failing>, change: Partial<ImportOptions> = {}) => {
    await assert.rejects(importing(change), failing(...expected))
    assert.deepEqual(readdirSync(volume), [])
  }

  test('with a link that leaves it', async () => {
    symlinkSync('/etc/hostname', join(source, 'config.json'))
    await refused(['UnsafePath', /holds a link that leaves its folder.*"config.json"/])
  })

  test('with a link to its neighbour, whose name begins as its own', async () => {
    mkdirSync(`${source}-2`)
    symlinkSync(`${source}-2`, join(source, 'more'))
    await refused(['UnsafePath', /holds a link that leaves its folder.*"more"/])
  })

  test('with a link to itself', async () => {
    symlinkSync('.', join(source, 'again'))
    await refused(['UnsafePath', /folders more than 16 deep/])
  })

  test('with links that lead to each other', async () => {
    symlinkSync('b', join(source, 'a'))
    symlinkSync('a', join(source, 'b'))
    await refused(['UnsafePath', /a link that leads to itself/])
  })

  test('with a link to nothing', async () => {
    symlinkSync('nothing', join(source, 'config.json'))
    await refused(['ModelIncomplete', /holds a link to a file that does not exist.*"config.json"/])
  })

  test('with a named pipe, which would be read for ever', async () => {
    execFileSync('mkfifo', [join(source, 'pipe')])
    await refused(['UnsafePath', /is neither a file nor a folder.*"pipe"/])
  })

  test('with a socket', async () => {
    const server = createServer()
    const path = join(source, 'socket')
    await new Promise<void>((resolve) => server.listen(path, resolve))
    await refused(['UnsafePath', /is neither a file nor a folder.*"socket"/])
    await new Promise((resolve) => server.close(resolve))
  })

  test('with a link to a device, which would never end', async () => {
    symlinkSync('/dev/zero', join(source, 'weights'))
    await refused(['UnsafePath', /holds a link that leaves its folder/])
  })

  for (const [what, swap] of [
    ['a link out of it', (path: string) => symlinkSync(outside, path)],
    ['a named pipe', (path: string) => execFileSync('mkfifo', [path])],
  ] as const)
    test(`whose file becomes ${what} after it was looked at`, async () => {
      const target = join(source, 'z.json')
      writeFileSync(target, '{}')
      const read: string[] = []
      const reserve = async (): Promise<void> => {
        rmSync(target)
        swap(target)
      }
      const add: Staging['add'] = async (path, chunks) => {
        for await (const chunk of chunks) read.push(`${path}: ${Buffer.from(chunk).toString('latin1')}`)
      }
      const staging = { ...({} as Staging), reserve, add }
      await assert.rejects(
        copyLocal({ path: source, shownAs: source, exclude: volume }, staging),
        failing('UnsafePath', /was changed while it was read.*"z.json"/, 'backoff'),
      )
      assert.ok(!read.some((text) => text.startsWith('z.json')))
    })

  test('whose folder becomes a link out of it after it was looked at', async () => {
    mkdirSync(join(source, 'z'))
    writeFileSync(join(source, 'z/secret'), 'mine')
    const staging = {
      ...({} as Staging),
      reserve: async (): Promise<void> => {
        rmSync(join(source, 'z'), { recursive: true })
        symlinkSync(dirname(outside), join(source, 'z'))
      },
      add: async (_: string, chunks: AsyncIterable<Uint8Array>): Promise<void> => {
        for await (const chunk of chunks)
          assert.doesNotMatch(Buffer.from(chunk).toString('latin1'), /Hunter2/)
      },
    }
    await assert.rejects(
      copyLocal({ path: source, shownAs: source, exclude: volume }, staging),
      failing('UnsafePath', /was changed while it was read/, 'backoff'),
    )
  })

  test('that does not exist', () =>
    refused(['SourceNotFound', /does not exist; check its path/], { source: `${source}/nothing` }))

  test('with .. in its address', () =>
    refused(['UnsafePath', /leaves its folder/], { source: `file://${source}/../../etc` }))

  test('that is a link out of the volume it is on', async () => {
    symlinkSync(source, join(folder.path, `boundary-link-${count}`))
    const boundary = join(folder.path, `boundary-${count}`)
    mkdirSync(boundary)
    symlinkSync(source, join(boundary, 'model'))
    await refused(['UnsafePath', /is a link that leaves its volume/], {
      source: join(boundary, 'model'),
      boundary,
    })
  })

  test('with a digest, which only one file has', () =>
    refused(['SourceUnsupported', /is a folder, but sha256 is the digest of one file/], {
      sha256: '0'.repeat(64),
    }))

  test('with external data outside, missing or cut', async () => {
    const external = (location: string, length: string) => {
      const field = (number: number, content: Buffer | string) =>
        Buffer.concat([Buffer.from([number * 8 + 2, Buffer.byteLength(content)]), Buffer.from(content)])
      const pair = (key: string, value: string) => field(13, Buffer.concat([field(1, key), field(2, value)]))
      const tensor = field(5, Buffer.concat([pair('location', location), pair('length', length)]))
      const graph = field(7, Buffer.concat([tensor, field(12, field(1, 'y'))]))
      writeFileSync(
        join(source, 'model.onnx'),
        Buffer.concat([Buffer.from([8, 8]), field(8, Buffer.from([16, 17])), graph]),
      )
    }
    for (const location of ['../weights', '/etc/hostname', 'a/../../weights']) {
      external(location, '1')
      await refused(['UnsafePath', /external data location (leaves its folder|is an absolute path)/])
    }
    for (const location of ['weights', '', '*/_ORT_MEM_ADDR_/*']) {
      external(location, '1')
      await refused(['ModelIncomplete', /keeps weights in a file that is not there.*".*"/])
    }
    external('weights', '2000')
    writeFileSync(join(source, 'weights'), 'x'.repeat(1000))
    await refused(['ModelIncomplete', /needs 2.0 KiB of weights in a file that has 1000 B.*"weights"/])
    writeFileSync(join(source, 'weights'), 'version https://git-lfs.github.com/spec/v1\n')
    await refused(['ModelIncomplete', /looks like a git-lfs pointer/])
    writeFileSync(join(source, 'weights'), 'x'.repeat(2000))
    assert.deepEqual(await importing(), ['metadata.json', 'model.onnx', 'weights'])
  })

  test('for texts without a tokenizer, or with one that git-lfs keeps elsewhere', async () => {
    const task = 'text-classification' as const
    await refused(['ModelIncomplete', /tokenizer.json is missing, which text-classification needs/], { task })
    for (const other of ['fill-mask', 'zero-shot-image-classification'] as const)
      await refused(['ModelIncomplete', new RegExp(`missing, which ${other} needs`)], { task: other })
    writeFileSync(join(source, 'tokenizer.json'), 'version https://git-lfs.github.com/spec/v1\n')
    await refused(['ModelIncomplete', /tokenizer.json is no JSON object, it looks like a git-lfs pointer/], {
      task,
    })
    const golden = join(import.meta.dirname, '../../golden/models/token-classification/tokenizer.json')
    copyFileSync(golden, join(source, 'tokenizer.json'))
    assert.deepEqual(await importing({ task }), ['metadata.json', 'model.onnx', 'tokenizer.json'])
  })

  test('that may not be read', async (context) => {
    if (process.getuid?.() === 0) return context.skip('root may read everything')
    chmodSync(join(source, 'model.onnx'), 0)
    await refused(['SourceForbidden', /may not be read/])
  })
})

for (const [uri, message] of [
  ['pvc://claim/model', /pvc:\/\/ is mounted by the operator only/],
  ['https://', /it is not an address/],
  ['file://host/path', /names no path of this machine; write file:\/\/\/PATH/],
] as const)
  test(`${uri} is refused`, async () => {
    await assert.rejects(importing({ source: uri }), failing('SourceUnsupported', message))
  })
