import { contrib } from '../builder.ts'
import { bytes, fixed, floats, integers, type Sample, scale, weights, zero } from './sample.ts'

const table = floats('B S 4')
const last = fixed('INT64', '1', 2)

const reductions =
  'ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare'

export const normalizingSamples: readonly Sample[] = [
  { op: 'LayerNormalization', operands: [table, weights('4'), weights('4')], outputs: 3, apart: 'BS' },
  { op: 'LayerNormalization', operands: [table, weights('S 4')], attributes: { axis: 1 }, apart: 'B' },
  { op: 'RMSNormalization', opset: 23, operands: [table, weights('4')], apart: 'BS' },
  { op: 'SimplifiedLayerNormalization', operands: [table, weights('4')], apart: 'BS' },
  {
    op: 'SkipLayerNormalization',
    domain: contrib,
    operands: [table, table, weights('4'), weights('4'), weights('4')],
    outputs: 4,
    apart: 'BS',
  },
  {
    op: 'SkipLayerNormalization',
    domain: contrib,
    operands: [table, floats('1 S 4'), weights('4'), weights('4')],
    apart: 'B',
  },
  {
    op: 'SkipSimplifiedLayerNormalization',
    domain: contrib,
    operands: [table, table, weights('4'), weights('4')],
    outputs: 4,
    apart: 'BS',
  },
  ...['Softmax', 'LogSoftmax', 'Hardmax'].flatMap((op) => [
    { op, operands: [table], apart: 'BS' },
    { op, opset: 11, operands: [table], attributes: { axis: 1 }, apart: 'B' },
    { op, opset: 11, operands: [table], attributes: { axis: 0 }, apart: '' },
  ]),
  {
    op: 'QLinearSoftmax',
    domain: contrib,
    operands: [bytes('B S 4'), scale, zero, fixed('FP32', '', 1 / 256), fixed('UINT8', '', 0)],
    attributes: { axis: -1, opset: 13 },
    apart: 'BS',
  },
  { op: 'LpNormalization', operands: [table], attributes: { axis: 1, p: 1 }, apart: 'B' },
  { op: 'CumSum', operands: [table, fixed('INT64', '', 1)], apart: 'B' },
  { op: 'CumProd', opset: 26, operands: [table, fixed('INT64', '', 1)], apart: 'B' },
  { op: 'Trilu', operands: [table], apart: 'B' },
  { op: 'Trilu', operands: [table, fixed('INT64', '', 1)], attributes: { upper: 0 }, apart: 'B' },
  ...reductions.split(' ').flatMap((op) => [
    { op, opset: 18, operands: [table, last], apart: 'BS' },
    { op, opset: 18, operands: [table], attributes: { noop_with_empty_axes: 1 }, apart: 'BS' },
    { op, opset: 11, operands: [table], attributes: { axes: [-2], keepdims: 0 }, apart: 'B' },
    { op, opset: 11, operands: [table], attributes: { axes: [0, 2] }, apart: 'S' },
  ]),
  ...['ArgMax', 'ArgMin'].flatMap((op) => [
    { op, operands: [table], attributes: { axis: 1, keepdims: 0 }, apart: 'B' },
    { op, operands: [table], apart: 'S' },
  ]),
  { op: 'TopK', operands: [table, fixed('INT64', '1', 2)], outputs: 2, apart: 'BS' },
  { op: 'TopK', opset: 9, operands: [table], attributes: { axis: 2, k: 2 }, outputs: 2, apart: 'BS' },
  {
    op: 'OneHot',
    operands: [integers('B S', [0, 2]), fixed('INT64', '', 3), fixed('FP32', '2', 0, 1)],
    attributes: { axis: 1 },
    apart: 'BS',
  },
]
