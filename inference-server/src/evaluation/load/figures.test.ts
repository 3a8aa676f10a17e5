import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figuresOf, type Rounds } from './figures.ts'

const rounds = (concurrency: number, ...latenciesMs: readonly number[][]): Rounds => ({
  concurrency,
  done: latenciesMs.map((one) => ({
    ...{ kind: 'measured', answers: one.length, seconds: 0.5, latenciesMs: Float64Array.from(one) },
  })),
  joules: [],
})

test('rounds of a machine that stood still count as long as another one has answers', () => {
  const { p50Ms, byConcurrency } = figuresOf([rounds(1, [2, 2], [], [2]), rounds(8, [4])])
  assert.deepEqual([p50Ms, byConcurrency.map(({ requests }) => requests)], [2, [3, 1]])
})

test('a load without any answer at one concurrency ends its candidate, and says what to do', () => {
  for (const all of [[rounds(1, [], [])], [rounds(1, [2]), rounds(8, [])]] as const)
    assert.throws(() => figuresOf(all), {
      ...{ name: 'CandidateError', reason: 'OutOfTime' },
      message: /no request with [18] in flight was answered .* longer timeBudget/,
    })
})
