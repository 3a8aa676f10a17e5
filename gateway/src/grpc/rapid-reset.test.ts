/** A caller that opens calls and takes each of them back at once, which costs it nothing. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, constants } from 'node:http2'
import { test } from 'node:test'
import { support, testGateway } from '../testing/gateway.ts'

const calls = 20_000
const together = 50

test('calls that are reset at once, again and again, end their connection and nobody else’s', {
  timeout: 30_000,
}, async () => {
  await using gateway = await testGateway([support([])])
  const [bystander, attacker] = [connect(gateway.url), connect(gateway.url)]
  attacker.on('error', () => {})
  await Promise.all([once(bystander, 'connect'), once(attacker, 'connect')])
  const head = {
    ':method': 'POST',
    ':path': '/inference.GRPCInferenceService/ModelInfer',
    ':authority': 'support.shop.svc',
    'content-type': 'application/grpc',
  }
  let sent = 0
  for (; sent < calls && !attacker.destroyed && !attacker.closed; sent += 1) {
    const stream = attacker.request(head)
    stream.on('error', () => {})
    stream.close(constants.NGHTTP2_CANCEL)
    if (sent % together === 0) await new Promise(setImmediate)
  }
  assert.ok(sent < calls, 'the connection stood all of them')
  const stream = bystander.request(head)
  stream.end()
  const [answer] = (await once(stream, 'response')) as [{ readonly ':status': number }]
  assert.equal(answer[':status'], 200)
  bystander.destroy()
  attacker.destroy()
})
