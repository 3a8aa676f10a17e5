/**
 * Samples: one valid call of an operator each, with letters for the axes, so that the rows can be laid along any of them.
 * `floats('B S 4')` is an operand of three axes, of which a graph makes one the rows and gives the others a fixed length.
 */
import type { Datatype } from '../../../tensors/tensor.ts'
import type { Attribute } from '../../../testing/onnx.ts'

export interface Operand {
  readonly datatype: Datatype
  /** Letters are axes that may hold the rows; numbers are lengths. */
  readonly axes: readonly string[]
  readonly least: number
  readonly most: number
  /** Always a constant: weights, scales, tables. */
  readonly fixed: boolean
  /** Elements of a constant, where they may not be made up. */
  readonly numbers?: readonly number[]
}

export interface Sample {
  readonly op: string
  readonly domain?: string
  readonly opset?: number
  /** Version of ai.onnx.ml, where it is not the usual one. */
  readonly learningOpset?: number
  /** Undefined is an input left away. */
  readonly operands: readonly (Operand | undefined)[]
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly outputs?: number
  /** Letters along which rows stay apart, and the prover must say so of the first output. */
  readonly apart: string
  /** The rows share a scale of 8 bits, which moves numbers by no more than this. */
  readonly scaled?: number
}

const axesOf = (text: string): readonly string[] => text.split(' ').filter((axis) => axis !== '')

const operand =
  (datatype: Datatype, least: number, most: number, fixed: boolean) =>
  (text: string, range?: readonly [least: number, most: number]): Operand => ({
    datatype,
    axes: axesOf(text),
    least: range?.[0] ?? least,
    most: range?.[1] ?? most,
    fixed,
  })

export const floats = operand('FP32', -2, 2, false)
export const integers = operand('INT64', 0, 1, false)
export const words32 = operand('INT32', 0, 1, false)
export const flags = operand('BOOL', 0, 1, false)
export const bytes = operand('UINT8', 0, 255, false)
export const signedBytes = operand('INT8', -100, 100, false)
export const texts = operand('BYTES', 0, 3, false)
export const weights = operand('FP32', -1, 1, true)
export const byteWeights = operand('UINT8', 0, 255, true)
export const signedWeights = operand('INT8', -100, 100, true)

/** A constant of these numbers. */
export const fixed = (datatype: Datatype, text: string, ...numbers: readonly number[]): Operand => ({
  datatype,
  axes: axesOf(text),
  least: 0,
  most: 0,
  fixed: true,
  numbers,
})
export const scale = fixed('FP32', '', 0.1)
export const zero = fixed('UINT8', '', 100)
export const signedZero = fixed('INT8', '', 3)
