import type { Growth } from '../growth.ts'
import { anyAxis, lengthOf, type Step, withAxes } from './step.ts'

const transpose: Step = async (growth) => {
  const input = growth.float()
  if (input === undefined) return
  const perm = growth.draws.shuffled(growth.tensorOf(input).shape.map((_, axis) => axis))
  const moved = await growth.tryNode('Transpose', [input], { attributes: { perm } })
  if (moved !== undefined && growth.draws.chance(0.3))
    await growth.tryNode('Transpose', [moved], {
      attributes: { perm: perm.map((_, axis) => perm.indexOf(axis)) },
    })
}

const unsqueeze: Step = async (growth) => {
  const input = growth.pick()
  if (input !== undefined)
    await withAxes(growth, 'Unsqueeze', input, [growth.draws.between(0, growth.rankOf(input))])
}

const squeeze: Step = async (growth) => {
  const input = growth.pick()
  if (input === undefined) return
  const single = growth.tensorOf(input).shape.flatMap((length, axis) => (length === 1 ? [axis] : []))
  if (single.length > 0 && growth.draws.chance(0.9))
    await withAxes(growth, 'Squeeze', input, [growth.draws.pick(single)])
  else if (growth.draws.chance(0.2)) await growth.tryNode('Squeeze', [input])
}

const flatten: Step = async (growth) => {
  const input = growth.float()
  if (input === undefined) return
  await growth.tryNode('Flatten', [input], {
    attributes: { axis: growth.draws.between(0, growth.rankOf(input)) },
  })
}

const constantTargets = (shape: readonly number[]): readonly (readonly number[])[] => {
  const last = shape.at(-1) ?? 1
  const inner = shape.slice(1)
  return [
    ...[[-1], [0, -1], [1, -1], [-1, 2], [-1, 3], [0, 0, -1], [0, 0, 1, -1], [2, -1], [0, 1, -1], [3, -1]],
    ...[
      [-1, last],
      [-1, 1, ...inner],
      [...shape.slice(0, 1), -1],
      [last, -1],
      [-1, ...inner.toReversed()],
    ],
    ...[shape.toReversed(), [-1, 3, 2]],
  ]
}

const reshapeToConstant: Step = async (growth) => {
  const input = growth.float()
  if (input === undefined) return
  const target = growth.draws.pick(constantTargets(growth.tensorOf(input).shape))
  await growth.tryNode('Reshape', [input, growth.integers(target)])
}

/** An element of a target: a constant, or a length on which some arithmetic was done. */
const targetElement = async (growth: Growth, shape: string, rank: number): Promise<string | undefined> => {
  const { draws } = growth
  const choice = draws.number()
  if (choice < 0.3) return growth.integers([draws.pick([-1, 1, 2, 3, 0])])
  const any = () => growth.tryNode('Gather', [shape, growth.integers([draws.between(0, rank - 1)])])
  const length = await any()
  if (choice < 0.6) return length
  const other = draws.chance(0.5) ? growth.integers([draws.pick([1, 2, 3])]) : await any()
  const op = draws.pick(['Mul', 'Mul', 'Div', 'Add', 'Sub', 'Mod'])
  return (await growth.tryNode(op, [length, other])) ?? length
}

const backAgain = async (growth: Growth, from: string, shape: string): Promise<void> => {
  let current = from
  const { draws } = growth
  for (let times = draws.between(0, 2); times > 0; times -= 1)
    current = (await growth.tryNode(draws.pick(['Relu', 'Neg']), [current])) ?? current
  if (draws.chance(0.4))
    current =
      (await growth.tryNode('Softmax', [current], { attributes: { axis: anyAxis(growth, current) } })) ??
      current
  await growth.tryNode('Reshape', [current, shape])
}

const reshapeToLengths: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  const measured = draws.chance(0.8) ? input : growth.pick()
  if (input === undefined || measured === undefined || growth.rankOf(measured) === 0) return
  const shape = await growth.tryNode('Shape', [measured])
  if (shape === undefined) return
  const elements: (string | undefined)[] = []
  for (let count = draws.between(1, 4); count > 0; count -= 1)
    elements.push(await targetElement(growth, shape, growth.rankOf(measured)))
  const target = await growth.tryNode('Concat', elements, { attributes: { axis: 0 } })
  if (draws.chance(0.25)) {
    const source = draws.chance(0.5) ? growth.float() : growth.constant('FP32', [1], [1])
    await growth.tryNode('Expand', [source, target])
    return
  }
  const reshaped = await growth.tryNode('Reshape', [input, target])
  if (reshaped !== undefined && draws.chance(0.6)) await backAgain(growth, reshaped, shape)
}

/** Merges two neighbouring axes, does something there, and takes them apart again. */
const merge: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.rankOf(input) < 2) return
  const rank = growth.rankOf(input)
  const at = draws.between(0, rank - 2)
  const shape = await growth.tryNode('Shape', [input])
  const parts: (string | undefined)[] = []
  for (let axis = 0; axis < rank; axis += 1)
    parts.push(await growth.tryNode('Gather', [shape, growth.integers([axis])]))
  const product = await growth.tryNode('Mul', [parts[at], parts[at + 1]])
  const target = await growth.tryNode('Concat', [...parts.slice(0, at), product, ...parts.slice(at + 2)], {
    attributes: { axis: 0 },
  })
  const merged = await growth.tryNode('Reshape', [input, target])
  if (merged === undefined) return
  const changed = await onMerged(growth, merged)
  const apart = draws.chance(0.7)
    ? shape
    : await growth.tryNode('Concat', [growth.integers([-1]), ...parts.slice(1)], { attributes: { axis: 0 } })
  await growth.tryNode('Reshape', [changed ?? merged, apart])
}

const onMerged = async (growth: Growth, merged: string): Promise<string | undefined> => {
  const { draws } = growth
  const axis = draws.between(0, growth.rankOf(merged) - 1)
  const last = lengthOf(growth, merged, -1)
  const choice = draws.between(0, 5)
  if (choice === 0)
    return growth.tryNode('MatMul', [merged, growth.constant('FP32', [last, last], [1, 2, 0])])
  if (choice === 1) return growth.tryNode('Softmax', [merged], { attributes: { axis } })
  if (choice === 2) return growth.tryNode('CumSum', [merged, growth.integers(axis)])
  if (choice === 3) return growth.tryNode('Add', [merged, growth.float()])
  return merged
}

export const layout: readonly (readonly [weight: number, step: Step])[] = [
  [2, transpose],
  [2, unsqueeze],
  [1, squeeze],
  [1, flatten],
  [2, reshapeToConstant],
  [3, reshapeToLengths],
  [2, merge],
]
