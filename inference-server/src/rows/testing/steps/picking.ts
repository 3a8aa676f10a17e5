import { type Growth, isFloat, isInteger } from '../growth.ts'
import { anyAxis, lengthNode, lengthOf, type Step, withAxes } from './step.ts'

const slice: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.opset < 10 || growth.rankOf(input) === 0) return
  const axis = anyAxis(growth, input)
  const step = draws.pick([1, 1, 1, 2, -1])
  const far = 2 ** 31
  const start = step === -1 ? draws.pick([-1, far]) : draws.pick([0, 0, 0, 1, -1, -2, 1000])
  const ends = [
    1,
    2,
    -1,
    far,
    Number.MAX_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER,
    lengthOf(growth, input, axis),
  ]
  const measured = draws.chance(0.2)
  const end = measured
    ? await lengthNode(growth, input, draws.between(0, growth.rankOf(input) - 1))
    : growth.integers([step === -1 ? -Number.MAX_SAFE_INTEGER : draws.pick(ends)])
  await growth.tryNode('Slice', [
    input,
    growth.integers([start]),
    end,
    growth.integers([axis]),
    growth.integers([step]),
  ])
}

const pad: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.opset < 11 || growth.rankOf(input) === 0) return
  const rank = growth.rankOf(input)
  const axis = draws.between(0, rank - 1)
  const before = draws.pick([0, 1, 1, -1])
  const after = draws.pick([0, 1, -1, -before])
  const pads = Array.from({ length: 2 * rank }, (_, at) =>
    at === axis ? before : at === axis + rank ? after : 0,
  )
  const mode = draws.pick(['constant', 'edge', 'reflect'])
  await growth.tryNode('Pad', [input, growth.integers(pads)], { attributes: { mode } })
}

const concat: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined) return
  const inputs = draws.chance(0.6)
    ? Array.from({ length: draws.pick([1, 2, 2, 3]) }, () => growth.float())
    : [input, input]
  await growth.tryNode('Concat', inputs, { attributes: { axis: anyAxis(growth, input) } })
}

const split: Step = async (growth) => {
  const input = growth.float()
  if (input === undefined || growth.rankOf(input) === 0) return
  const axis = anyAxis(growth, input)
  const length = lengthOf(growth, input, axis)
  if (length < 2) return
  const sizes = [1, length - 1]
  if (growth.opset >= 13)
    await growth.tryNodes('Split', [input, growth.integers(sizes)], { outputs: 2, attributes: { axis } })
  else await growth.tryNodes('Split', [input], { outputs: 2, attributes: { axis, split: sizes } })
}

const gather: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.rankOf(input) === 0) return
  const fixed = draws.chance(0.5)
  const indices = fixed
    ? draws.pick([() => growth.integers(0), () => growth.integers([0, 1]), () => growth.integers([-1])])()
    : growth.pick(isInteger)
  if (draws.chance(0.25)) {
    const table = growth.constant(
      'FP32',
      [4, 3],
      Array.from({ length: 12 }, (_, at) => at),
    )
    await growth.tryNode('Gather', [table, indices], { attributes: { axis: draws.between(0, 1) } })
  } else await growth.tryNode('Gather', [input, indices], { attributes: { axis: anyAxis(growth, input) } })
}

const gatherElements: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.opset < 11) return
  const rank = growth.rankOf(input)
  const indices = growth.pick((value) => isInteger(value) && value.shape.length === rank)
  const data = draws.chance(0.7) ? input : growth.constant('FP32', [3, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8])
  await growth.tryNode('GatherElements', [data, indices], { attributes: { axis: anyAxis(growth, input) } })
}

const gatherTuples: Step = async (growth) => {
  if (growth.opset < 12) return
  const indices = growth.pick((value) => isInteger(value) && value.shape.length > 0)
  const attributes = { batch_dims: growth.draws.pick([0, 0, 1]) }
  await growth.tryNode('GatherND', [growth.float(), indices], { attributes })
}

const rowNumbers = async (growth: Growth, input: string): Promise<string | undefined> => {
  const { draws } = growth
  const shape = await growth.tryNode('Shape', [input])
  const count = await growth.tryNode('Gather', [shape, growth.integers(draws.pick([0, 0, 1]))])
  return growth.tryNode('Range', [growth.integers(0), count, growth.integers(1)])
}

