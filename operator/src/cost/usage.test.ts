import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Counters } from './counters.ts'
import { nothingCounted, usageBetween } from './usage.ts'

const counters: Counters = {
  startedAt: 5,
  answered: 100,
  asked: 100,
  cpuSeconds: 40,
  inferSeconds: 30,
  runs: 50,
  pending: 0,
}
const before = { counters, at: 0 }
const after = (over: Partial<Counters>) => ({ counters: { ...counters, ...over }, at: 60_000 })

test('a server on the CPU is busy for the CPU time that it took, of what it asks for', () => {
  const usage = usageBetween(before, after({ answered: 160, cpuSeconds: 70 }), { cpu: 2, memory: 1 })
  assert.deepEqual(usage, { answered: 60, busyShare: 0.25 })
})

test('a server that takes more CPU than it asks for is busy, and no more than that', () => {
  assert.equal(usageBetween(before, after({ cpuSeconds: 400 }), { cpu: 2 }).busyShare, 1)
})

test('a server that asks for no CPU is not called idle', () => {
  assert.equal(usageBetween(before, after({ cpuSeconds: 41 }), { memory: 1 }).busyShare, 1)
})

const gpu = { cpu: 2, 'nvidia.com/gpu': 1 }

test('a server with a GPU is busy while its session runs', () => {
  const now = after({ answered: 130, inferSeconds: 45, runs: 80, cpuSeconds: 160 })
  assert.equal(usageBetween(before, now, gpu).busyShare, 15 / 60)
})

test('a run that answers several requests counts once', () => {
  // 60 requests in 10 runs of 1.5 seconds each.
  const now = after({ answered: 160, inferSeconds: 30 + 60 * 1.5, runs: 60 })
  assert.equal(usageBetween(before, now, gpu).busyShare, 15 / 60)
})

for (const [what, now] of [
  ['another start', { startedAt: 6, answered: 130, cpuSeconds: 43 }],
  ['fewer requests', { answered: 30, cpuSeconds: 43 }],
  ['less CPU time', { answered: 130, cpuSeconds: 3 }],
] as const)
  test(`a server that was restarted, as ${what} shows, is counted from zero`, () => {
    const usage = usageBetween(before, after(now), { cpu: 1 })
    assert.deepEqual(usage, { answered: now.answered, busyShare: Math.min(now.cpuSeconds / 60, 1) })
  })

test('what a pod did since it was made counts', () => {
  const begun = { counters: nothingCounted, at: 0 }
  assert.equal(usageBetween(begun, after({}), { cpu: 1 }).answered, 100)
})
