/** What a chunk of random graphs tells of each of them. */
import type { Fact } from './facts.ts'

export interface GraphReport {
  readonly seed: number
  /** Nothing grew, or onnxruntime refuses the whole of what it took node by node. */
  readonly outcome: 'compared' | 'nothing grew' | 'refused'
  /** Mixtures of rows that ran whole and in parts. */
  readonly compared: number
  readonly verdict: string
  readonly tensors: Readonly<Partial<Record<Fact['kind'], number>>>
  /** Operators with the number of their outputs that have a row axis and were compared. */
  readonly executed: Readonly<Record<string, number>>
  /** Sentences about what contradicts the prover, with the graph. */
  readonly contradictions: readonly string[]
}

export interface Tally extends Omit<GraphReport, 'seed' | 'outcome' | 'verdict'> {
  readonly graphs: number
  /** Graphs at which onnxruntime aborted the process, by seed. */
  readonly lost: readonly number[]
  readonly refused: number
  readonly verdicts: Readonly<Record<string, number>>
}

const summed = <K extends string>(
  left: Readonly<Partial<Record<K, number>>>,
  right: Readonly<Partial<Record<K, number>>>,
): Partial<Record<K, number>> => {
  const sums: Partial<Record<K, number>> = { ...left }
  for (const [key, count] of Object.entries(right) as [K, number][]) sums[key] = (sums[key] ?? 0) + count
  return sums
}

export const tallyOf = (reports: readonly GraphReport[], lost: readonly number[]): Tally => ({
  graphs: reports.length + lost.length,
  lost,
  refused: reports.filter(({ outcome }) => outcome === 'refused').length,
  compared: reports.reduce((sum, { compared }) => sum + compared, 0),
  verdicts: reports
    .filter(({ compared }) => compared > 0)
    .reduce<Record<string, number>>(
      (sums, { verdict }) => summed(sums, { [verdict]: 1 }) as Record<string, number>,
      {},
    ),
  tensors: reports.reduce<GraphReport['tensors']>((sums, { tensors }) => summed(sums, tensors), {}),
  executed: reports.reduce<Record<string, number>>(
    (sums, { executed }) => summed(sums, executed) as Record<string, number>,
    {},
  ),
  contradictions: reports.flatMap(({ contradictions }) => contradictions),
})

/** An operator as tests and messages name it. */
export const operatorName = (domain: string | undefined, op: string): string =>
  domain === undefined || domain === '' ? op : `${domain}.${op}`
