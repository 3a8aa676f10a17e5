import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { eventStream } from './event-stream.ts'

const megabyte = 'x'.repeat(2 ** 20)

/** Sends events of 1 MiB until the caller counts as gone, at most 60. */
const sentTo = async (read: boolean): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const caller = connect((server.address() as AddressInfo).port, '127.0.0.1')
  if (read) caller.resume()
  else caller.pause()
  caller.on('error', () => {})
  caller.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  const [, response] = await once(server, 'request')
  const { send, end } = eventStream(response, false)
  let sent = 0
  for (; sent < 60 && !response.destroyed; sent++) {
    send(megabyte)
    // A client that reads gets the time to read.
    for (let turns = 0; read && response.writableLength > 0 && turns < 1e6; turns++) await turn()
    await turn()
  }
  end()
  caller.destroy()
  server.close()
  return sent
}

test('a caller that reads nothing of a stream is cut off before much of it waits in memory', async () => {
  assert.ok((await sentTo(false)) < 40)
})

test('a caller that reads gets all of it', async () => {
  assert.equal(await sentTo(true), 60)
})