/** One position for each row, found by ArgMax and joined with the row's number: how CLIP picks its end of text. */
const pickOfRows: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.rankOf(input) < 2 || growth.opset < 12) return
  const numbers = await rowNumbers(growth, input)
  const summed = await withAxes(growth, 'ReduceSum', input, [-1], 13, { keepdims: 0 })
  const attributes = { axis: 1, keepdims: draws.between(0, 1) }
  const found = await growth.tryNode('ArgMax', [summed ?? input], { attributes })
  if (numbers === undefined || found === undefined) return
  const column = growth.rankOf(found) === 1 ? await withAxes(growth, 'Unsqueeze', found, [1]) : found
  const rows = draws.chance(0.2)
    ? await growth.tryNode('Mul', [numbers, growth.integers(draws.pick([1, 2]))])
    : numbers
  if (rows === undefined) return
  const counted = await withAxes(growth, 'Unsqueeze', rows, [1])
  const axis = draws.chance(0.3) ? draws.pick([-1, 1, 0]) : -1
  const tuples = await growth.tryNode('Concat', draws.chance(0.8) ? [counted, column] : [column, counted], {
    attributes: { axis },
  })
  await growth.tryNode('GatherND', [input, tuples])
  if (draws.chance(0.4))
    await growth.tryNode('Gather', [input, numbers], { attributes: { axis: anyAxis(growth, input) } })
}

/** A position within each row, plus the number of the row times a step that should be the length of a row. */
const pickFromMerged: Step = async (growth) => {
  const { draws } = growth
  const input = growth.pick((value) => isFloat(value) && value.shape.length >= 2)
  if (input === undefined || growth.opset < 13) return
  const shape = await growth.tryNode('Shape', [input])
  const at = (axis: number) => growth.tryNode('Gather', [shape, growth.integers([axis])])
  const [rows, length] = [await at(0), await at(1)]
  const last = growth.integers([lengthOf(growth, input, -1)])
  const flat =
    growth.rankOf(input) === 2 ? growth.integers([-1]) : growth.integers([-1, lengthOf(growth, input, -1)])
  const merged = await growth.tryNode('Reshape', [input, flat])
  const scores =
    growth.rankOf(input) === 2 ? input : await withAxes(growth, 'ReduceSum', input, [-1], 13, { keepdims: 0 })
  const found = await growth.tryNode('ArgMax', [scores], {
    attributes: { axis: 1, keepdims: draws.between(0, 1) },
  })
  const count = await growth.tryNode('Squeeze', [draws.chance(0.8) ? rows : length])
  const numbers = await growth.tryNode('Range', [growth.integers(0), count, growth.integers(1)])
  if (numbers === undefined || found === undefined) return
  const step = draws.pick([length, length, length, last, growth.integers([2])])
  const starts = await growth.tryNode('Mul', [numbers, step])
  if (starts === undefined) return
  const column = growth.rankOf(found) === 2 ? await withAxes(growth, 'Unsqueeze', starts, [1]) : starts
  const indices = await growth.tryNode('Add', draws.chance(0.5) ? [column, found] : [found, column])
  await growth.tryNode('Gather', [merged, indices])
}

const scatter: Step = async (growth) => {
  const input = growth.float()
  if (input === undefined) return
  const { shape } = growth.tensorOf(input)
  const indices = growth.pick((value) => isInteger(value) && value.shape.join() === shape.join())
  const op = growth.opset >= 11 ? 'ScatterElements' : 'Scatter'
  await growth.tryNode(op, [input, indices, input], { attributes: { axis: anyAxis(growth, input) } })
}

const scatterTuples: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.rankOf(input) < 2 || growth.opset < 11) return
  const indices = draws.chance(0.5)
    ? growth.constant('INT64', [1, 1], [draws.between(0, 1)])
    : growth.constant('INT64', [1, 2], [0, 0])
  await growth.tryNode('ScatterND', [input, indices, growth.float()])
}

export const picking: readonly (readonly [weight: number, step: Step])[] = [
  [2, slice],
  [1, pad],
  [1, concat],
  [1, split],
  [2, gather],
  [1, gatherElements],
  [1, gatherTuples],
  [1, pickOfRows],
  [1, pickFromMerged],
  [0.7, scatter],
  [0.7, scatterTuples],
]
