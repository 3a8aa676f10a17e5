/** Rows of tables over HTTP, compared with the package `shap` (golden/explaining.py). */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { modelFolder } from '../testing/models.ts'
import type { Graph } from '../testing/onnx.ts'
import { folderServer, type TestServer, testServer } from '../testing/server.ts'

const golden = join(import.meta.dirname, '../../golden/explaining')
const example = join(import.meta.dirname, '../../../examples/breast-cancer/model')

interface Exact {
  readonly base: readonly number[]
  /** [rows][classes][features] */
  readonly values: readonly (readonly (readonly number[])[])[]
}
type Row = readonly number[]
interface Expected {
  readonly exact: {
    readonly background: readonly Row[]
    readonly rows: readonly Row[]
    readonly identity: Exact
    readonly logit: Exact
    readonly alike: Exact & { readonly background: readonly Row[] }
  }
  readonly sampled: {
    readonly rows: readonly Row[]
    readonly samples: number
    readonly base: number
    readonly mean: readonly Row[]
    readonly deviation: readonly Row[]
  }
}

interface Feature {
  readonly name: string
  readonly value: number | string
  readonly weight: number
}
interface Answer {
  readonly error?: string
  readonly field?: string
  readonly target?: string | number
  readonly base: number
  readonly score: number
  readonly features: readonly Feature[]
  readonly exact: boolean
  readonly samples: number
  readonly evaluations: number
  readonly background: unknown
}

const expected = JSON.parse(await readFile(join(golden, 'expected.json'), 'utf8')) as Expected

const path = '/v2/models/m/explain'
const inputs = (name: string, row: Row) => [{ name, datatype: 'FP32', shape: [1, row.length], data: row }]

const explained = async (server: TestServer, body: unknown): Promise<Answer> => {
  const response = await server.post(path, body)
  const answer = (await response.json()) as Answer
  assert.equal(response.status, 200, JSON.stringify(answer))
  return answer
}

const near = (found: number, wanted: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(found - wanted) <= tolerance, `${what} is ${found}, not ${wanted} within ${tolerance}`)

const addsUp = ({ base, score, features }: Answer): void =>
  near(
    features.reduce((sum, { weight }) => sum + weight, base),
    score,
    1e-9,
    'the sum of base and weights',
  )

