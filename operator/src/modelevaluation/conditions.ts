import type { Ranking } from '@gantry/evaluation/evaluation.ts'
import { no, type Verdict, yes } from '../runtime/condition.ts'
import type { Finding } from '../runtime/finding.ts'
import { changing, type Progress, settled, stalled } from '../runtime/progress.ts'
import type { Inquired } from './observe.ts'
import { dueOf } from './plan.ts'
import { hardwareDiffers, isComplete, otherData, progressOf, recordsOf } from './results.ts'

export const conditionTypes = ['Ready', 'Reconciling', 'Stalled', 'Evaluated'] as const
type ConditionType = (typeof conditionTypes)[number]

export type Verdicts = Readonly<Record<ConditionType, Verdict>>

const nothingStarts = 'spec.suspend is true: nothing new is started until it is false again.'

/** What somebody should know who compares the figures. */
const remarks = ({ standings }: Inquired): string => {
  const records = recordsOf(standings)
  const others = otherData(records)
  return [
    ...(hardwareDiffers(records)
      ? [
          ' Candidates were measured on different hardware, so their latencies and throughputs cannot be compared; status.results has the hardware of each.',
        ]
      : []),
    ...(others.length > 0
      ? [
          ` The data set was another one when ${others.join(', ')} was measured: delete the ConfigMap with the reports and the Jobs to measure all anew.`,
        ]
      : []),
  ].join('')
}

const evaluated = (observed: Inquired, { winner }: Ranking): Verdict => {
  const { standings } = observed
  if (!isComplete(standings)) return no('Measuring', `${progressOf(standings)} candidates are measured.`)
  if (winner === undefined) return yes('AllMeasured', 'All candidates are measured, and none is eligible.')
  return yes('AllMeasured', `All candidates are measured. The winner is ${winner}.${remarks(observed)}`)
}

const measuring = (observed: Inquired): string => {
  const { standings } = observed
  const running = dueOf(observed).find(({ outcome }) => outcome?.kind === 'running')
  const now = running ? ` Candidate ${running.candidate.name} is being measured.` : ''
  return `${progressOf(standings)} candidates are measured.${now}`
}

const progress = (observed: Inquired, ranking: Ranking, finding: Finding | undefined): Progress => {
  if (finding?.retry === 'never') return stalled(finding)
  if (finding) return changing(finding.reason, finding.message)
  if (!isComplete(observed.standings)) return changing('Measuring', measuring(observed))
  const { reason, message } = evaluated(observed, ranking)
  return settled(yes(reason, message))
}

/** A result stands while the evaluation is suspended. */
const suspended = (given: Progress, observed: Inquired): Progress => {
  const Ready =
    given.Ready.status === 'True'
      ? given.Ready
      : no('Suspended', `${nothingStarts} ${progressOf(observed.standings)} candidates are measured.`)
  return { Ready, Reconciling: no('Suspended', nothingStarts), Stalled: no('Suspended', nothingStarts) }
}

/** Judges an evaluation by what was observed. Pure. */
export const verdictsOf = (observed: Inquired, ranking: Ranking, finding: Finding | undefined): Verdicts => {
  const given = progress(observed, ranking, finding)
  return {
    ...(observed.evaluation.spec.suspend ? suspended(given, observed) : given),
    Evaluated: evaluated(observed, ranking),
  }
}
