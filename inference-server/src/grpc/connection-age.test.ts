/** Idle connections and old ones are closed; calls of an old connection are answered first. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ClientHttp2Session } from 'node:http2'
import { type TestContext, test } from 'node:test'
import { status } from '@grpc/grpc-js'
import {
  endingOf,
  exchange,
  methodPath,
  openCall,
  openSession,
  oneRow as right,
} from '../testing/grpc-frames.ts'
import { shifted } from '../testing/models.ts'
import { testServer } from '../testing/server.ts'

const minuteMs = 60_000

/** The server's timers, while the test keeps the real ones: it waits for what happens, with a deadline of its own. */
const timersOf = (context: TestContext) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: Date.now() })
  return context.mock.timers
}
/** Time for what needs no timer. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
}
/** What was sent either way has arrived, the answer to a PING of the server included. */
const settled = async (session: ClientHttp2Session): Promise<void> => {
  for (let round = 0; round < 3; round++) {
    if (session.closed || session.destroyed) return turns()
    await new Promise<void>((resolve) => {
      if (!session.ping(() => resolve())) resolve()
    })
  }
}

test('a connection without a call ends after five minutes, and one with a call does not', async (context) => {
  await using server = await testServer(shifted(1))
  await exchange(openSession(server.serving.grpcPort), right)
  const timers = timersOf(context)
  const idle = openSession(server.serving.grpcPort)
  const busy = openSession(server.serving.grpcPort)
  await Promise.all([once(idle, 'remoteSettings'), once(busy, 'remoteSettings')])
  assert.equal((await exchange(idle, right)).code, status.OK)
  const ending = endingOf(openCall(busy, { ':path': methodPath('ModelStreamInfer') }))
  ending.catch(() => {})
  await settled(busy)
  const closed = once(idle, 'close')
  for (let minute = 0; minute < 6; minute++) {
    timers.tick(minuteMs)
    await settled(busy)
  }
  await closed
  assert.equal(busy.closed, false)
  busy.destroy()
})

test('a connection is asked to end after an hour: a stream of requests is answered, and ends between two of them', async (context) => {
  await using server = await testServer(shifted(1))
  await exchange(openSession(server.serving.grpcPort), right)
  const timers = timersOf(context)
  const session = openSession(server.serving.grpcPort)
  await once(session, 'remoteSettings')
  const stream = openCall(session, { ':path': methodPath('ModelStreamInfer') })
  const ending = endingOf(stream)
  let answers = 0
  stream.on('data', () => {
    answers += 1
  })
  let asked = false
  session.once('goaway', () => {
    asked = true
  })
  let sent = 0
  for (let minute = 0; minute < 67 && !asked; minute++) {
    if (minute < 50) {
      stream.write(right)
      sent += 1
    }
    await settled(session)
    timers.tick(minuteMs)
    await settled(session)
  }
  assert.ok(asked)
  // The stream looks twice a second.
  timers.tick(500)
  await turns()
  timers.tick(500)
  const { code, details } = await ending
  assert.equal(code, status.UNAVAILABLE, details)
  assert.match(details, /go on in a new stream/)
  assert.equal(answers, sent)
  session.destroy()
})
