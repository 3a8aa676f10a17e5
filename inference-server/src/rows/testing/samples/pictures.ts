import { contrib } from '../builder.ts'
import {
  bytes,
  fixed,
  floats,
  type Sample,
  scale,
  signedWeights,
  signedZero,
  weights,
  zero,
} from './sample.ts'

const picture = floats('B 4 H W')
const pool = { kernel_shape: [2, 2], pads: [1, 1, 1, 1] }

const convolutions: readonly Sample[] = [
  {
    op: 'Conv',
    operands: [picture, weights('2 4 2 2'), weights('2')],
    attributes: { pads: [1, 1, 1, 1] },
    apart: 'B',
  },
  {
    op: 'Conv',
    operands: [floats('B 4 L'), weights('4 1 3')],
    attributes: { group: 4, strides: [2], pads: [1, 1] },
    apart: 'B',
  },
  {
    op: 'ConvTranspose',
    operands: [picture, weights('4 2 2 2')],
    attributes: { strides: [2, 2] },
    apart: 'B',
  },
  {
    op: 'ConvTranspose',
    operands: [floats('B 4 L'), weights('4 1 3')],
    attributes: { group: 2, strides: [3], pads: [1, 0], output_padding: [1], dilations: [2] },
    apart: 'B',
  },
  { op: 'ConvInteger', operands: [bytes('B 4 H W'), signedWeights('2 4 1 1'), zero], apart: 'B' },
  {
    op: 'QLinearConv',
    operands: [
      bytes('B 4 H W'),
      scale,
      zero,
      signedWeights('2 4 1 1'),
      fixed('FP32', '2', 0.1, 0.2),
      fixed('INT8', '2', 0),
      scale,
      zero,
      fixed('INT32', '2', 5, 7),
    ],
    apart: 'B',
  },
  {
    op: 'FusedConv',
    domain: contrib,
    operands: [picture, weights('4 4 1 1'), weights('4'), floats('B 4 H W')],
    attributes: { activation: 'Relu' },
    apart: 'B',
  },
  {
    op: 'QLinearConv',
    domain: contrib,
    operands: [bytes('B H W 4'), scale, zero, signedWeights('2 4 2 2'), scale, signedZero, scale, zero],
    attributes: { channels_last: 1, pads: [1, 1, 1, 1], strides: [1, 2] },
    apart: 'B',
  },
  {
    op: 'QLinearConv',
    domain: contrib,
    operands: [bytes('B 4 H W'), scale, zero, signedWeights('2 4 1 1'), scale, signedZero, scale, zero],
    apart: 'B',
  },
]

const pools: readonly Sample[] = [
  ...['MaxPool', 'AveragePool', 'LpPool'].map((op) => ({
    op,
    operands: [picture],
    attributes: pool,
    apart: 'B',
  })),
  { op: 'MaxPool', operands: [picture], attributes: pool, outputs: 2, apart: 'B' },
  {
    op: 'AveragePool',
    operands: [picture],
    attributes: { ...pool, ceil_mode: 1, count_include_pad: 1 },
    apart: 'B',
  },
  ...['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'].map((op) => ({
    op,
    operands: [floats('B C 2 2')],
    apart: 'BC',
  })),
]

const resizing: readonly Sample[] = [
  { op: 'Resize', opset: 13, operands: [picture, undefined, fixed('FP32', '4', 1, 1, 2, 2)], apart: 'B' },
  {
    op: 'Resize',
    opset: 13,
    operands: [picture, undefined, fixed('FP32', '4', 1, 1, 2, 2)],
    attributes: { mode: 'cubic', coordinate_transformation_mode: 'align_corners' },
    apart: 'B',
  },
  { op: 'Upsample', opset: 9, operands: [picture, fixed('FP32', '4', 1, 1, 2, 2)], apart: 'B' },
  {
    op: 'Upsample',
    opset: 8,
    operands: [picture],
    attributes: { scales: { floats: [1, 1, 2, 2] } },
    apart: 'B',
  },
  { op: 'Resize', opset: 10, operands: [picture, fixed('FP32', '4', 1, 1, 2, 2)], apart: 'B' },
  {
    op: 'Resize',
    opset: 18,
    operands: [picture, undefined, undefined, fixed('INT64', '2', 5, 2)],
    attributes: { axes: [2, 3], mode: 'linear', antialias: 1 },
    apart: 'B',
  },
  { op: 'DepthToSpace', operands: [picture], attributes: { blocksize: 2 }, apart: 'B' },
  { op: 'SpaceToDepth', operands: [floats('B C 2 2')], attributes: { blocksize: 2 }, apart: 'B' },
  { op: 'GridSample', operands: [picture, floats('B 3 3 2', [-1, 1])], apart: 'B' },
]

