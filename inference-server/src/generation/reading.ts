/** How many tokens of the prompts one run reads. */
import { type NamedTensors, noTensors, type Tensor } from '../tensors/tensor.ts'
import type { DecoderGraph } from './graph.ts'
import { lastScores } from './logits.ts'
import { type Columns, stepInputs } from './step-inputs.ts'

/** Most tokens of prompts in one run, what fills up shorter ones included; a longer prompt is read in pieces. */
export interface ReadingLimits {
  /** Limit while no other text is generated. */
  readonly alone: number
  /** Limit while other texts are generated, which wait for this run. */
  readonly beside: number
}

/**
 * A run of 64 tokens makes as good use of the weights on a CPU as any, and takes about as long as three steps of eight
 * texts; with more than 256 each token takes longer (measured, decision 21).
 */
export const cpuReading: ReadingLimits = { alone: 256, beside: 64 }
/** A GPU reads more tokens in hardly more time. */
export const gpuReading: ReadingLimits = { alone: 1024, beside: 512 }

const probe = [0, 1, 0, 1, 1, 0] as const
/** Position at which the probe is cut. */
const cut = 2
/** Most that scores may differ, as a share of their length (L2 norm); quantization causes small differences. */
const tolerance = 0.05

const close = (found: readonly number[], wanted: readonly number[]): boolean =>
  Math.hypot(...wanted.map((score, id) => score - (found[id] ?? 0))) <= tolerance * Math.hypot(...wanted)

/**
 * Whether the graph gives the same for a prompt that is read in pieces. Some were exported for one token behind a cache, and
 * others take more but let them see what comes after them.
 */
export const readsInPieces = async (
  graph: DecoderGraph,
  run: (inputs: NamedTensors) => Promise<NamedTensors>,
): Promise<boolean> => {
  // The first run of such a graph takes another branch than all others.
  if (graph.cached || graph.source) return false
  const piece = (caches: readonly Tensor[], columns: Columns): Promise<NamedTensors> =>
    run(stepInputs(graph, { rows: [{ ids: probe }], context: noTensors, caches }, columns))
  /** Scores of every token, in order. */
  const scoresOf = (outputs: NamedTensors): readonly number[] => {
    const { dtype, data, shape } = outputs.get('logits') as Tensor
    const [, tokens = 0, vocabulary = 0] = shape
    return [...lastScores({ dtype, data, shape: [1, 1, tokens * vocabulary] }, 0)]
  }
  try {
    const whole = await piece([], { from: 0, to: probe.length })
    const begun = await piece([], { from: 0, to: cut })
    const held = graph.caches.map(({ present }) => begun.get(present) as Tensor)
    const rest = await piece(held, { from: cut, to: probe.length })
    return close([...scoresOf(begun), ...scoresOf(rest)], scoresOf(whole))
  } catch {
    return false
  }
}
