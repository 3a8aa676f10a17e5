import { contrib } from '../builder.ts'
import { bytes, fixed, floats, type Sample, scale, signedBytes, weights, zero } from './sample.ts'

const scales = fixed('FP32', '4', 0.1, 0.2, 0.3, 0.4)
const zeros = fixed('UINT8', '4', 100, 90, 80, 70)

const linear = (domain: string): readonly Sample[] => [
  { op: 'QuantizeLinear', domain, operands: [floats('B S 4'), scale, zero], apart: 'BS' },
  { op: 'DequantizeLinear', domain, operands: [bytes('B S 4'), scale, zero], apart: 'BS' },
  {
    op: 'QuantizeLinear',
    domain,
    operands: [floats('B S 4'), scales, zeros],
    attributes: { axis: 2 },
    apart: 'BS',
  },
  {
    op: 'DequantizeLinear',
    domain,
    operands: [bytes('B S 4'), scales, zeros],
    attributes: { axis: -1 },
    apart: 'BS',
  },
]

const ofBytes = (op: string, ...more: readonly Sample['operands'][number][]): Sample => ({
  op,
  domain: contrib,
  operands: [bytes('B S 4'), scale, zero, ...more],
  apart: 'BS',
})

export const quantizingSamples: readonly Sample[] = [
  ...linear(''),
  ...linear(contrib),
  {
    op: 'DequantizeLinear',
    opset: 21,
    operands: [signedBytes('B 4'), weights('2 4'), fixed('INT8', '2 4', 1, 2)],
    attributes: { axis: 0, block_size: 2 },
    apart: '',
  },
  {
    op: 'DequantizeLinear',
    opset: 21,
    operands: [signedBytes('B 4'), floats('B 2')],
    attributes: { axis: 1, block_size: 2 },
    apart: 'B',
  },
  { op: 'DynamicQuantizeLinear', operands: [floats('B S 4')], outputs: 3, apart: 'BS', scaled: 255 },
  ofBytes('QLinearAdd', bytes('B S 4'), scale, zero, scale, zero),
  ofBytes('QLinearMul', bytes('B 1 4'), scale, zero, scale, zero),
  ofBytes('QLinearSigmoid', scale, zero),
  ofBytes('QLinearLeakyRelu', scale, zero),
]
