/** Runs a graph and the one that was made of it on the same inputs, on the serving runtime. */
import { availableParallelism } from 'node:os'
import { shownDuration } from '@gantry/contract/duration.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { readModel } from '../onnx/read-model.ts'
import { readThresholds } from '../onnx/tree-thresholds.ts'
import { openSession, runSession, type Session, signatureOf } from '../sessions/session.ts'
import type { NamedTensors, Signature } from '../tensors/tensor.ts'
import { createComparison } from './comparison.ts'
import {
  type GenerateInputs,
  hasPast,
  inputGenerator,
  longestTexts,
  NotGenerated,
  shortestText,
} from './generated-inputs.ts'
import type { GraphPair, PairAnswer } from './messages.ts'
import { openSampleFile, type SampleFile } from './sample-file.ts'

/** One other answer of so many is 0.8 %, less than the drop that is allowed by default. */
const mostInputs = 128
/** Inputs that have to be answered in time, where there are so many: fewer say nothing. */
const fewestInputs = 16
/** Runs of both graphs, after which the runtime has its buffers. */
const warmRuns = 3
const longestDetail = 300

const said = (error: unknown): string => plainText((error as Error).message, longestDetail)

/** Why two graphs cannot be compared. Both texts are sentences without their full stop. */
class Incomparable extends Error {
  override readonly name = 'Incomparable'
  readonly kind: 'unknown' | 'refused'
  readonly detail: string | undefined

  /** @param detail has words of the graph */
  constructor(kind: 'unknown' | 'refused', why: string, detail?: string) {
    super(why)
    this.kind = kind
    this.detail = detail
  }
}

interface Graph {
  readonly session: Session
  readonly signature: Signature
}

const opened = async (path: string): Promise<Graph> => {
  const session = await openSession(path, availableParallelism(), 'cpu')
  return { session, signature: signatureOf(session, path) }
}

const typesOf = (values: Signature['inputs']): string =>
  values.map(({ name, datatype }) => `${name} ${datatype}`).join(', ')

/** Names and types of inputs and outputs are what callers rely on. @throws Incomparable */
const requireSignature = (before: Signature, after: Signature): void => {
  for (const side of ['inputs', 'outputs'] as const) {
    const [old, made] = [typesOf(before[side]), typesOf(after[side])]
    if (old === made) continue
    const detail = plainText(`its ${side} are ${made}, and those of its parent ${old}`, 2 * longestDetail)
    throw new Incomparable('refused', `it has other ${side}`, detail)
  }
}

/** The inputs of both graphs, and what made them. */
interface Inputs {
  readonly kind: 'dataset' | 'generated'
  readonly answering: string | undefined
  readonly count: number
  readonly next: (index: number) => Promise<NamedTensors>
}

const sampled = ({ judging, answering, row }: SampleFile): Inputs => ({
  kind: 'dataset',
  answering,
  count: Math.min(mostInputs, judging.length),
  next: (index) => row(judging[index] as number),
})

/** @returns whether the graph goes on from a past; the names of its axes may not say which of them grow */
const goesOn = async (
  { session, signature }: Graph,
  next: GenerateInputs,
  longest: number,
): Promise<boolean> =>
  hasPast(signature) &&
  runSession(session, next(longest, longest, true)).then(
    () => true,
    () => false,
  )

/** @throws Incomparable */
const generated = async ({ before: path, seed }: GraphPair, before: Graph): Promise<Inputs> => {
  const known = { model: readModel(path), thresholds: readThresholds(path) }
  let why = ''
  for (const longest of longestTexts) {
    const next = inputGenerator(known, before.signature, seed)
    try {
      // The tables of places of a graph may end early.
      await runSession(before.session, next(longest, longest, false))
      const isDecoder = await goesOn(before, next, longest)
      return {
        kind: 'generated',
        answering: undefined,
        count: mostInputs,
        next: async (index) => next(shortestText, longest, isDecoder && index % 2 === 1),
      }
    } catch (error) {
      why = said(error)
      if (error instanceof NotGenerated) break
    }
  }
  throw new Incomparable('unknown', 'no inputs can be generated that its parent answers', why)
}

const answered = (
  { session }: Graph,
  inputs: NamedTensors,
  kind: Incomparable['kind'],
  why: string,
): Promise<NamedTensors> =>
  runSession(session, inputs).catch((error: unknown) => {
    throw new Incomparable(kind, why, said(error))
  })

/** Both graphs have run on the same input one after the other, so a busy machine changes single ratios and not their median. */
const speedupOf = (ratios: readonly number[]): number | undefined => {
  const measured = ratios.slice(warmRuns).filter((ratio) => Number.isFinite(ratio) && ratio > 0)
  if (measured.length < fewestInputs - warmRuns) return undefined
  return measured.toSorted((one, other) => one - other)[Math.floor(measured.length / 2)]
}

/** @throws Incomparable */
const compared = async (
  { budgetMs }: GraphPair,
  { kind, answering, count, next }: Inputs,
  before: Graph,
  after: Graph,
): Promise<PairAnswer> => {
  const names = before.signature.outputs.map(({ name }) => name)
  const comparison = createComparison(names, answering)
  const endMs = performance.now() + budgetMs
  const ratios: number[] = []
  for (let at = 0; at < count && performance.now() < endMs; at++) {
    const inputs = await next(at)
    const beginMs = performance.now()
    const first = await answered(before, inputs, 'unknown', 'its parent refuses an input')
    const betweenMs = performance.now()
    const second = await answered(after, inputs, 'refused', 'it refuses an input that its parent answers')
    ratios.push((betweenMs - beginMs) / (performance.now() - betweenMs))
    comparison.add(inputs, first, second)
  }
  const samples = ratios.length
  if (samples < Math.min(count, fewestInputs)) {
    const why = `both answered only ${samples} inputs in ${shownDuration(budgetMs)}`
    throw new Incomparable('unknown', why)
  }
  const result = comparison.result()
  if (!result) throw new Incomparable('unknown', 'its parent answers with nothing to compare')
  return {
    kind: 'compared',
    agreement: { inputs: kind, samples, ...result },
    speedup: speedupOf(ratios),
  }
}

const loaded = (path: string, kind: Incomparable['kind'], why: string): Promise<Graph> =>
  opened(path).catch((error: unknown) => {
    throw new Incomparable(kind, why, said(error))
  })

/** @throws Incomparable */
const answerOf = async (pair: GraphPair): Promise<PairAnswer> => {
  const before = await loaded(pair.before, 'unknown', 'the runtime cannot load its parent')
  const after = await loaded(pair.after, 'refused', 'the runtime cannot load it')
  requireSignature(before.signature, after.signature)
  if (pair.samples === undefined) return compared(pair, await generated(pair, before), before, after)
  await using file = await openSampleFile(pair.samples)
  return await compared(pair, sampled(file), before, after)
}

/** Blocks its thread while a graph runs. */
export const comparePair = async (pair: GraphPair): Promise<PairAnswer> => {
  try {
    return await answerOf(pair)
  } catch (error) {
    if (!(error instanceof Incomparable))
      return { kind: 'unknown', why: 'the comparison met an error', detail: said(error) }
    const { kind, message: why, detail } = error
    return { kind, why, ...(detail === undefined ? {} : { detail }) }
  }
}
