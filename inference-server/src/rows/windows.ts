import { at, flag, intsAttribute, type RuleNode, textAttribute } from './node.ts'
import { constantPolynomial, type Polynomial, sum } from './polynomial.ts'
import type { TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** How a kernel moves along one spatial axis. */
export interface Window {
  /** Undefined where it is not known. */
  readonly kernel: number | undefined
  readonly stride: number
  readonly dilation: number
  readonly before: number
  readonly after: number
  readonly autoPad: string
  readonly ceil: boolean
}

/** Kernel lengths: an attribute, or the lengths of constant weights. */
const kernelOf = (node: RuleNode, weights: TensorState | undefined): readonly (number | undefined)[] => {
  const given = intsAttribute(node, 'kernel_shape')
  if (given && given.length > 0) return given
  return (weights?.lengths ?? [])
    .slice(2)
    .map(({ constant }) => (typeof constant === 'number' ? constant : undefined))
}

export const windowsOf = (
  node: RuleNode,
  count: number,
  weights: TensorState | undefined,
): readonly Window[] => {
  const kernel = kernelOf(node, weights)
  const strides = intsAttribute(node, 'strides')
  const dilations = intsAttribute(node, 'dilations')
  const pads = intsAttribute(node, 'pads')
  const autoPad = textAttribute(node, 'auto_pad', 'NOTSET')
  const ceil = flag(node, 'ceil_mode')
  return Array.from({ length: count }, (_, index) => ({
    kernel: kernel[index],
    stride: strides ? at(strides, index) : 1,
    dilation: dilations ? at(dilations, index) : 1,
    before: pads ? at(pads, index) : 0,
    after: pads ? at(pads, index + count) : 0,
    autoPad,
    ceil,
  }))
}

const fixedLength = (node: RuleNode, length: number, window: Window, kernel: number): Polynomial => {
  const { stride, dilation, before, after, autoPad } = window
  if (autoPad.startsWith('SAME')) return constantPolynomial(Math.ceil(length / stride))
  if (window.ceil) return node.numbers.fresh()
  const padding = autoPad === 'VALID' ? 0 : before + after
  return constantPolynomial(Math.floor((length + padding - dilation * (kernel - 1) - 1) / stride) + 1)
}

/** The length by the formula where all is constant, otherwise a symbol named by what it depends on. */
const windowedLength = (node: RuleNode, length: Polynomial, window: Window): Polynomial => {
  const { kernel, stride, dilation, before, after, autoPad, ceil } = window
  const { numbers } = node
  if (kernel === undefined) return numbers.fresh()
  if (typeof length.constant === 'number') return fixedLength(node, length.constant, window, kernel)
  if (stride === 1 && autoPad === 'NOTSET' && !ceil) {
    const added = constantPolynomial(before + after - dilation * (kernel - 1))
    return numbers.length(sum(length, added), true)
  }
  const name = `conv${kernel}:${stride}:${dilation}:${before}:${after}:${autoPad}:${ceil ? 1 : 0}`
  const result = numbers.opaque(name, [length], { least: 1 })
  need(result, 'a spatial axis depends on the number of rows')
  return result
}

/** [batch, channels, spatial ...] of the result. */
export const windowedLengths = (
  node: RuleNode,
  data: TensorState,
  weights: TensorState | undefined,
  channels: Polynomial | undefined,
): readonly Polynomial[] | undefined => {
  if (!data.lengths) return undefined
  const spatial = data.lengths.slice(2)
  const windows = windowsOf(node, spatial.length, weights)
  return [
    at(data.lengths, 0),
    channels ?? at(data.lengths, 1),
    ...spatial.map((length, index) => windowedLength(node, length, at(windows, index))),
  ]
}

/** [batch, spatial ..., channels], from the same lengths with the channels in front. */
const channelsBehind = (lengths: readonly Polynomial[]): readonly Polynomial[] => {
  const [batch, channels, ...spatial] = lengths as [Polynomial, Polynomial, ...Polynomial[]]
  return [batch, ...spatial, channels]
}

/** [batch, spatial ..., channels] of the result. */
export const windowedChannelsLast = (
  node: RuleNode,
  data: TensorState,
  weights: TensorState | undefined,
  channels?: Polynomial,
): readonly Polynomial[] | undefined => {
  if (!data.lengths) return undefined
  const last = at(data.lengths, data.lengths.length - 1)
  const inFront = [at(data.lengths, 0), last, ...data.lengths.slice(1, -1)]
  const lengths = windowedLengths(node, { ...data, lengths: inFront }, weights, channels)
  return lengths && channelsBehind(lengths)
}
