/** The three conditions that kstatus reads: the spec is met, a change is in progress, a person has to act. */
import { shownDuration } from '@gantry/contract/duration.ts'
import type { Reason } from '@gantry/contract/reasons.ts'
import { no, type Verdict, yes } from './condition.ts'
import type { Finding } from './finding.ts'
import { longestRefusalMs } from './refused-writes.ts'

export type Progress = Readonly<Record<'Ready' | 'Reconciling' | 'Stalled', Verdict>>

const notStalled = no('NotStalled', 'No action is needed.')

/** The message has a bound instead of a time: one that changed with each attempt would be a write with each attempt. */
const triedAgain = `The cause has to be fixed. What was refused is tried again within ${shownDuration(longestRefusalMs)}.`

const nextAttempt = ({ afterMs, goesOn }: Finding): string => {
  if (goesOn) return 'It goes on by itself once the cause is fixed.'
  return afterMs === undefined ? 'No further attempt is made until the cause is fixed.' : triedAgain
}

/** A person has to act. */
export const stalled = (finding: Finding): Progress => ({
  Ready: no(finding.reason, finding.message),
  Reconciling: no('Stalled', nextAttempt(finding)),
  Stalled: yes(finding.reason, finding.message),
})

/** A change is in progress, or time may mend what keeps it from ending. */
export const changing = (reason: Reason, message: string): Progress => ({
  Ready: no(reason, message),
  Reconciling: yes(reason, message),
  Stalled: notStalled,
})

/** The spec is met. */
export const settled = (Ready: Verdict): Progress => ({
  Ready,
  Reconciling: no('Settled', 'Everything is as desired.'),
  Stalled: notStalled,
})
