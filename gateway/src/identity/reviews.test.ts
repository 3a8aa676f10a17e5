import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { silentLog } from '../../../operator/src/testing/claims.ts'
import { createAccounts } from './accounts.ts'
import { createRateLimit } from './rate-limit.ts'
import { createLine } from './reviews.ts'

test('questions of one address leave places to others', async () => {
  const line = createLine(manualClock(), () => {})
  const { promise, resolve } = Promise.withResolvers<string>()
  const ask = (from: string) => line.ask(() => promise, from)
  const first = Array.from({ length: 8 }, () => ask('10.0.0.1'))
  await assert.rejects(ask('10.0.0.1'), /too many callers are being looked up/)
  const other = ask('10.0.0.2')
  resolve('known')
  assert.deepEqual(await Promise.all([...first, other]), Array(9).fill('known'))
  assert.equal(await ask('10.0.0.1'), 'known')
})

test('a token that says itself that its time is over costs no question', () => {
  const clock = manualClock()
  const tokenOf = (exp: number): string =>
    ['{}', JSON.stringify({ aud: 'gantry-gateway', exp }), 'x']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.')
  const kube = { create: () => assert.fail('the API server was asked') }
  const accounts = createAccounts({ kube, clock, log: silentLog, audience: 'gantry-gateway' })
  const seconds = clock.now() / 1000
  assert.equal(accounts.accountOf(tokenOf(seconds - 120)), 'refused')
  // The clock of the API server may be behind.
  assert.equal(accounts.accountOf(tokenOf(seconds - 30)), undefined)
  assert.equal(accounts.accountOf('a.b.c'), undefined)
})

test('a client that finds no room looks at a few of the others, however many there are', () => {
  let looks = 0
  const limit = createRateLimit({ requestsPerSecond: 1, burst: 2 }, () => {
    looks += 1
    return 0
  })
  for (let client = 0; client < 10_000; client += 1) limit.take(`client ${client}`)
  looks = 0
  for (let client = 0; client < 2; client += 1) limit.take(`late ${client}`)
  assert.ok(looks < 100, `${looks} looks`)
})
