/** One round of a search: some variants with a part of the samples and of the time. */
import type { EvaluationCandidate, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { type Rung, samplesOf, timeShare } from '@gantry/evaluation/halving.ts'
import { evaluate } from './evaluate.ts'
import type { Evaluated, Evaluation } from './evaluation.ts'
import type { Pace } from './load/effort.ts'
import type { Rounds } from './measured-rounds.ts'
import type { ServedVariant } from './variant-folders.ts'

const usualBudgetSeconds = 600

const candidateOf = ({ variant, candidate, folder }: ServedVariant): EvaluationCandidate => {
  const { task, labels } = candidate
  const { threads, maxRows, base } = variant
  return {
    ...{ task, name: variant.name, folder: folder.dir },
    ...(labels && { labels }),
    ...(threads !== undefined && { threads }),
    ...(maxRows !== undefined && { maxRows }),
    ...(base !== undefined && base !== variant.name && { compareWith: base }),
  }
}

/** Rounds with few samples are short, too. */
const paceOf = (pace: Pace, { share }: Rung): Pace => ({
  ...pace,
  rounds: Math.max(pace.leastRounds, Math.round(pace.rounds * share)),
})

/** A round that is about to be measured. */
export interface RoundPlan {
  readonly number: number
  readonly rungs: readonly Rung[]
  readonly rung: Rung
  readonly served: readonly ServedVariant[]
  /** Samples of the data set that judge. */
  readonly samples: number
  readonly dataset: string
}

/** Measures a round, unless an interrupted run of the same search has. */
export const measureRound = async (
  evaluation: Evaluation,
  rounds: Rounds | undefined,
  { number, rungs, rung, served, samples, dataset }: RoundPlan,
): Promise<Evaluated> => {
  const { request, machine, pace, onProgress, leavesReference } = evaluation
  const { timeBudgetSeconds = usualBudgetSeconds * request.candidates.length } = request
  const [first, ...others] = served.map(candidateOf)
  if (!first) throw new Error('a round has at least one variant')
  const own: EvaluationRequest = {
    ...request,
    candidates: [first, ...others],
    timeBudgetSeconds: timeBudgetSeconds * timeShare(rung, rungs),
  }
  const mostSamples = samplesOf(rung, samples)
  const digests = served.map(({ variant, folder }) => [variant, folder.digest])
  const { candidates: _, dataset: data, ...settings } = own
  const part = [data.split, data.sample, data.calibration, mostSamples]
  const leaves = rung.share === 1 && leavesReference(first.name)
  const inputs = { digests, dataset, part, rung, settings, leaves, hardware: machine.hardware }
  const known = await rounds?.read(number, inputs)
  if (known) return known
  const round = { number, of: rungs.length, variants: served.length }
  const evaluated = await evaluate({
    ...evaluation,
    ...{ request: own, mostSamples, pace: paceOf(pace, rung) },
    leavesReference: (name) => rung.share === 1 && leavesReference(name),
    onProgress: (progress) => onProgress({ ...progress, round }),
  })
  await rounds?.write(number, inputs, evaluated)
  return evaluated
}
