import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHealth } from './health.ts'

const world = () => {
  const state = { serving: 1, longestRunMs: 0 }
  const health = createHealth({
    serving: () => state.serving,
    longestRunMs: () => state.longestRunMs,
    stuckAfterMs: 100,
  })
  return { state, health }
}

test('is ready from the end of the start to the begin of the drain, and never again after', () => {
  const { health } = world()
  assert.match(health.unready() ?? '', /loading/)
  health.enter('ready')
  assert.equal(health.unready(), undefined)
  health.enter('draining')
  assert.match(health.unready() ?? '', /shutting down/)
  health.enter('ready')
  assert.equal(health.phase(), 'draining')
})

test('is not ready while its only worker is being replaced', () => {
  const { health, state } = world()
  health.enter('ready')
  state.serving = 0
  assert.match(health.unready() ?? '', /worker/)
})

test('is not ready while a run is stuck', () => {
  const { health, state } = world()
  health.enter('ready')
  state.longestRunMs = 100
  assert.equal(health.unready(), undefined)
  state.longestRunMs = 101
  assert.match(health.unready() ?? '', /has not come back/)
})

test('is live in every phase, unless a run is stuck', () => {
  const { health, state } = world()
  assert.equal(health.sick(), undefined)
  health.enter('closing')
  state.longestRunMs = 100
  assert.equal(health.sick(), undefined)
  state.longestRunMs = 101
  assert.match(health.sick() ?? '', /has not come back/)
})
