import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTurnsBeside } from './turns-beside.ts'

/** A model whose state a test sets. */
const model = () => {
  const state = { now: 0, free: true, submittedMs: Number.NEGATIVE_INFINITY, looks: 0 }
  const turns = createTurnsBeside(() => state.now)
  const spare = { isFree: () => state.free, submittedMs: () => state.submittedMs }
  /** @param tries looks until it gives up */
  const mayRun = async (tries = 3): Promise<boolean> => {
    let left = tries
    const check = (): void => {
      left -= 1
      if (left < 0) throw new Error('no turn')
    }
    return turns.next(spare, check).then(
      () => true,
      () => false,
    )
  }
  return { state, turns, mayRun }
}

test('a model that nobody asks for predictions runs one turn after the other', async () => {
  const { turns, mayRun } = model()
  turns.took(500)
  assert.equal(await mayRun(), true)
})

test('no turn begins while a prediction waits or runs', async () => {
  const { state, mayRun } = model()
  state.free = false
  assert.equal(await mayRun(), false)
})

test('while predictions come, a turn is followed by a rest of 24 times its length', async () => {
  const { state, turns, mayRun } = model()
  state.submittedMs = 0
  assert.equal(await mayRun(), true)
  turns.took(5)
  state.now = 119
  assert.equal(await mayRun(), false)
  state.now = 120
  assert.equal(await mayRun(), true)
})

test('the rest ends when no prediction has come for a second', async () => {
  const { state, turns, mayRun } = model()
  state.submittedMs = 0
  turns.took(1000)
  state.now = 999
  assert.equal(await mayRun(), false)
  state.now = 1000
  assert.equal(await mayRun(), true)
})
