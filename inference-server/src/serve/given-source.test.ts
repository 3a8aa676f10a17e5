import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { tar } from '../testing/archives.ts'
import { model, placesIn, temporaryFolder } from '../testing/imports.ts'
import { ready, start } from '../testing/program.ts'
import { nameOfSource } from './given-source.ts'

const folder = temporaryFolder()
after(folder.remove)
const place = placesIn(folder.path)
const quiet = ['--port', '0', '--grpc-port', 'off', '--drain-seconds', '0']
const withCache = (cache: string): NodeJS.ProcessEnv => ({ ...process.env, XDG_CACHE_HOME: cache })

/** Runs the curl line that the program printed, by fetch. */
const asked = async (stdout: string): Promise<unknown> => {
  const [, url = '', body] =
    /^curl -s (\S+)(?: -H 'content-type: application\/json' -d '(.*)')?$/m.exec(stdout) ?? []
  const response = await fetch(
    url,
    body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body },
  )
  assert.equal(response.status, 200, await response.clone().text())
  return response.json()
}

test('an address is imported once into the cache, served, and asked by the line that is printed', async () => {
  let downloads = 0
  const store = createServer((_, response) => {
    downloads += 1
    response.end(tar([{ path: 'iris/model.onnx', content: model }]))
  })
  after(() => store.close())
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve))
  const source = `http://127.0.0.1:${(store.address() as AddressInfo).port}/iris-2.tar`
  const cache = place()
  for (const words of [
    /^imported as .*\/gantry\/models\/iris-2\/v_\d+_\d+ \(\d/m,
    /^it is there from before as /m,
  ]) {
    await using program = start(['serve', source, ...quiet], withCache(cache))
    await ready(program)
    assert.match(program.output.stdout, words)
    assert.match(program.output.stdout, /^serving iris-2 \(task tensor, .* at http:\/\/localhost:\d+$/m)
    assert.match(program.output.stdout, /^Ctrl-C ends it$/m)
    const { outputs } = (await asked(program.output.stdout)) as { outputs: readonly unknown[] }
    assert.equal(outputs.length, 1)
    program.process.kill('SIGINT')
    assert.equal(await program.ended, 0)
  }
  assert.equal(downloads, 1)
})

test('a wrong option is told before anything is downloaded, and options of the import are its own', async () => {
  let downloads = 0
  const store = createServer((_, response) => {
    downloads += 1
    response.end(model)
  })
  after(() => store.close())
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve))
  const source = `http://localhost:${(store.address() as AddressInfo).port}/iris.onnx`
  const folderOfModel = place({ 'model.onnx': model })
  const cases: readonly (readonly [args: readonly string[], words: RegExp, downloads: number])[] = [
    [[source, '--tsak', 'tensor'], /^Unknown option '--tsak'; see serve --help/, 0],
    [[source, '--threads', 'many'], /^--threads/, 0],
    [[source, '--sha256', 'abc'], /^--sha256 abc is no sha256/, 0],
    [['oci://registry.example/iris'], /cannot be served: .*names neither tag nor digest/, 0],
    [
      [folderOfModel, '--sha256', '0'.repeat(64)],
      /is served where it lies, and --sha256 is about an import/,
      0,
    ],
    [[source, '--sha256', '0'.repeat(64)], /cannot be served: .* sha256/, 1],
  ]
  for (const [args, words, expected] of cases) {
    await using program = start(['serve', ...args, ...quiet], withCache(place()))
    assert.ok((await program.ended) !== 0)
    assert.match(program.output.stderr.split('\n').findLast((line) => line !== '') ?? '', words)
    assert.equal(downloads, expected, args.join(' '))
  }
})

test('a source is encrypted in the cache where the server has keys', async () => {
  const keys = place({ k1: Buffer.alloc(32, 1).toString('base64') })
  const source = join(place({ 'm.onnx.tar': tar([{ path: 'model.onnx', content: model }]) }), 'm.onnx.tar')
  const cache = place()
  for (const more of [[], ['--encryption-keys', keys]]) {
    await using program = start(['serve', source, ...more, ...quiet], withCache(cache))
    await ready(program)
    assert.match(program.output.stdout, /^imported as /m)
  }
})

test('a folder is served where it lies, with a task that its files tell and a line that fits it', async () => {
  const source = join(import.meta.dirname, '../../golden/models/question-answering')
  const cache = place()
  await using program = start(['serve', source, ...quiet], withCache(cache))
  await ready(program)
  assert.match(program.output.stdout, /^serving question-answering \(task question-answering, /m)
  assert.ok('answer' in ((await asked(program.output.stdout)) as object))
})

test('an archive that has changed is imported anew', async () => {
  const source = place({ 'm.tar': tar([{ path: 'model.onnx', content: model }]) })
  const file = join(source, 'm.tar')
  const { withGivenSource } = await import('./given-source.ts')
  const { log, signal } = (await import('../testing/imports.ts')).importOptions({
    source: file,
    volume: source,
  })
  const told: string[] = []
  const machine = { env: withCache(place()), tell: (line: string) => void told.push(line), log, signal }
  const first = await withGivenSource([file, '--threads', '1'], machine)
  assert.deepEqual(first.slice(2), ['--name', 'm', '--task', 'tensor', '--threads', '1'])
  assert.deepEqual(await withGivenSource([file, '--threads', '1'], machine), first)
  const { utimesSync } = await import('node:fs')
  utimesSync(file, 1, 1)
  assert.notEqual((await withGivenSource([file], machine))[1], first[1])
})

test('says in one sentence why a source cannot be served', async () => {
  const cases: readonly (readonly [args: readonly string[], words: RegExp])[] = [
    [['nowhere'], /^nowhere does not exist; give a folder, a file, or an address/],
    [['https://models.example/m.onnx', '--model', 'x'], /^SOURCE and --model both say what is served/],
    [
      [join(place({ 'm.tar': 'no archive' }), 'm.tar')],
      /m\.tar cannot be served: the file is not an ONNX model/,
    ],
  ]
  for (const [args, words] of cases) {
    await using program = start(['serve', ...args, ...quiet], withCache(place()))
    assert.ok((await program.ended) !== 0)
    assert.match(program.output.stderr.split('\n').findLast((line) => line !== '') ?? '', words)
  }
})

test('a model is called by what its source is called', () => {
  const names = {
    'https://models.example.com/a/bert%20base.tar.gz?signature=x': 'bert-20base',
    'hf://org/bert-base@main': 'bert-base',
    's3://bucket/models/intents/': 'intents',
    'oci://registry/repo/sentiment:1.2': 'sentiment-1.2',
    '/models/iris.onnx.gz': 'iris',
    'https://models.example.com/': 'models.example.com',
  }
  for (const [source, name] of Object.entries(names)) assert.equal(nameOfSource(source), name)
})