/** Places of all kinds, in inputs of two and three axes, where the rows are among those that onnxruntime interpolates. */
const places: readonly Sample[] = [
  'half_pixel',
  'pytorch_half_pixel',
  'align_corners',
  'asymmetric',
  'half_pixel_symmetric',
  'tf_half_pixel_for_nn',
].flatMap((place) =>
  ['nearest', 'linear', 'cubic'].flatMap((mode) =>
    ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']
      .filter((_, index) => index === 0 || mode === 'nearest')
      .flatMap((rounding) =>
        ['B 4', 'B 2 4']
          .filter((axes) => mode !== 'cubic' || axes === 'B 4')
          .map((axes) => ({
            op: 'Resize',
            opset: 19,
            operands: [
              floats(axes),
              undefined,
              fixed(
                'FP32',
                `${axes.split(' ').length}`,
                ...axes.split(' ').map((axis) => (axis === '4' ? 2 : 1)),
              ),
            ],
            attributes: { coordinate_transformation_mode: place, mode, nearest_mode: rounding },
            apart: place.startsWith('tf') || mode !== 'nearest' ? '' : 'B',
          })),
      ),
  ),
)

const statistics: readonly Sample[] = [
  {
    op: 'BatchNormalization',
    operands: [picture, weights('4'), weights('4'), weights('4'), fixed('FP32', '4', 1, 2)],
    apart: 'B',
  },
  { op: 'InstanceNormalization', operands: [picture, weights('4'), weights('4')], apart: 'B' },
  {
    op: 'GroupNormalization',
    opset: 21,
    operands: [picture, weights('4'), weights('4')],
    attributes: { num_groups: 2 },
    apart: 'B',
  },
  {
    op: 'GroupNorm',
    domain: contrib,
    operands: [floats('B H W 4'), weights('4'), weights('4')],
    attributes: { groups: 2, activation: 0 },
    apart: '',
  },
  {
    op: 'BatchNormalization',
    opset: 8,
    operands: [picture, weights('4'), weights('4'), weights('4'), fixed('FP32', '4', 1, 2)],
    apart: 'B',
  },
  { op: 'LRN', operands: [picture], attributes: { size: 3 }, apart: 'B' },
  { op: 'MeanVarianceNormalization', operands: [picture], attributes: { axes: [1, 2, 3] }, apart: 'B' },
  { op: 'MeanVarianceNormalization', operands: [picture], apart: '' },
]

const quantized: readonly Sample[] = [
  {
    op: 'QLinearAveragePool',
    domain: contrib,
    operands: [bytes('B 4 H W'), scale, zero, scale, zero],
    attributes: pool,
    apart: 'B',
  },
  {
    op: 'QLinearGlobalAveragePool',
    domain: contrib,
    operands: [bytes('B 4 2 2'), scale, zero, scale, zero],
    apart: 'B',
  },
  {
    op: 'QLinearGlobalAveragePool',
    domain: contrib,
    operands: [bytes('B 2 2 4'), scale, zero, scale, zero],
    attributes: { channels_last: 1 },
    apart: 'B',
  },
  {
    op: 'QLinearAveragePool',
    domain: contrib,
    operands: [bytes('B H W 4'), scale, zero, scale, zero],
    attributes: { ...pool, channels_last: 1 },
    apart: 'B',
  },
  {
    op: 'NhwcMaxPool',
    domain: contrib,
    operands: [bytes('B H W 4')],
    attributes: { ...pool, strides: [2, 1] },
    apart: 'B',
  },
]

export const pictureSamples: readonly Sample[] = [
  ...convolutions,
  ...pools,
  ...resizing,
  ...places,
  ...statistics,
  ...quantized,
]
