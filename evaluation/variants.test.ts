import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spec } from './testing/measurements.ts'
import { isSearch, type SearchSpec, variantProblems, variantsOf } from './variants.ts'

const names = (given: SearchSpec): readonly string[] => variantsOf(given).map(({ name }) => name)

test('variants are all combinations in the order of the spec, and a name has only what tells it apart', () => {
  const given: SearchSpec = {
    ...spec(['small', 'large']),
    variants: {
      optimize: [
        {},
        { graph: 'all', prune: { method: 'structured', heads: true }, quantize: 'int8-dynamic' },
      ],
      threads: [1, 2],
      maxRows: [8],
    },
  }
  assert.deepEqual(names(given), [
    'small.as-is.t1',
    'small.as-is.t2',
    'small.graph-all_structured-heads-0.4_int8-dynamic.t1',
    'small.graph-all_structured-heads-0.4_int8-dynamic.t2',
    'large.as-is.t1',
    'large.as-is.t2',
    'large.graph-all_structured-heads-0.4_int8-dynamic.t1',
    'large.graph-all_structured-heads-0.4_int8-dynamic.t2',
  ])
  assert.deepEqual(
    variantsOf(given).map(({ base }) => base),
    ['small', 'small', 'small', 'small', 'large', 'large', 'large', 'large'].map(
      (name) => `${name}.as-is.t1`,
    ),
  )
  assert.ok(variantsOf(given).every(({ maxRows }) => maxRows === 8))
})

test('a candidate without a choice keeps its name, and its own recipe takes the place of those of all', () => {
  const [small, large] = spec(['small', 'large']).candidates
  assert.ok(small && large)
  const given: SearchSpec = {
    candidates: [small, { ...large, optimize: { quantize: 'fp16' } }],
    variants: { optimize: [{}, { quantize: 'int4' }] },
  }
  assert.deepEqual(names(given), ['small.as-is', 'small.int4', 'large'])
  assert.equal(variantsOf(given)[2]?.base, undefined)
})

test('a limit of the drop has each candidate measured as it is, too', () => {
  const given: SearchSpec = {
    ...spec(['small']),
    variants: { optimize: [{ quantize: 'int4' }] },
    objective: { minimize: 'size', subjectTo: { accuracyDrop: 0.01 } },
  }
  assert.deepEqual(names(given), ['small.as-is', 'small.int4'])
  assert.deepEqual(names({ ...given, variants: { optimize: [{ quantize: 'none' }] } }), ['small'])
})

test('a spec is a search where it has more than candidates as they are', () => {
  const plain = spec(['small'])
  assert.equal(isSearch(plain), false)
  assert.equal(isSearch({ ...plain, objective: { minimize: 'cost' } }), false)
  assert.equal(isSearch({ ...plain, variants: { threads: [2] } }), true)
})

test('recipes that do the same and more variants than are searched are refused', () => {
  const doubled = { ...spec(['small']), variants: { optimize: [{}, { graph: 'none' as const }] } }
  assert.deepEqual(variantProblems(doubled), ['spec.variants.optimize has the recipe as-is twice'])
  const many = [1, 2, 3, 4, 5, 6, 7, 8]
  const given = { ...spec(['small', 'large']), variants: { threads: many, maxRows: many } }
  assert.match(variantProblems(given).join(), /asks for 128 variants, and at most 64/)
  assert.deepEqual(variantProblems({ ...spec(['small']), variants: { threads: many, maxRows: many } }), [])
})
