import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { OnnxModel } from '../onnx/model.ts'
import { readModel } from '../onnx/read-model.ts'
import { temporaryFolder } from '../testing/imports.ts'
import { inputScope } from './inputs.ts'
import { createNumbers, type Numbers } from './numbers.ts'
import { proveRows } from './prove.ts'
import { createProver } from './prover.ts'
import type { TensorState } from './tensor-state.ts'

const root = join(import.meta.dirname, '../../..')
const folder = temporaryFolder()
after(folder.remove)

/** A graph and what the prototype proved of it: the first version of the prover, in Python, of which only results are kept (golden/rows). */
interface Entry {
  readonly name: string
  readonly verdict: string
  /** States by the names of tensors. */
  readonly states: Readonly<Record<string, string>>
  /** Base64 of the model file, or its path in the repository. */
  readonly model?: string
  readonly path?: string
}

const entries = gunzipSync(readFileSync(join(root, 'inference-server/golden/rows/graphs.jsonl.gz')))
  .toString('utf8')
  .split('\n')
  .map((line) => JSON.parse(line) as Entry)

const modelOf = ({ model, path }: Entry): OnnxModel => {
  if (path) return readModel(join(root, path))
  const file = join(folder.path, 'model.onnx')
  writeFileSync(file, Buffer.from(model ?? '', 'base64'))
  return readModel(file)
}

const textOf = (state: TensorState, { text }: Numbers): string => {
  const { kind, axis, lengths, values, scale, place } = state
  const list = (elements: NonNullable<typeof values>['elements'], separator: string): string =>
    elements.map((element) => text(element, 1000)).join(separator)
  return [
    kind,
    axis === undefined ? '' : ` on ${axis}`,
    lengths ? ` [${list(lengths, ', ')}]` : '',
    values ? ` = ${values.shape.join('x') || 'scalar'}: ${list(values.elements, '; ')}` : '',
    scale ? ` scale of ${scale.node}` : '',
    kind === 'unknown' && place ? ` because of ${place.node}` : '',
  ].join('')
}

/** Numbers without a name are counted in the order in which they appear. */
const renamed = (texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  const names = new Map<string, string>()
  const nameOf = (name: string): string => {
    if (!names.has(name)) names.set(name, `~${names.size}`)
    return names.get(name) as string
  }
  return new Map([...texts].map(([tensor, text]) => [tensor, text.replace(/~\d+/g, nameOf)]))
}

/** The state of each tensor that the graph's nodes make, as the prototype writes it. */
const statesOf = (model: OnnxModel): ReadonlyMap<string, string> => {
  const numbers = createNumbers()
  const scope = inputScope(model.graph, numbers, new Map())
  if (typeof scope === 'string') return new Map()
  createProver(model, numbers).follow(model.graph, scope)
  const texts = new Map<string, string>()
  for (const name of model.graph.nodes.flatMap(({ outputs }) => outputs)) {
    const state = scope.states.get(name)
    if (name !== '' && state) texts.set(name, textOf(state, numbers))
  }
  return renamed(texts)
}

/**
 * More is known of these operators than the prototype knew: lengths that are the smaller of a fixed one and another,
 * multiples of row numbers, rows in groups, sums and minimums of small values.
 */
const knownBetter: ReadonlySet<string> = new Set(
  'Add Concat Expand Flatten FusedMatMul Min Mod Mul Range ReduceSum Reshape'.split(' '),
)

const layoutOf = (text: string): string => /^[a-z-]+( on \d+)?/.exec(text)?.[0] ?? ''

interface Comparison {
  readonly same: number
  /** Tensors of a layout that the prototype did not know, or with lengths or elements that it knew less of. */
  readonly better: number
}

/**
 * The prototype took too much for known of these operators: lengths of what is reduced though it may be empty, and
 * interpolation along all axes. What follows from them is not compared.
 */
const knownLess = /^(Reduce|Resize|Upsample)/

/** What follows the first tensor of which more is known may be known better, too, but nothing less well. */
const compare = (entry: Entry): Comparison => {
  const model = modelOf(entry)
  const states = statesOf(model)
  let [same, better] = [0, 0]
  for (const [tensor, expected] of Object.entries(entry.states)) {
    const found = states.get(tensor) ?? 'none'
    const maker = model.graph.nodes.find(({ outputs }) => outputs.includes(tensor))
    if (found !== expected && knownLess.test(maker?.operator ?? '')) break
    if (found === expected) same += 1
    else {
      assert.ok(
        better > 0 || knownBetter.has(maker?.operator ?? ''),
        `${tensor} of ${entry.name}: ${found}, not ${expected}`,
      )
      better += 1
    }
    if (!expected.startsWith('unknown'))
      assert.equal(layoutOf(found), layoutOf(expected), `${tensor} of ${entry.name}`)
  }
  return { same, better }
}

/** Graphs that are proven, though the prototype did not prove them. */
const provenNow: ReadonlySet<string> = new Set([])

describe('agrees with the prototype', () => {
  test('on every verdict', () => {
    for (const entry of entries) {
      const expected = provenNow.has(entry.name) ? 'independent' : entry.verdict
      assert.equal(proveRows(modelOf(entry)).verdict, expected, entry.name)
    }
  })

  test('on the state of every tensor, or knows more of it', () => {
    const comparisons = entries.map(compare)
    const total = (part: keyof Comparison): number =>
      comparisons.reduce((sum, counts) => sum + counts[part], 0)
    assert.ok(total('same') > 13_000, `the same of ${total('same')} tensors`)
    assert.ok(total('better') < 4000, `more of ${total('better')} tensors`)
  })
})
