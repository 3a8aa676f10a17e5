import { contrib } from '../builder.ts'
import { type Growth, isFloat } from '../growth.ts'
import { ofRank, type Step, smallNumbers } from './step.ts'

const picture = async (growth: Growth): Promise<string | undefined> => {
  const found = growth.pick((value) => isFloat(value) && value.shape.length >= 3)
  if (found !== undefined && growth.draws.chance(0.8)) return found
  const any = growth.float()
  return any === undefined ? undefined : ofRank(growth, any, growth.draws.pick([3, 4]))
}

const convolution: Step = async (growth) => {
  const { draws } = growth
  const input = await picture(growth)
  if (input === undefined) return
  const { shape } = growth.tensorOf(input)
  const kernel = shape.slice(2).map(() => draws.pick([1, 1, 2]))
  const pads = Array.from({ length: 2 * kernel.length }, () => draws.between(0, 1))
  const attributes = { pads, strides: kernel.map(() => draws.between(1, 2)) }
  const channels = shape[1] ?? 1
  const op = draws.pick(['Conv', 'Conv', 'ConvTranspose', 'FusedConv'])
  const weights = growth.constant(
    'FP32',
    op === 'ConvTranspose' ? [channels, 2, ...kernel] : [2, channels, ...kernel],
    smallNumbers(growth),
  )
  await growth.tryNode(op, [input, weights], {
    attributes: op === 'FusedConv' ? { ...attributes, activation: 'Relu' } : attributes,
    ...(op === 'FusedConv' ? { domain: contrib } : {}),
  })
}

const pooling: Step = async (growth) => {
  const { draws } = growth
  const input = await picture(growth)
  if (input === undefined) return
  if (draws.chance(0.3)) {
    await growth.tryNode(draws.pick(['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool']), [input])
    return
  }
  const kernel = growth
    .tensorOf(input)
    .shape.slice(2)
    .map(() => draws.between(1, 2))
  const attributes = { kernel_shape: kernel, strides: kernel.map(() => draws.between(1, 2)) }
  const op = draws.pick(['MaxPool', 'AveragePool', 'LpPool'])
  await growth.tryNodes(op, [input], { attributes, outputs: op === 'MaxPool' && draws.chance(0.3) ? 2 : 1 })
}

const statistics: Step = async (growth) => {
  const { draws } = growth
  const input = await picture(growth)
  if (input === undefined) return
  const channels = growth.tensorOf(input).shape[1] ?? 1
  const one = growth.constant('FP32', [channels], [1, 2])
  const op = draws.pick(['InstanceNormalization', 'BatchNormalization', 'LRN', 'MeanVarianceNormalization'])
  if (op === 'LRN') await growth.tryNode(op, [input], { attributes: { size: 3 } })
  else if (op === 'MeanVarianceNormalization')
    await growth.tryNode(op, [input], { attributes: { axes: draws.pick([[0, 2, 3], [2, 3], [1], [1, 2]]) } })
  else await growth.tryNode(op, [input, ...Array(op === 'BatchNormalization' ? 4 : 2).fill(one)])
}

const coordinates = [
  'half_pixel',
  'asymmetric',
  'align_corners',
  'tf_half_pixel_for_nn',
  'pytorch_half_pixel',
] as const

const resize: Step = async (growth) => {
  const { draws } = growth
  const input = growth.float()
  if (input === undefined || growth.opset < 11 || growth.rankOf(input) === 0) return
  const { shape } = growth.tensorOf(input)
  const scales = growth.constant(
    'FP32',
    [shape.length],
    shape.map(() => draws.pick([1, 1, 2])),
  )
  const attributes = {
    mode: draws.pick(['nearest', 'linear']),
    coordinate_transformation_mode: draws.pick(coordinates),
    nearest_mode: draws.pick(['round_prefer_floor', 'floor', 'ceil']),
  }
  const empty = growth.constant('FP32', [0], [])
  await growth.tryNode('Resize', [input, growth.opset >= 13 ? '' : empty, scales], { attributes })
}

const shuffle: Step = async (growth) => {
  const input = growth.pick((value) => isFloat(value) && value.shape.length === 4)
  if (input === undefined) return
  const fits = (growth.tensorOf(input).shape[1] ?? 1) % 4 === 0
  await growth.tryNode(fits ? 'DepthToSpace' : 'SpaceToDepth', [input], { attributes: { blocksize: 2 } })
}

export const pictures: readonly (readonly [weight: number, step: Step])[] = [
  [1, convolution],
  [1, pooling],
  [1, statistics],
  [1, resize],
  [0.5, shuffle],
]
