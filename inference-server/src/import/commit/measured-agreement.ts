/** How the answers of an optimized version, and its speed, differ from those of its parent: measured, whatever the optimizer says. */
import { randomInt } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ModelAgreement, VersionOptimization } from '@gantry/contract/optimizing.ts'
import { compareGraphs } from '../../agreement/compare.ts'
import type { PairAnswer } from '../../agreement/messages.ts'
import { ImportError, showBytes } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import type { Log } from '../../process/log.ts'
import { memoryBytes } from '../../process/memory.ts'
import type { StagedFile } from '../staged-file.ts'
import { partsOf } from '../staged-model.ts'

export type Measured = Pick<VersionOptimization, 'agreement' | 'agreementUnknown' | 'sizeBytes' | 'speedup'>

/** One version or the other. */
interface Side {
  /** Absolute. */
  readonly dir: string
  readonly files: readonly StagedFile[]
}

export interface Sides {
  readonly parent: Side
  readonly made: Side
  /** Paths of the graphs that a server opens, the one that answers first. */
  readonly graphs: readonly string[]
  /** Absolute path of the file that `samples` has written; undefined: inputs are generated. */
  readonly samples: string | undefined
  readonly log: Log
  readonly signal: AbortSignal
}

/** A large model answers 128 inputs in some minutes. */
const budgetMs = 10 * 60_000
/** Copies of a graph and its weights in memory: the file and what the runtime makes of it. */
const copies = 2
/** The runtime itself, and the tensors of a run. */
const runtimeBytes = 384 * 2 ** 20
const seeds = 2 ** 32

const bytesOf = (parts: readonly StagedFile[]): number =>
  parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/** The graphs that the optimizer has changed; one that it has not is compared where there is no other. */
const changed = ({ parent, made, graphs }: Sides): readonly string[] => {
  const hashes = (side: Side, graph: string) =>
    partsOf(side.dir, side.files, graph)
      .map(({ sha256 }) => sha256)
      .toSorted()
  const found = graphs.filter((graph) => !isDeepStrictEqual(hashes(parent, graph), hashes(made, graph)))
  return found.length > 0 ? found : graphs.slice(0, 1)
}

/** @returns a sentence without its full stop where both graphs do not fit into memory together */
const tooLarge = ({ parent, made }: Sides, graph: string): string | undefined => {
  const needed =
    copies *
      (bytesOf(partsOf(parent.dir, parent.files, graph)) + bytesOf(partsOf(made.dir, made.files, graph))) +
    runtimeBytes
  const given = memoryBytes()
  return needed <= given
    ? undefined
    : `running both takes ${showBytes(needed)} of memory, and there are ${showBytes(given)}; set spec.optimize.resources.limits.memory`
}

const compared = async (sides: Sides, graph: string): Promise<PairAnswer> => {
  const { parent, made, samples, signal, log } = sides
  const before = join(parent.dir, graph)
  if (!(await stat(before).catch(() => undefined)))
    return { kind: 'unknown', why: 'its parent has no graph of this name', detail: graph }
  const why = tooLarge(sides, graph)
  if (why !== undefined) return { kind: 'unknown', why }
  const seed = randomInt(seeds)
  const hasSamples = samples !== undefined && graph === sides.graphs[0]
  const pair = {
    before,
    after: join(made.dir, graph),
    samples: hasSamples ? samples : undefined,
    seed,
    budgetMs,
  }
  const answer = await compareGraphs(pair, signal)
  log.info('ran the graph and that of its parent', { graph, seed, answer })
  return answer
}

const refused = (graph: string, { why, detail }: Exclude<PairAnswer, { kind: 'compared' }>): ImportError =>
  new ImportError(
    'ImportFailed',
    `the graph of the optimizer cannot stand in for that of its parent: ${why}; give another recipe`,
    'never',
    { detail: `${quotedText(graph)}${detail === undefined ? '' : `: ${detail}`}` },
  )

const worse = (one: ModelAgreement | undefined, other: ModelAgreement): ModelAgreement =>
  one && one.sameAnswers <= other.sameAnswers ? one : other

/** Bytes of graphs with their weights; a file that several share counts once. */
const sizeOf = ({ dir, files }: Side, graphs: readonly string[]): number =>
  bytesOf([...new Set(graphs.flatMap((graph) => partsOf(dir, files, graph)))])

/**
 * The agreement of the graph whose answers differ most, and the least of their speedups. The sizes are those of the graphs that were changed.
 * @throws ImportError where a graph is none, or does not answer what its parent answers
 */
export const measuredAgreement = async (sides: Sides): Promise<Measured> => {
  const graphs = changed(sides)
  const sizeBytes = { before: sizeOf(sides.parent, graphs), after: sizeOf(sides.made, graphs) }
  let agreement: ModelAgreement | undefined
  const speedups: (number | undefined)[] = []
  for (const graph of graphs) {
    const answer = await compared(sides, graph)
    if (answer.kind !== 'compared') {
      if (answer.kind === 'refused') throw refused(graph, answer)
      return { sizeBytes, agreementUnknown: answer.why }
    }
    agreement = worse(agreement, answer.agreement)
    speedups.push(answer.speedup)
  }
  if (!agreement) return { sizeBytes, agreementUnknown: 'there is no graph to compare' }
  const known = speedups.filter((speedup) => speedup !== undefined)
  return { sizeBytes, agreement, ...(known.length === graphs.length ? { speedup: Math.min(...known) } : {}) }
}
