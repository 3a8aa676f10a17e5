import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chosen, parseOptions, UsageError } from './options.ts'

const known = { quick: {}, long: { models: ['small', 'large'] }, beside: { compares: true } }

test('measures everything without a name, and keeps the order of the list', () => {
  assert.deepEqual(parseOptions([], known).names, ['quick', 'long', 'beside'])
  assert.deepEqual(parseOptions(['long', 'quick'], known).names, ['quick', 'long'])
})

test('takes models, rounds and seconds for what has models', () => {
  const { names, effort } = parseOptions(['long', 'large', '--rounds', '2', '--seconds', '8'], known)
  assert.deepEqual(names, ['long'])
  assert.deepEqual(effort, { rounds: 2, seconds: 8, models: ['large'] })
  assert.deepEqual(chosen(['small', 'large'], effort), ['large'])
})

test('leaves the choice to the benchmark where none is made', () => {
  const { effort } = parseOptions(['long'], known)
  assert.deepEqual(effort, { rounds: undefined, seconds: undefined, models: [] })
  assert.deepEqual(chosen(['small', 'large'], effort), ['small', 'large'])
})

test('takes the checkout that a benchmark is to compare with', () => {
  assert.equal(parseOptions(['beside', '--baseline', '../before'], known).effort.baseline, '../before')
})

const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    'a benchmark that does not exist',
    ['slow'],
    /unknown: slow; there are the benchmarks quick, long, beside/,
  ],
  ['a model that does not exist', ['long', 'huge'], /unknown: huge; there are the models small, large and/],
  ['a model without its benchmark', ['small'], /unknown: small/],
  ['rounds that are no number', ['long', '--rounds', 'many'], /--rounds must be a whole number from 1/],
  ['no seconds at all', ['long', '--seconds', '0'], /--seconds must be a whole number from 1/],
  ['rounds for what has none', ['quick', '--rounds', '2'], /quick cannot be made longer or shorter/],
  ['seconds for everything', ['--seconds', '2'], /quick, beside cannot be made longer or shorter/],
  ['a baseline for what compares nothing', ['long', '--baseline', '..'], /long cannot be compared/],
  ['an option that does not exist', ['--fast'], /--fast.*see --help/],
]
for (const [what, args, sentence] of wrong)
  test(`refuses ${what}`, () => {
    assert.throws(() => parseOptions(args, known), { name: UsageError.name, message: sentence })
  })
