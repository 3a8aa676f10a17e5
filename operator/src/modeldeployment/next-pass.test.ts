import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../runtime/finding.ts'
import { nextPass } from './next-pass.ts'
import type { Observed } from './observe.ts'

const later = (afterMs: number): Finding => ({
  ...{ reason: 'VolumeNotEnlarged', message: 'It stays as it is.', retry: 'backoff' },
  afterMs,
})
const waitOf = (over: Partial<Observed>): number | undefined => {
  const path: Observed['path'] = { leads: 'pods', gateways: [], port: undefined, isAwaited: false }
  const target = { kind: 'serve' } as Observed['target']
  const observed = { model: { spec: {} }, path, slices: [], target, ...over } as Partial<Observed> as Observed
  const result = nextPass(observed, later(300_000), { now: 0, isStale: false })
  return result.kind === 'waiting' ? result.afterMs : undefined
}

test('of all that is to be tried again the soonest decides when to look', () => {
  assert.equal(waitOf({}), 300_000)
  assert.equal(waitOf({ degradation: later(5_000) }), 5_000)
  assert.equal(waitOf({ hold: 'wait' }), 60_000)
  assert.equal(waitOf({ hold: 'wait', degradation: later(5_000) }), 5_000)
  assert.equal(waitOf({ hold: 'wait', degradation: later(300_000) }), 60_000)
})
