import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from './ask.ts'
import { jsonRequest } from './request.ts'
import { start } from './server.ts'

const request = jsonRequest('/infer', {})
const node = (script: string) => (port: number) => ({
  command: process.execPath,
  args: ['-e', script, String(port)],
})
const listen = `listen(Number(process.argv[1]), '127.0.0.1')`

test('waits for the first 200, and ends the server with what it started', async () => {
  // A server that answers "not ready" twice; its child process holds the port.
  const inner = `let asked = 0; require('node:http').createServer((_, response) => {
    asked += 1; response.writeHead(asked < 3 ? 503 : 200).end() }).${listen}`
  const outer = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(inner)}, process.argv[1]])`
  const server = await start(node(outer), request)
  assert.equal((await ask(server.base, request)).status, 200)
  assert.ok(server.coldMs > 0)
  assert.ok(server.residentMb() > 0)
  await server.stop()
  await assert.rejects(ask(server.base, request), Error)
})

test('says what a server said that ended before it answered', async () => {
  await assert.rejects(
    start(node(`console.error('no model there'); process.exit(3)`), request),
    /no model there/,
  )
})

test('says so when a program is missing', async () => {
  const program = () => ({ command: '/nowhere/server', args: [] })
  await assert.rejects(start(program, request), /nowhere\/server ENOENT/)
})