describe('a small network', () => {
  let server: TestServer
  before(async () => {
    server = await folderServer(join(golden, 'perceptron.onnx'), ['--task', 'tensor'])
  })
  after(() => server[Symbol.asyncDispose]())
  const { background, rows, identity, logit, alike } = expected.exact

  for (const [link, wanted] of [
    ['identity', identity],
    ['logit', logit],
  ] as const)
    test(`has exactly the values of shap, link ${link}`, async () => {
      for (const [index, row] of rows.entries())
        for (const target of [0, 1, 2]) {
          const body = {
            inputs: inputs('X', row),
            background,
            parameters: { output: 'probabilities', target, link },
          }
          const answer = await explained(server, body)
          assert.equal(answer.exact, true)
          assert.equal(answer.samples, 2 ** 8 - 2)
          assert.equal(answer.evaluations, 1 + 20 + (2 ** 8 - 2) * 20)
          near(answer.base, Number(wanted.base[target]), 1e-6, 'base')
          addsUp(answer)
          for (const [feature, { weight }] of answer.features.entries())
            near(
              weight,
              Number(wanted.values[index]?.[target]?.[feature]),
              1e-6,
              `row ${index}, feature ${feature}`,
            )
        }
    })

  test('gives features no part that are the same everywhere', async () => {
    const [row = []] = rows
    const parameters = { output: 'probabilities', target: 1 }
    const answer = await explained(server, {
      inputs: inputs('X', row),
      background: alike.background,
      parameters,
    })
    assert.equal(answer.samples, 2 ** 6 - 2)
    for (const [feature, { weight }] of answer.features.entries())
      near(weight, Number(alike.values[0]?.[1]?.[feature]), 1e-6, `feature ${feature}`)
    assert.deepEqual([answer.features[1]?.weight, answer.features[6]?.weight], [0, 0])
  })

  test('is explained for its likeliest class where none is asked for', async () => {
    const [row = []] = rows
    const answer = await explained(server, { inputs: inputs('X', row), background })
    const sums = identity.values[0]?.map((values, index) =>
      values.reduce((sum, value) => sum + value, Number(identity.base[index])),
    )
    assert.equal(answer.target, sums?.indexOf(Math.max(...sums)))
  })

  const [row = []] = rows
  const body = { inputs: inputs('X', row), background }
  const refusals: readonly (readonly [string, object, number, string, RegExp])[] = [
    ['no background', { background: undefined }, 422, 'background', /no background\.json; send rows/],
    ['a background that is no list', { background: 5 }, 422, 'background', /list of rows/],
    [
      'a background of another width',
      { background: [[1, 2]] },
      422,
      'background',
      /background\[0\] has 2 values, but the model has 8/,
    ],
    ['a background with a gap', { background: [[...row.slice(1), null]] }, 422, 'background', /NaN/],
    ['a background of texts', { background: [row.map(String)] }, 422, 'background', /string/],
    ['a background of too many rows', { background: Array(1001).fill(row) }, 413, 'background', /1001 rows/],
    ['a row with a gap', { inputs: inputs('X', [...row.slice(1), null as never]) }, 422, 'inputs', /NaN/],
    [
      'two rows',
      { inputs: [{ name: 'X', datatype: 'FP32', shape: [2, 8], data: [...row, ...row] }] },
      422,
      'X',
      /2 rows/,
    ],
    ['another width', { inputs: inputs('X', [1, 2]) }, 422, 'X', /shape/],
    ['an unknown class', { parameters: { target: 3 } }, 422, 'parameters.target', /0 to 2/],
    [
      'an unknown output',
      { parameters: { output: 'x' } },
      422,
      'parameters.output',
      /"label", "probabilities"/,
    ],
    ['an unknown parameter', { parameters: { sample: 5 } }, 422, 'parameters.sample', /samples/],
    ['an unknown member', { backgrounds: [] }, 422, 'backgrounds', /background/],
    ['a seed that is none', { parameters: { seed: -1 } }, 422, 'parameters.seed', /whole number/],
    ['too many samples', { parameters: { samples: 20_001 } }, 422, 'parameters.samples', /2 to 20000/],
    [
      'samples that say too little',
      { parameters: { samples: 3 } },
      422,
      'parameters.samples',
      /too small to tell 8 features apart/,
    ],
    [
      'more evaluations than it allows',
      { parameters: { maxEvaluations: 100 } },
      413,
      'background',
      /5101 rows, but at most 100/,
    ],
    [
      'more evaluations than the server allows',
      { parameters: { maxEvaluations: 1e6 } },
      422,
      'parameters.maxEvaluations',
      /250000/,
    ],
    ['a timeout that is none', { parameters: { timeout: 'x' } }, 422, 'parameters.timeout', /microseconds/],
  ]
  for (const [title, change, status, field, sentence] of refusals)
    test(`refuses ${title}`, async () => {
      const response = await server.post(path, { ...body, ...change })
      const answer = (await response.json()) as Answer
      assert.equal(response.status, status, JSON.stringify(answer))
      assert.match(String(answer.error), sentence)
      assert.equal(answer.field, field)
    })
})

