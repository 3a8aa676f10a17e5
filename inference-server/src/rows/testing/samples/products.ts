import { contrib } from '../builder.ts'
import {
  bytes,
  byteWeights,
  fixed,
  floats,
  type Sample,
  scale,
  signedWeights,
  signedZero,
  weights,
  zero,
} from './sample.ts'

const fused = (
  op: string,
  axes: readonly [string, string],
  flags: Record<string, number>,
  apart: string,
) => ({
  op,
  domain: contrib,
  operands: [floats(axes[0]), floats(axes[1])],
  attributes: flags,
  apart,
})

const plain: readonly Sample[] = [
  { op: 'MatMul', operands: [floats('B S 4'), weights('4 5')], apart: 'BS' },
  { op: 'MatMul', operands: [floats('B S 4'), floats('B 4 T')], apart: 'BST' },
  { op: 'MatMul', operands: [floats('B K'), floats('K')], apart: 'B' },
  { op: 'MatMul', operands: [floats('K'), floats('K B')], apart: 'B' },
  { op: 'MatMul', operands: [floats('K'), floats('B K T')], apart: 'BT' },
  { op: 'Gemm', operands: [floats('B 4'), weights('4 5'), weights('5')], apart: 'B' },
  {
    op: 'Gemm',
    operands: [floats('K B'), floats('C K'), floats('B 1')],
    attributes: { transA: 1, transB: 1 },
    apart: 'B',
  },
  {
    op: 'Einsum',
    operands: [floats('B S 4'), weights('4 5')],
    attributes: { equation: 'bsd,de->sbe' },
    apart: 'BS',
  },
  {
    op: 'Einsum',
    operands: [floats('B S 4'), floats('B T 4')],
    attributes: { equation: '...sd,...td->...st' },
    apart: 'BST',
  },
  { op: 'Einsum', operands: [floats('B S'), floats('B S')], attributes: { equation: 'ij,ij' }, apart: '' },
]

const fusedSamples: readonly Sample[] = [
  fused('FusedMatMul', ['B S 4', 'B T 4'], { transB: 1 }, 'BST'),
  fused('FusedMatMul', ['B 4 S', 'B 4 T'], { transA: 1 }, 'BST'),
  fused('TransposeMatMul', ['B S 4', 'B T 4'], { transB: 1 }, 'BST'),
  fused('FusedMatMul', ['S B 4', 'B 4 T'], { transBatchA: 1 }, 'BST'),
  fused('FusedMatMul', ['B S 4', '4 B T'], { transBatchB: 1 }, 'BST'),
  fused('FusedMatMul', ['4 B S', '4 B T'], { transBatchA: 1, transBatchB: 1, transA: 1 }, 'BST'),
  {
    op: 'FusedMatMul',
    domain: contrib,
    operands: [floats('1 4 B'), weights('4')],
    attributes: { transA: 1, transB: 1 },
    apart: '',
  },
  {
    op: 'FusedMatMul',
    domain: contrib,
    operands: [floats('4 B'), weights('4')],
    attributes: { transA: 1 },
    apart: '',
  },
  {
    op: 'FusedGemm',
    domain: contrib,
    operands: [floats('B 4'), weights('4 5'), weights('5')],
    attributes: { activation: 'Relu' },
    apart: 'B',
  },
]

/** 32 weights: a scale of 1/16 as a float of 4 bytes, the zero point, and 4 bits for each weight. */
const blockOfBits = [0, 0, 128, 61, 8, ...Array.from({ length: 16 }, (_, index) => (index * 37) % 256)]

const quantized: readonly Sample[] = [
  { op: 'MatMulInteger', operands: [bytes('B S 4'), signedWeights('4 5'), zero, signedZero], apart: 'BS' },
  {
    op: 'MatMulInteger',
    operands: [bytes('B S 4'), signedWeights('4 5'), zero, fixed('INT8', '5', 1, 2, 3)],
    apart: 'BS',
  },
  { op: 'MatMulInteger', operands: [bytes('B S 4'), bytes('B 4 T'), zero, zero], apart: 'BST' },
  {
    op: 'QLinearMatMul',
    operands: [bytes('B S 4'), scale, zero, signedWeights('4 5'), scale, signedZero, scale, zero],
    apart: 'BS',
  },
  {
    op: 'QLinearMatMul',
    operands: [bytes('B S 4'), scale, zero, bytes('B 4 T'), scale, zero, scale, zero],
    apart: 'BST',
  },
  {
    op: 'MatMulIntegerToFloat',
    domain: contrib,
    operands: [
      bytes('B S 4'),
      signedWeights('4 5'),
      scale,
      weights('5'),
      zero,
      fixed('INT8', '5', 1, 2),
      weights('5'),
    ],
    apart: 'BS',
  },
  {
    op: 'MatMulIntegerToFloat',
    domain: contrib,
    operands: [bytes('B S 4'), signedWeights('4 5'), floats('B S 1'), weights('5'), zero],
    apart: 'BS',
  },
  {
    op: 'MatMulIntegerToFloat',
    domain: contrib,
    operands: [bytes('B S 4'), signedWeights('4 5'), floats('S 5'), weights('5'), zero],
    apart: '',
  },
  {
    op: 'DynamicQuantizeMatMul',
    domain: contrib,
    operands: [floats('B S 4'), signedWeights('4 5'), scale, signedZero, weights('5')],
    apart: 'BS',
    scaled: 1,
  },
  {
    op: 'QGemm',
    domain: contrib,
    operands: [
      bytes('B 4'),
      scale,
      zero,
      signedWeights('4 5'),
      scale,
      signedZero,
      fixed('INT32', '5', 3, -2),
      scale,
      zero,
    ],
    apart: 'B',
  },
  {
    op: 'QGemm',
    domain: contrib,
    operands: [bytes('B 4'), scale, zero, signedWeights('4 5'), scale, signedZero],
    apart: 'B',
  },
  {
    op: 'MatMulNBits',
    domain: contrib,
    operands: [floats('B S 16'), byteWeights('3 1 8'), weights('3')],
    attributes: { K: 16, N: 3, bits: 4, block_size: 16 },
    apart: 'BS',
  },
  {
    op: 'MatMulBnb4',
    domain: contrib,
    operands: [floats('B S 16'), byteWeights('32'), weights('4')],
    attributes: { K: 16, N: 4, block_size: 16, quant_type: 1 },
    apart: 'BS',
  },
  {
    op: 'MatMulFpQ4',
    domain: contrib,
    operands: [floats('B 32'), fixed('UINT8', '84', ...blockOfBits), fixed('INT64', '2', 32, 4)],
    attributes: { blk_quant_type: 1 },
    apart: 'B',
  },
]

export const productSamples: readonly Sample[] = [...plain, ...fusedSamples, ...quantized]
