/** Folders of a server of files: which names are taken, several files at a time, digests, and what ends an import. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { type ImportOptions, importModel } from './import-model.ts'
import { countProgress } from './sources/progress.ts'
import { readSourceFiles, type SourceFile } from './sources/source-files.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const folder = temporaryFolder()
let base = ''
let asked: string[] = []
let [open, mostOpen] = [0, 0]
let answer: Answer = () => undefined
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  open += 1
  mostOpen = Math.max(mostOpen, open)
  response.on('close', () => {
    open -= 1
  })
  answer(request, response)
})
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  asked = []
  mostOpen = 0
})
after(() => {
  server.close()
  server.closeAllConnections()
  folder.remove()
})

let volumes = 0
const importing = async (files: readonly SourceFile[], change: Partial<ImportOptions> = {}) => {
  const volume = join(folder.path, `models-${volumes++}`)
  try {
    const source = `${base}/models/intents?sig=s3cret`
    const { version } = await importModel(importOptions({ source, volume, files, ...change }))
    return join(volume, version.id)
  } catch (error) {
    assert.deepEqual(existsSync(volume) ? readdirSync(volume) : [], [], 'a failed import leaves nothing')
    throw error
  }
}
const named = (...paths: readonly string[]): readonly SourceFile[] => paths.map((path) => ({ path }))
const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex')
const contentOf = (url: string): Buffer => (url.includes('.onnx') ? model : Buffer.from(`{"of": "${url}"}`))
const serves: Answer = ({ url = '' }, response) => response.end(contentOf(url))

test('what the volume has already is not downloaded again, where the list says its sha256', async () => {
  answer = serves
  const volume = join(folder.path, 'again')
  const source = `${base}/models/intents`
  const labels = { path: 'labels.json', sha256: sha256(contentOf('/models/intents/labels.json')) }
  const list = [{ path: 'model.onnx', sha256: sha256(model) }, labels, ...named('config.json')]
  const bring = (files: readonly SourceFile[], progress = countProgress()) =>
    importModel(importOptions({ source, volume, files, progress })).then(({ version }) => ({
      version,
      progress,
    }))
  const first = await bring(list)
  asked = []
  const second = await bring(list)
  assert.deepEqual(asked, ['/models/intents/config.json'])
  assert.equal(second.version.digest, first.version.digest)
  assert.deepEqual(second.progress.read().bytes, first.progress.read().bytes)
  // All names of a damaged file are damaged, so it comes anew.
  const damaged = join(volume, first.version.id, 'labels.json')
  chmodSync(damaged, 0o644)
  writeFileSync(damaged, '{"of": "/models/intents/lobels.json"}')
  asked = []
  const third = await bring(list)
  assert.deepEqual(asked.toSorted(), ['/models/intents/config.json', '/models/intents/labels.json'])
  assert.equal(third.version.digest, first.version.digest)
})

test('a file that the server packs unasked is refused, and one that it says to leave as it is is taken', async () => {
  const encoded =
    (encoding: string): Answer =>
    ({ url = '' }, response) => {
      if (url.includes('labels')) response.setHeader('content-encoding', encoding)
      const content = contentOf(url)
      response.end(encoding === 'gzip' && url.includes('labels') ? gzipSync(content) : content)
    }
  answer = encoded('gzip')
  await assert.rejects(
    importing(named('model.onnx', 'labels.json')),
    failing('SourceUnsupported', /packs the file \(Content-Encoding "gzip"\)/),
  )
  answer = encoded('identity')
  assert.ok(existsSync(join(await importing(named('model.onnx', 'labels.json')), 'labels.json')))
})

test('files of the volume count for the largest size of a version', async () => {
  answer = ({ url = '' }, response) => response.end(url.endsWith('.onnx') ? model : Buffer.alloc(2000))
  const list = [{ path: 'model.onnx', sha256: sha256(model) }, ...named('weights.bin')]
  const volume = join(folder.path, 'limited')
  const source = `${base}/models/intents`
  await importModel(importOptions({ source, volume, files: list }))
  const limit = (maxBytes: number) => importModel(importOptions({ source, volume, files: list, maxBytes }))
  await assert.rejects(limit(model.length + 1999), failing('VolumeFull', /unpacks to more/))
  await limit(model.length + 2000)
})

test('the files of the list become the folder, with the query of the address', async () => {
  answer = serves
  const progress = countProgress()
  const dir = await importing(
    [{ path: 'model.onnx', sha256: sha256(model) }, ...named('a b/ü#?.json', 'label%.json')],
    { progress },
  )
  assert.deepEqual(
    asked.toSorted(),
    ['a%20b/%C3%BC%23%3F.json', 'label%25.json', 'model.onnx'].map(
      (path) => `/models/intents/${path}?sig=s3cret`,
    ),
  )
  assert.ok(readFileSync(join(dir, 'model.onnx')).equals(model))
  assert.match(readFileSync(join(dir, 'a b/ü#?.json'), 'utf8'), /of/)
  const { bytes } = progress.read()
  assert.equal(
    bytes,
    asked.reduce((sum, url) => sum + contentOf(url).length, 0),
  )
})

test('four files come at a time, and no more', async () => {
  const held: (() => void)[] = []
  answer = (request, response) => {
    held.push(() => serves(request, response))
    // The fifth request would come before the first four are answered.
    if (held.length === 4) setImmediate(() => answerHeld())
    else if (asked.length > 4) answerHeld()
  }
  const answerHeld = (): void => {
    for (const go of held.splice(0)) go()
  }
  await importing(named('model.onnx', ...Array.from({ length: 11 }, (_, at) => `${at}.json`)))
  assert.equal(mostOpen, 4)
})

describe('a list is refused', () => {
  const long = `${'n'.repeat(300)}.json`
  for (const [what, paths, reason, message] of [
    [
      'with a path that leaves the folder',
      ['model.onnx', 'a/../../b'],
      'UnsafePath',
      /leaves its folder.*a\/\.\.\/\.\.\/b/,
    ],
    ['with an absolute path', ['/etc/passwd'], 'UnsafePath', /is an absolute path.*\/etc\/passwd/],
    ['with a path of another system', ['..\\x', 'model.onnx'], 'UnsafePath', /leaves its folder/],
    ['with a zero byte', ['a\0.json'], 'UnsafePath', /zero byte/],
    ['with a line break', ['a\n.json'], 'UnsafePath', /no plain UTF-8 text; rename it/],
    ['with a name that was no text', ['a\ufffd.json'], 'UnsafePath', /no plain UTF-8 text/],
    ['with a name of 300 characters', [long], 'UnsafePath', /is too long.*nnn/],
    ['with a file twice', ['model.onnx', './model.onnx'], 'UnsafePath', /is there twice.*model\.onnx/],
    [
      'with two names for one file of some volumes',
      ['model.onnx', 'Model.onnx'],
      'UnsafePath',
      /upper and lower case/,
    ],
    ['with a name that is a folder too', ['model.onnx', 'a', 'a/b'], 'UnsafePath', /has a file twice/],
    ['without a graph', ['config.json'], 'ModelIncomplete', /./],
  ] as const)
    test(what, async () => {
      answer = serves
      await assert.rejects(importing(named(...paths)), failing(reason, message))
    })
})

describe('one file ends the import', () => {
  test('that is missing, and the others end with it', async () => {
    answer = (request, response) => {
      if (request.url?.includes('labels')) response.writeHead(404).end()
      else if (!request.url?.includes('weights')) serves(request, response)
      else response.write('half') // and nothing more comes
    }
    await assert.rejects(
      importing(named('model.onnx', 'weights.bin', 'labels.json')),
      failing('SourceNotFound', /answered 404: there is no \/models\/intents\/labels\.json/),
    )
  })

  test('that has another digest', async () => {
    answer = serves
    await assert.rejects(
      importing([{ path: 'model.onnx' }, { path: 'a.json', sha256: '0'.repeat(64) }]),
      failing(
        'DigestMismatch',
        /does not have the sha256 0{64} that spec\.model\.source\.files\[1\]\.sha256 names/,
      ),
    )
  })

  test('and nothing of it is left when the import is interrupted', async () => {
    const interrupted = new AbortController()
    answer = (_, response) => {
      response.write('half')
      setImmediate(() => interrupted.abort())
    }
    await assert.rejects(
      importing(named('model.onnx', 'a.json'), { signal: interrupted.signal }),
      failing('ImportFailed', /was interrupted/, 'backoff'),
    )
    assert.equal(open, 0, 'no connection is left')
  })

  test('that is larger than a version may be, though each fits', async () => {
    answer = (_, response) => response.end(Buffer.alloc(700))
    await assert.rejects(
      importing(named('a.bin', 'b.bin', 'c.bin'), { maxBytes: 2000 }),
      failing('VolumeFull', /unpacks to more than/),
    )
  })
})

test('a list of more files than any model has is refused before anything is asked for', async () => {
  const files = named(...Array.from({ length: 100_000 }, (_, at) => `${at}.json`))
  await assert.rejects(importing(files), failing('SourceUnsupported', /more than 10000 files/))
  assert.deepEqual(asked, [])
})

test('a file that broke off without a validator is read anew, and the others stay', async () => {
  const begun = new Map<string, number>()
  answer = (request, response) => {
    const url = request.url ?? ''
    const times = (begun.get(url) ?? 0) + 1
    begun.set(url, times)
    if (!url.includes('a.json') || times > 1) return void serves(request, response)
    response.writeHead(200, { 'content-length': '100000' })
    response.write('x'.repeat(90_000), () => response.destroy())
  }
  const dir = await importing(named('model.onnx', 'a.json', 'b.json'))
  assert.deepEqual([...begun.values()].toSorted(), [1, 1, 2])
  assert.match(readFileSync(join(dir, 'a.json'), 'utf8'), /^\{"of"/)
})

describe('a list on the command line', () => {
  test('has commas, or is JSON with digests', () => {
    assert.deepEqual(readSourceFiles('model.onnx, onnx/a.json'), named('model.onnx', 'onnx/a.json'))
    const digest = 'AB'.repeat(32)
    assert.deepEqual(readSourceFiles(`[{"path": "a,b", "sha256": "${digest}"}]`), [
      { path: 'a,b', sha256: digest.toLowerCase() },
    ])
  })
  for (const [what, text, message] of [
    ['is empty', '', /empty/],
    ['is half of JSON', '[{"path"', /begins as JSON/],
    ['has no entry', '[]', /names no file/],
    ['has an entry without a path', '[{"sha256": ""}]', /needs a path/],
    ['has a digest that is none', '[{"path": "a", "sha256": "12"}]', /64 hexadecimal/],
    ['has members that are not known', '[{"path": "a", "size": 1}]', /path and sha256 only/],
    ['leads out of its folder', 'a,../b', /leaves its folder/],
  ] as const)
    test(`is refused where it ${what}`, () => {
      assert.throws(() => readSourceFiles(text), { message })
    })
})