describe('the breast-cancer example', () => {
  let server: TestServer
  before(async () => {
    server = await folderServer(example, ['--task', 'tensor'])
  })
  after(() => server[Symbol.asyncDispose]())
  const { rows, samples, base, mean, deviation } = expected.sampled
  const [row = []] = rows

  test('is explained with the background of its folder, as shap does within the spread of its samples', async () => {
    for (const [index, one] of rows.entries()) {
      const answer = await explained(server, {
        inputs: inputs('input', one),
        parameters: { target: 'benign', samples, seed: 5 },
      })
      assert.deepEqual(answer.background, { rows: 50, from: 'background.json' })
      assert.equal(answer.exact, false)
      near(answer.base, base, 1e-6, 'base')
      addsUp(answer)
      assert.equal(answer.features[0]?.name, 'mean radius')
      assert.equal(answer.features[0]?.value, Number(one[0]?.toPrecision(6)))
      // One value in fifteen thousand lies further from the mean than four deviations.
      for (const [feature, { weight }] of answer.features.entries())
        near(
          weight,
          Number(mean[index]?.[feature]),
          4 * Number(deviation[index]?.[feature]) + 1e-6,
          `feature ${feature}`,
        )
    }
  })

  test('has the same values for the same seed but for rounding, and others for another one', async () => {
    const weightsOf = async (seed: number) => {
      const parameters = { samples, seed }
      const { features } = await explained(server, { inputs: inputs('input', row), parameters })
      return features.map(({ weight }) => weight)
    }
    const [first, again, other] = [await weightsOf(7), await weightsOf(7), await weightsOf(8)]
    const distance = (one: readonly number[], two: readonly number[]): number =>
      Math.max(...one.map((weight, index) => Math.abs(weight - Number(two[index]))))
    assert.ok(distance(first, again) < 1e-8, `${distance(first, again)}`)
    assert.ok(distance(first, other) > 1e-5, `${distance(first, other)}`)
  })
})

/** y = 2a + 3b * c, FP32 [batch], of three named columns. */
const columns: Graph = {
  inputs: ['a', 'b', 'c'].map((name) => ({ name, datatype: 'FP32', shape: ['batch'] })),
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch'] }],
  constants: [
    { name: 'two', shape: [], data: Float32Array.of(2) },
    { name: 'three', shape: [], data: Float32Array.of(3) },
  ],
  nodes: [
    { op: 'Mul', inputs: ['a', 'two'], outputs: ['a2'] },
    { op: 'Mul', inputs: ['b', 'c'], outputs: ['bc'] },
    { op: 'Mul', inputs: ['bc', 'three'], outputs: ['bc3'] },
    { op: 'Add', inputs: ['a2', 'bc3'], outputs: ['y'] },
  ],
}

test('several named columns are features, and what two of them do together is shared between them', async () => {
  await using server = await testServer(columns, ['--task', 'tensor'])
  const row = [5, 2, 4].map((value, index) => ({
    name: 'abc'.charAt(index),
    datatype: 'FP32',
    shape: [1],
    data: [value],
  }))
  const answer = await explained(server, { inputs: row, background: [[1, 0, 0]] })
  assert.equal(answer.target, undefined)
  assert.deepEqual([answer.base, answer.score], [2, 34])
  assert.deepEqual(
    answer.features.map(({ name }) => name),
    ['a', 'b', 'c'],
  )
  for (const [index, wanted] of [8, 12, 12].entries())
    near(Number(answer.features[index]?.weight), wanted, 1e-9, `feature ${index}`)
})

test('a background of the folder that does not fit is refused with what the caller can do', async () => {
  await using folder = await modelFolder(columns)
  await writeFile(join(folder.dir, 'background.json'), '[[1, 2]]')
  await using server = await folderServer(folder.dir, ['--task', 'tensor'])
  const row = ['a', 'b', 'c'].map((name) => ({ name, datatype: 'FP32', shape: [1], data: [1] }))
  const response = await server.post(path, { inputs: row })
  const answer = (await response.json()) as Answer
  assert.equal(response.status, 422)
  assert.match(
    String(answer.error),
    /^background\.json of the version cannot be used \(.*3 features\); send background with/,
  )
})

test('a row for which the model gives infinity is refused: the caller can send other numbers', async () => {
  await using server = await testServer(columns, ['--task', 'tensor'])
  const row = ['a', 'b', 'c'].map((name) => ({ name, datatype: 'FP32', shape: [1], data: [1e30] }))
  const response = await server.post(path, { inputs: row, background: [[1, 0, 0]] })
  const answer = (await response.json()) as Answer
  assert.equal(response.status, 422)
  assert.match(String(answer.error), /^the model gives Infinity for the row/)
})
