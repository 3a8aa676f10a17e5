/** Steps that make numbers and shapes of lengths. */
import { lengthNode, type Step } from './step.ts'

const expand: Step = async (growth) => {
  const { draws } = growth
  const shape = await growth.tryNode('Shape', [growth.float()])
  const shapes = [[1], [1, 1], [2], [3, 1]] as const
  const source = draws.chance(0.5) ? growth.float() : growth.constant('FP32', draws.pick(shapes), [1])
  await growth.tryNode('Expand', [source, shape])
}

const tile: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.rankOf(input) === 0) return
  if (draws.chance(0.6)) {
    const repeats = growth.tensorOf(input).shape.map(() => draws.pick([1, 1, 2]))
    await growth.tryNode('Tile', [input, growth.integers(repeats)])
    return
  }
  const length = await lengthNode(growth, input, draws.between(0, growth.rankOf(input) - 1))
  const repeats = await growth.tryNode('Concat', [length, growth.integers([1])], { attributes: { axis: 0 } })
  await growth.tryNode('Tile', [growth.constant('FP32', [1, 2], [1, 2]), repeats])
}

/** Numbers made of lengths, used as numbers, as a range, as a shape. */
const lengthArithmetic: Step = async (growth) => {
  const { draws } = growth
  const input = growth.pick()
  if (input === undefined || growth.rankOf(input) === 0) return
  const shape = await growth.tryNode('Shape', [input])
  let length = await growth.tryNode('Gather', [
    shape,
    growth.integers(draws.between(0, growth.rankOf(input) - 1)),
  ])
  if (draws.chance(0.5)) {
    const op = draws.pick(['Div', 'Mul', 'Mod', 'Sub', 'Add', 'Max', 'Min'])
    length = (await growth.tryNode(op, [length, growth.integers(draws.pick([1, 2, 3]))])) ?? length
  }
  if (draws.chance(0.4)) return growth.tryNode('Range', [growth.integers(0), length, growth.integers(1)])
  if (draws.chance(0.5)) {
    const number = await growth.tryNode('Cast', [length], { attributes: { to: 1 } })
    return growth.tryNode(draws.pick(['Mul', 'Div', 'Add']), [growth.float(), number])
  }
  const list = await growth.tryNode('Reshape', [length, growth.integers([1])])
  return growth.tryNode('ConstantOfShape', [list])
}

/** A length that went through real numbers, and back to a whole one: how exporters write sizes by a factor. */
const realArithmetic: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.rankOf(input) === 0) return
  const axis = draws.between(0, growth.rankOf(input) - 1)
  const length = await growth.tryNode('Cast', [await lengthNode(growth, input, axis)], {
    attributes: { to: 1 },
  })
  const factor = growth.constant('FP32', [], [draws.pick([2, 3, 49, 0.5, 0.1])])
  const [there, back] = draws.pick([
    ['Div', 'Mul'],
    ['Mul', 'Div'],
  ] as const)
  let number = await growth.tryNode(there, [length, factor])
  if (draws.chance(0.6)) number = (await growth.tryNode(back, [number, factor])) ?? number
  if (draws.chance(0.4)) number = (await growth.tryNode(draws.pick(['Floor', 'Ceil']), [number])) ?? number
  if (draws.chance(0.4)) {
    const decided = await growth.tryNode(draws.pick(['Equal', 'Less', 'Greater']), [number, length])
    return growth.tryNode('Where', [decided, input, await growth.tryNode('Neg', [input])])
  }
  const whole = await growth.tryNode('Cast', [number], { attributes: { to: 7 } })
  return growth.tryNode('Slice', [input, growth.integers([0]), whole, growth.integers([axis])])
}

const sizes: Step = async (growth) => growth.tryNode('Size', [growth.pick()])

export const lengths: readonly (readonly [weight: number, step: Step])[] = [
  [2, expand],
  [1, tile],
  [1, lengthArithmetic],
  [0.7, realArithmetic],
  [0.2, sizes],
]
