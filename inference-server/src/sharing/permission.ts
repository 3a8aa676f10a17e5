/**
 * Whether requests may share runs of a model: only where their rows cannot meet.
 *
 * The proof from the graph decides, and the user's setting where there is none. The probe can only take a permission back.
 */
import type { RowMode, ServedModel, Task } from '@gantry/contract/server.ts'
import type { RowProof } from '../rows/proof.ts'
import { type Closeness, quantized, rounding } from './closeness.ts'
import type { Probe } from './row-probe.ts'

export type Batching = NonNullable<ServedModel['batching']>

const alone = (rows: Batching['rows'], reason: string): Batching => ({ rows, batched: false, reason })
const shared = (rows: Batching['rows'], reason?: string): Batching => ({
  rows,
  batched: true,
  ...(reason !== undefined && { reason }),
})

const overridable =
  'if you know that rows stay apart, set spec.serve.batching.rows (--rows) to independent, which a trial at the start checks'

const unfree =
  'requests share runs of a model that is exported with a free first axis, the same for all inputs'
const notFollowed = 'spec.serve.batching.rows (--rows) says independent, which is not followed'

/** Why rows are not plainly independent, with the first node that says so. */
const explained = (proof: RowProof): string => {
  if (proof.verdict === 'independent') return 'rows are proven independent'
  const { reason, node, operator } = proof
  return operator === undefined ? reason : `${operator} '${node}' ${reason}`
}

/** What the settings say comes first, then what would keep requests apart without them. */
const toldAlone = (proof: RowProof): string => {
  const told = 'spec.serve.batching.rows (--rows) is alone'
  return proof.verdict === 'independent' ? told : `${told}; ${explained(proof)}`
}

interface Asked {
  readonly mode: RowMode
  readonly task: Task
}

/** What the proof and the user allow, before anything has been tried. */
export const allowed = (proof: RowProof, { mode, task }: Asked): Batching => {
  const { verdict } = proof
  if (mode === 'alone') return alone(verdict, toldAlone(proof))
  if (verdict === 'independent') return shared(verdict)
  const reason = explained(proof)
  if (verdict === 'unbatchable') return alone(verdict, `${reason}; ${unfree}`)
  if (mode === 'independent') return shared(verdict, `${reason}; the settings say that rows are independent`)
  if (verdict === 'unproven') return alone(verdict, `${reason}; ${overridable}`)
  // Token ids and pixels are bounded, and so is what a scale that they share moves. Numbers of callers are not.
  return task === 'tensor' ? alone(verdict, `${reason}; ${overridable}`) : shared(verdict, reason)
}

/** A permission after the probe: rows that were seen to meet never share a run, against any proof and setting. */
export const afterProbe = (batching: Batching, proof: RowProof, probe: Probe): Batching => {
  if (probe.kind !== 'meet') return batching
  const seen = `${probe.reason}; ${explained(proof)}`
  // Nothing but the settings lets requests share runs that are unproven.
  return alone('coupled', proof.verdict === 'unproven' ? `${seen}; ${notFollowed}` : seen)
}

const quantizing = /Quantize|Integer|^QLinear|^QGemm|^QAttention/

/** How close rows have to come. @param operators of the graph */
export const closenessOf = ({ rows }: Batching, operators: ReadonlySet<string>): Closeness => {
  if (rows === 'scaled' || [...operators].some((name) => quantizing.test(name))) return quantized
  // The probe is the only evidence where there is no proof, and a whole number that differs is not due to rounding.
  return rows === 'independent' ? { ...rounding, oddRows: quantized.oddRows } : rounding
}
