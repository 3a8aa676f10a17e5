/** The command `import` as a process of its own: its memory, what a SIGTERM leaves, and what it tells while it runs. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { model, temporaryFolder } from '../../testing/imports.ts'
import { mostMemory, type Program, start } from '../../testing/program.ts'

const folder = temporaryFolder()
let base = ''
let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined
const server = createServer((request, response) => answer(request, response))
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.close()
  server.closeAllConnections()
  folder.remove()
})

const importing = (volume: string, files: readonly string[]): Program =>
  start(
    [
      'import',
      ...['--source', base, '--source-files', files.join(','), '--allow-loopback'],
      ...['--models', volume],
    ],
    { PATH: process.env['PATH'] },
  )

const mebibyte = Buffer.alloc(2 ** 20)

/** Sends all but the last byte, as fast as they are read. */
const sendAlmost = async (response: ServerResponse, mebibytes: number): Promise<void> => {
  response.writeHead(200, { 'content-length': mebibytes * mebibyte.length + 1 })
  for (let sent = 0; sent < mebibytes; sent++) if (!response.write(mebibyte)) await once(response, 'drain')
}

test('a folder that is larger than what an import may use comes in constant memory', async () => {
  const volume = join(folder.path, 'large')
  const weights = ['a.bin', 'b.bin', 'c.bin', 'd.bin']
  const sent: Promise<ServerResponse>[] = []
  const all = Promise.withResolvers<void>()
  answer = ({ url }, response) => {
    if (url === '/model.onnx') return void response.end(model)
    sent.push(sendAlmost(response, 96).then(() => response))
    if (sent.length === weights.length) all.resolve()
  }
  await using program = importing(volume, ['model.onnx', ...weights])
  await all.promise
  const responses = await Promise.all(sent)
  const bytes = await mostMemory(program)
  for (const response of responses) response.end('x')
  assert.equal(await program.ended, 0, program.output.stderr)
  assert.ok(bytes < 256 * 2 ** 20, `${Math.round(bytes / 2 ** 20)} MiB for 384 MiB`)
})

test('an import that is told to end ends at once, and leaves nothing on the volume', async () => {
  const volume = join(folder.path, 'ended')
  const begun = Promise.withResolvers<void>()
  answer = ({ url }, response) => {
    if (url === '/model.onnx') return void response.end(model)
    response.writeHead(200, { 'content-length': 2 ** 30 })
    response.write(mebibyte, () => begun.resolve())
  }
  await using program = importing(volume, ['model.onnx', 'weights.bin'])
  await begun.promise
  program.process.kill('SIGTERM')
  assert.equal(await program.ended, 1)
  assert.match(program.output.stdout, /^import failed \(ImportFailed\): the import was interrupted/)
  assert.deepEqual(readdirSync(volume), [])
})
