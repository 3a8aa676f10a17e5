/** The optimizer makes inputs up by the same rules; golden/generated.json holds both to them. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { seededRandom } from '../generation/random.ts'
import { readModel } from '../onnx/read-model.ts'
import { readThresholds } from '../onnx/tree-thresholds.ts'
import { openSession, signatureOf } from '../sessions/session.ts'
import type { NamedTensors } from '../tensors/tensor.ts'
import { inputGenerator, paddedShare, sampleMaker, shortestText } from './generated-inputs.ts'
import { inputRanges } from './input-range.ts'

/** What inference-server/golden/generated.py writes. */
interface Golden {
  readonly length: number
  readonly padding: number
  readonly shortest: number
  readonly paddedShare: number
  readonly graphs: Readonly<Record<string, Readonly<Record<string, GoldenInput>>>>
}

interface GoldenInput {
  readonly type: string
  readonly runs: Readonly<Record<string, { readonly shape: readonly number[]; readonly values?: number[] }>>
  readonly rows?: number
  readonly texts?: readonly string[]
  readonly features?: readonly (readonly [number, number])[]
  readonly thresholds?: readonly number[]
}

const root = join(import.meta.dirname, '../../..')
const golden: Golden = JSON.parse(readFileSync(join(root, 'inference-server/golden/generated.json'), 'utf8'))
const types: Readonly<Record<string, string>> = {
  int64: 'INT64',
  float32: 'FP32',
  bool: 'BOOL',
  str: 'BYTES',
}

const opened = async (path: string) => {
  const file = join(root, path)
  const graph = { model: readModel(file), thresholds: readThresholds(file) }
  return { graph, signature: signatureOf(await openSession(file, 1, 'cpu'), file) }
}

const numbersOf = (tensors: NamedTensors, name: string): number[] =>
  Array.from((tensors.get(name)?.data ?? []) as ArrayLike<number | bigint | string>, Number)

test('the share of padded texts and the shortest text are those of the optimizer', () => {
  assert.deepEqual([shortestText, paddedShare], [golden.shortest, golden.paddedShare])
})

for (const [path, inputs] of Object.entries(golden.graphs))
  test(`inputs of ${path} have the shapes, ranges and fixed values that the optimizer gives them`, async () => {
    const { graph, signature } = await opened(path)
    const make = sampleMaker(graph, signature)
    const { length, padding } = golden
    const samples: Readonly<Record<string, { padding: number; past: number }>> = {
      first: { padding: 0, past: 0 },
      padded: { padding, past: 0 },
      later: { padding: 0, past: length - 1 },
    }
    const kinds = Object.keys(Object.values(inputs)[0]?.runs ?? {})
    for (const kind of kinds) {
      const made = make({
        length,
        ...(samples[kind] as { padding: number; past: number }),
        random: seededRandom(3),
      })
      assert.deepEqual([...made.keys()].sort(), Object.keys(inputs).sort())
      for (const [name, { type, runs }] of Object.entries(inputs)) {
        const tensor = made.get(name)
        assert.deepEqual([tensor?.dtype, tensor?.shape], [types[type], runs[kind]?.shape], `${name}, ${kind}`)
        if (runs[kind]?.values) assert.deepEqual(numbersOf(made, name), runs[kind].values, `${name}, ${kind}`)
      }
    }
    const ranges = inputRanges(graph.model)
    for (const [name, { rows, texts, features, thresholds }] of Object.entries(inputs)) {
      const range = ranges.get(name) ?? {}
      assert.deepEqual([range.rows, range.texts], [rows, texts], name)
      assert.equal(range.features?.length, features?.length, name)
      for (const [place, [mean, deviation]] of (features ?? []).entries()) {
        assert.ok(Math.abs((range.features?.[place]?.mean ?? 0) - mean) <= 1e-5 * Math.abs(mean))
        assert.ok(Math.abs((range.features?.[place]?.deviation ?? 0) - deviation) <= 1e-5 * deviation)
      }
      assert.deepEqual([...graph.thresholds.keys()].sort(), thresholds ?? [], name)
    }
  })

test('lengths, padding and normal numbers are spread as those of the optimizer', async () => {
  const { graph, signature } = await opened('examples/customer-service/model/model.onnx')
  const next = inputGenerator(graph, signature, 5)
  const masks = Array.from({ length: 2000 }, () => numbersOf(next(shortestText, 64, false), 'attention_mask'))
  const lengths = masks.map((mask) => mask.length)
  assert.deepEqual([Math.min(...lengths), Math.max(...lengths)], [shortestText, 64])
  const paddings = masks.map((mask) => mask.filter((one) => one === 0).length)
  assert.ok(Math.abs(paddings.filter((count) => count > 0).length / 2000 - golden.paddedShare) < 0.04)
  for (const [row, padding] of paddings.entries())
    assert.ok(padding <= Math.floor((lengths[row] as number) / 2) - 1, `${padding} of ${lengths[row]}`)
  const table = await opened('examples/breast-cancer/model/model.onnx')
  const draw = inputGenerator(table.graph, table.signature, 5)
  const values = Array.from({ length: 2000 }, () => numbersOf(draw(8, 8, false), 'input')[0] as number)
  const [input] = Object.values(golden.graphs['examples/breast-cancer/model/model.onnx'] ?? {})
  const [mean, deviation] = input?.features?.[0] ?? [0, 0]
  const found = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - found) ** 2, 0) / values.length)
  assert.ok(Math.abs(found - mean) < 0.1 * deviation, `${found}, not ${mean}`)
  assert.ok(Math.abs(spread / deviation - 1) < 0.08, `${spread}, not ${deviation}`)
})
