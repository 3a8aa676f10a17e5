import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { archive } from './archive.ts'
import { storeServer } from './server.ts'

const inTemporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'gantry-store-'))

describe('archive', () => {
  const folder = inTemporaryFolder()
  after(() => rmSync(folder, { recursive: true }))

  test('is the same whatever the order of creation and the times of the files', () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')]
    for (const [root, names] of [
      [first, ['b.json', 'onnx/model.onnx', 'a.txt']],
      [second, ['a.txt', 'onnx/model.onnx', 'b.json']],
    ] as const) {
      mkdirSync(join(root, 'onnx'), { recursive: true })
      for (const name of names) writeFileSync(join(root, name), `content of ${name}`)
    }
    utimesSync(join(second, 'a.txt'), 1, 1)
    assert.ok(archive(first).equals(archive(second)))
  })

  test('is read by tar with every file whole', () => {
    const source = join(folder, 'source')
    mkdirSync(join(source, 'onnx'), { recursive: true })
    const content = Buffer.from(Array.from({ length: 1500 }, (_, i) => i % 256))
    writeFileSync(join(source, 'onnx/model.onnx'), content)
    writeFileSync(join(source, 'empty.json'), '')
    const options = { input: archive(source), cwd: folder }
    assert.equal(execFileSync('tar', ['-t'], options).toString(), 'empty.json\nonnx/model.onnx\n')
    assert.ok(execFileSync('tar', ['-xO', 'onnx/model.onnx'], options).equals(content))
  })

  test('refuses a name that a tar header cannot hold', () => {
    const long = join(folder, 'long')
    mkdirSync(long)
    writeFileSync(join(long, 'x'.repeat(101)), '')
    assert.throws(() => archive(long), /longer than the 100 bytes/)
  })
})

describe('store', () => {
  const folder = inTemporaryFolder()
  const served = join(folder, 'served')
  const server = storeServer(served)
  let url = ''

  before(async () => {
    mkdirSync(join(served, 'sub'), { recursive: true })
    writeFileSync(join(served, 'model.tar'), 'an archive')
    writeFileSync(join(served, '.hidden'), 'not for you')
    writeFileSync(join(folder, 'secret'), 'not for you')
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  /** As it stands on the wire: fetch would resolve `..` before it asks. */
  const raw = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      let text = ''
      socket
        .on('data', (chunk) => (text += chunk))
        .on('end', () => resolve(text))
        .on('error', reject)
      socket.end(`GET ${path} HTTP/1.1\r\nHost: store\r\nConnection: close\r\n\r\n`)
    })

  test('serves a file with its length', async () => {
    const response = await fetch(`${url}/model.tar`)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-length'), '10')
    assert.equal(await response.text(), 'an archive')
  })

  test('answers HEAD with the length and no body', async () => {
    const response = await fetch(`${url}/model.tar`, { method: 'HEAD' })
    assert.equal(response.headers.get('content-length'), '10')
    assert.equal(await response.text(), '')
  })

  for (const path of [
    '/',
    '/none.tar',
    '/sub',
    '/../secret',
    '/%2e%2e/secret',
    '/sub/../../secret',
    '/.hidden',
    '//secret',
    '/..',
  ])
    test(`has nothing at ${path}`, async () => {
      const answer = await raw(path)
      assert.match(answer, /^HTTP\/1\.1 404 /)
      assert.doesNotMatch(answer, /not for you/)
    })

  test('refuses to be written to', async () => {
    const response = await fetch(`${url}/model.tar`, { method: 'PUT', body: 'mine now' })
    assert.equal(response.status, 405)
    assert.equal(response.headers.get('allow'), 'GET, HEAD')
  })
})
