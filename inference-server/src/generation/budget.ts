import { elementBytes, elementCount, type NumericDatatype } from '../tensors/tensor.ts'
import type { DecoderGraph } from './graph.ts'

/** While a step runs, caches are there up to three times: its input, the graph's own copy, and the output. */
const shareOfMemory = 1 / 8

/** Bytes that all caches hold of one token. */
const tokenBytes = ({ caches }: Pick<DecoderGraph, 'caches'>): number =>
  caches
    .filter(({ ofSource }) => !ofSource)
    .map(({ past: { shape, datatype } }) => {
      const fixed = shape.filter((length) => length > 0)
      return elementCount(fixed) * elementBytes(datatype as NumericDatatype)
    })
    .reduce((sum, bytes) => sum + bytes, 0)

/**
 * Tokens of all texts that are generated side by side, where no option sets the number.
 * @param memoryBytes that the process may have
 */
export const cacheTokens = (graph: Pick<DecoderGraph, 'caches'>, memoryBytes: number): number =>
  Math.max(1, Math.floor((memoryBytes * shareOfMemory) / Math.max(1, tokenBytes(graph))))
