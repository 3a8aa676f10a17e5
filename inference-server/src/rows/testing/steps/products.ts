import { contrib } from '../builder.ts'
import { type Growth, isInteger } from '../growth.ts'
import { anyAxis, lengthOf, type Step, smallNumbers, withAxes } from './step.ts'

const factor = (growth: Growth, last: number): string => {
  const shapes = [[last, 2], [2, last], [last], [2, last, 2], [1, 3, 2]]
  return growth.constant('FP32', growth.draws.pick(shapes), smallNumbers(growth))
}

const matmul: Step = async (growth) => {
  const { draws } = growth
  const left = growth.float()
  if (left === undefined) return
  const right = draws.chance(0.4) ? growth.float() : factor(growth, lengthOf(growth, left, -1))
  const flags = { transA: draws.between(0, 1), transB: draws.between(0, 1) }
  const op = draws.pick(['MatMul', 'MatMul', 'Gemm', 'FusedMatMul'])
  if (op === 'Gemm') await growth.tryNode('Gemm', [left, right], { attributes: flags })
  else if (op === 'FusedMatMul')
    await growth.tryNode('FusedMatMul', [left, right], {
      domain: contrib,
      attributes: { ...flags, transBatchA: draws.pick([0, 0, 1]), transBatchB: draws.pick([0, 0, 1]) },
    })
  else await growth.tryNode('MatMul', [left, right])
}

const einsum: Step = async (growth) => {
  const { draws } = growth
  const left = growth.float()
  const right = growth.float()
  if (left === undefined || right === undefined || growth.opset < 12 || growth.rankOf(left) === 0) return
  const letters = draws.shuffled(['a', 'b', 'c', 'd', 'e']).slice(0, growth.rankOf(left))
  const others = growth.tensorOf(right).shape.map(() => draws.pick([...letters, 'f']))
  const kept = draws.shuffled([...new Set([...letters, ...others])].filter(() => draws.chance(0.75)))
  const two = draws.chance(0.6)
  const from = two ? `${letters.join('')},${others.join('')}` : letters.join('')
  const to = two ? kept : kept.filter((letter) => letters.includes(letter))
  await growth.tryNode('Einsum', two ? [left, right] : [left], {
    attributes: { equation: `${from}->${to.join('')}` },
  })
}

const softmax: Step = async (growth) => {
  const input = growth.float()
  if (input === undefined) return
  const op = growth.draws.pick(['Softmax', 'Softmax', 'LogSoftmax', 'Hardmax'])
  await growth.tryNode(op, [input], { attributes: { axis: anyAxis(growth, input) } })
}

const reductions = [
  ...['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceL1', 'ReduceProd', 'ReduceL2'],
  ...['ReduceLogSum', 'ReduceLogSumExp', 'ReduceSumSquare'],
] as const

const reduce: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined) return
  const op = draws.pick(reductions)
  const attributes = { keepdims: draws.between(0, 1) }
  if (draws.chance(0.08)) return growth.tryNode(op, [input], { attributes })
  const axes =
    growth.rankOf(input) === 0
      ? []
      : [...new Set(Array.from({ length: draws.pick([1, 1, 2]) }, () => anyAxis(growth, input)))]
  return withAxes(growth, op, input, axes, op === 'ReduceSum' ? 13 : 18, attributes)
}

const best: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined) return
  const axis = anyAxis(growth, input)
  if (growth.opset >= 11 && draws.chance(0.4))
    await growth.tryNodes('TopK', [input, growth.integers([draws.pick([1, 2])])], {
      outputs: 2,
      attributes: { axis },
    })
  else
    await growth.tryNode(draws.pick(['ArgMax', 'ArgMin']), [input], {
      attributes: { axis, keepdims: draws.between(0, 1) },
    })
}

const running: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined) return
  if (draws.chance(0.3) && growth.opset >= 14) {
    await growth.tryNode('Trilu', [input], { attributes: { upper: draws.between(0, 1) } })
    return
  }
  const attributes = { reverse: draws.between(0, 1), exclusive: draws.between(0, 1) }
  await growth.tryNode('CumSum', [input, growth.integers(anyAxis(growth, input))], { attributes })
}

const normalize: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.rankOf(input) === 0) return
  const axis = anyAxis(growth, input)
  if (draws.chance(0.3)) return growth.tryNode('LpNormalization', [input], { attributes: { axis, p: 1 } })
  const { shape } = growth.tensorOf(input)
  const scaleShape = draws.chance(0.8) ? shape.slice(axis) : shape.slice(axis).map(() => 1)
  const scale = growth.constant('FP32', scaleShape, [1, 2])
  const op = growth.opset >= 23 && draws.chance(0.5) ? 'RMSNormalization' : 'LayerNormalization'
  return growth.tryNode(op, [input, scale], { attributes: { axis } })
}

const unusual: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined) return
  if (draws.chance(0.5)) {
    await growth.tryNode('NonZero', [input])
    return
  }
  await growth.tryNode('Compress', [input, growth.constant('BOOL', [3], [1, 0, 1])], {
    attributes: { axis: anyAxis(growth, input) },
  })
}

const oneHot: Step = async (growth) => {
  const values = growth.constant('FP32', [2], [0, 1])
  const attributes = { axis: growth.draws.pick([-1, 0, 1]) }
  await growth.tryNode('OneHot', [growth.pick(isInteger), growth.integers(3), values], { attributes })
}

export const products: readonly (readonly [weight: number, step: Step])[] = [
  [2, matmul],
  [2, einsum],
  [1, softmax],
  [2, reduce],
  [1, best],
  [1, running],
  [1, normalize],
  [0.5, unusual],
  [0.7, oneHot],
]
