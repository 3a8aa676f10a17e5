/** Archives that an import unpacks: a version of ordinary files inside the volume, or a refusal, and nothing beside it. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ImportError } from '../../inference-server/src/failures/import-error.ts'
import { importModel } from '../../inference-server/src/import/import-model.ts'
import { type TarEntry, tar } from '../../inference-server/src/testing/archives.ts'
import { pick } from '../../inference-server/src/testing/fuzz.ts'
import { importOptions, model } from '../../inference-server/src/testing/imports.ts'
import { spoiledBytes } from '../mutation.ts'
import type { Random, Target } from '../target.ts'

const paths = [
  ...['model.onnx', 'onnx/model.onnx', 'm/model.onnx', 'a.onnx', 'config.json', 'm/', './', '.', '', ' '],
  ...[
    '../x',
    '/etc/x',
    '/',
    'a/../../x',
    'C:\\x',
    'a\\..\\x',
    'metadata.json',
    'versions.json',
    'model.onnx/x',
  ],
  ...[
    'a\u0000b',
    'a\nReady: True',
    '\u001b[31mx',
    'é',
    '\ud83d\ude00',
    'CON',
    'x'.repeat(99),
    '.hidden',
    'a//b',
  ],
]
/** Files, links, devices, folders, pipes, and the extensions of GNU and pax. */
const types = ['0', '0', '0', '\u0000', '1', '2', '3', '4', '5', '6', '7', 'L', 'K', 'S', 'x', 'g', 'V', 'Z']
const sizes = [0, 1, 511, 512, 513, 2 ** 31, 2 ** 33 - 1]

const pax = (random: Random): string =>
  [
    ['path', pick(random, paths)],
    ['size', pick(random, ['0', '-1', '99999999999999', 'x', ''])],
    ['linkpath', pick(random, paths)],
    ['GNU.sparse.major', '1'],
  ]
    .slice(0, Math.floor(random() * 5))
    .map(([key, value]) => {
      const line = ` ${key}=${value}\n`
      return `${Buffer.byteLength(line) + (random() < 0.1 ? 7 : 2)}${line}`
    })
    .join('')

const entry = (random: Random): TarEntry => {
  const type = pick(random, types)
  const contents = {
    x: () => pax(random),
    g: () => pax(random),
    L: () => pick(random, paths),
    K: () => pick(random, paths),
  }
  const content =
    contents[type as keyof typeof contents]?.() ??
    (random() < 0.4 ? model : pick(random, ['', '{}', 'x'.repeat(600)]))
  return {
    path: pick(random, paths),
    type,
    linkTo: random() < 0.3 ? pick(random, paths) : '',
    content,
    ...(random() < 0.1 ? { size: pick(random, sizes) } : {}),
  }
}

const archive = (random: Random): Buffer => {
  const entries = Array.from({ length: Math.floor(random() * 6) }, () => entry(random))
  if (random() < 0.6)
    entries.splice(Math.floor(random() * entries.length), 0, { path: 'model.onnx', content: model })
  const right = tar(entries, random() < 0.9)
  const bytes = random() < 0.4 ? spoiledBytes(random, right) : right
  if (random() < 0.5) return bytes
  const packed = gzipSync(bytes, { level: 1 })
  return random() < 0.3 ? spoiledBytes(random, packed) : packed
}

/** Files of a folder, and whether each is an ordinary one. */
const filesOf = async (dir: string, inside = ''): Promise<readonly string[]> => {
  const names = await readdir(join(dir, inside))
  const found = names.map(async (name) => {
    const path = join(inside, name)
    const stats = await lstat(join(dir, path))
    if (stats.isDirectory()) return filesOf(dir, path)
    assert.ok(stats.isFile(), `${path} is no file`)
    assert.equal(stats.mode & 0o6000, 0, `${path} has a setuid or setgid bit`)
    return [path]
  })
  return (await Promise.all(found)).flat()
}

/** The files of the version are those that its metadata names, with those digests. */
const checkVersion = async (volume: string, id: string): Promise<void> => {
  const dir = join(volume, id)
  const { files } = JSON.parse(await readFile(join(dir, 'metadata.json'), 'utf8')) as {
    readonly files: readonly { readonly path: string; readonly sha256: string }[]
  }
  const there = (await filesOf(dir)).filter((path) => path !== 'metadata.json')
  assert.deepEqual(there.toSorted(), files.map(({ path }) => path).toSorted())
  for (const { path, sha256 } of files)
    assert.equal(
      createHash('sha256')
        .update(await readFile(join(dir, path)))
        .digest('hex'),
      sha256,
      path,
    )
}

export const archives: Target = {
  name: 'archive',
  rounds: 400,
  reaches: ['accepted', 'UnsafePath', 'NotOnnx', 'ModelIncomplete'],
  open: async () => {
    const root = await mkdtemp(join(tmpdir(), 'gantry-fuzz-'))
    let count = 0
    return {
      make: archive,
      check: async (input) => {
        const room = join(root, `${count++}`)
        const volume = join(room, 'models')
        const source = join(room, 'source.tar')
        await mkdir(room)
        await writeFile(source, input)
        let end: string
        try {
          const { version } = await importModel(importOptions({ source, volume }))
          await checkVersion(volume, version.id)
          end = 'accepted'
        } catch (error) {
          if (!(error instanceof ImportError)) throw error
          assert.notEqual(error.reason, 'ImportFailed', error.message)
          assert.doesNotMatch(error.message, /\p{Cc}/u)
          end = error.reason
        }
        assert.deepEqual((await readdir(room)).toSorted(), ['models', 'source.tar'])
        const kept = end === 'accepted' ? /^(v_\d{8}_\d{6}|versions\.json$|blobs$)/ : /^versions\.json$/
        const left = (await readdir(volume)).filter((name) => !kept.test(name))
        assert.deepEqual(left, [], 'the import left something behind')
        await rm(room, { recursive: true })
        return end
      },
      [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
    }
  },
}
