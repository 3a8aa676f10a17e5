import type { Growth } from '../growth.ts'

/** Tries to append one node, or a few that belong together. What does not fit the tensors at hand adds nothing. */
export type Step = (growth: Growth) => Promise<unknown>

/** Any axis of the tensor, counted from either end. */
export const anyAxis = ({ draws, rankOf }: Growth, name: string): number => {
  const rank = rankOf(name)
  return rank === 0 ? 0 : draws.between(-rank, rank - 1)
}

export const lengthOf = ({ tensorOf }: Growth, name: string, axis: number): number =>
  tensorOf(name).shape.at(axis) ?? 1

/** Numbers of a constant, small and whole, so that most results are exact. */
export const smallNumbers = ({ draws }: Growth, count = 7): readonly number[] =>
  Array.from({ length: count }, () => draws.between(-2, 2))

/** Axes are an input from `since` on, and an attribute before. */
export const withAxes = (
  growth: Growth,
  op: string,
  input: string,
  axes: readonly number[],
  since = 13,
  attributes: Readonly<Record<string, number>> = {},
): Promise<string | undefined> =>
  growth.opset >= since
    ? growth.tryNode(op, [input, growth.integers(axes)], { attributes })
    : growth.tryNode(op, [input], { attributes: { ...attributes, axes } })

/** One length of the tensor as an INT64 [1]. */
export const lengthNode = async (growth: Growth, name: string, axis: number): Promise<string | undefined> => {
  const shape = await growth.tryNode('Shape', [name])
  return growth.tryNode('Gather', [shape, growth.integers([axis])], { attributes: { axis: 0 } })
}

/** The tensor with axes of length 1 put in, or others summed away, until it has this rank. */
export const ofRank = async (growth: Growth, name: string, rank: number): Promise<string | undefined> => {
  let current: string | undefined = name
  while (current !== undefined && growth.rankOf(current) < rank) {
    current = await withAxes(growth, 'Unsqueeze', current, [growth.draws.between(0, growth.rankOf(current))])
  }
  while (current !== undefined && growth.rankOf(current) > rank) {
    const axis = growth.draws.between(Math.min(1, growth.rankOf(current) - 1), growth.rankOf(current) - 1)
    current = await withAxes(growth, 'ReduceSum', current, [axis], 13, { keepdims: 0 })
  }
  return current
}
