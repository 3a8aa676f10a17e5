/** Ways to run batches, and how each of them fared on trial. */
export interface Way {
  /** The usual runners with all threads each, or lanes side by side with a share of them. */
  readonly by: 'usual' | 'lanes'
  /** Most rows in a run; Infinity: as many as the limits allow. */
  readonly rows: number
}

/** Ways in the order of trial; unless told, the first is the best until another one was measured. */
const ways: readonly [Way, ...Way[]] = [
  { by: 'usual', rows: Number.POSITIVE_INFINITY },
  { by: 'lanes', rows: 1 },
  { by: 'usual', rows: 1 },
  { by: 'lanes', rows: Number.POSITIVE_INFINITY },
  { by: 'lanes', rows: 4 },
  { by: 'usual', rows: 4 },
]

/** The way that counts as the best until another one was measured, unless the options name one. */
export const firstWay = ways[0]

/** A way takes over only where it gets more done by so much: every change costs a little. As a logarithm. */
const leastGain = Math.log(1.03)

/** An outcome is certain when it is so many times as large as chance makes it. */
const certainty = 2

/** Trials in a row after which an outcome is left open. */
const mostTrials = 6

/** Measurements of the best until the next trial of one that nearly won, and of others; twice as many each time it loses. */
const soon = 24
const late = 96
const latest = 256
const nearly = Math.log(0.8)

/** Lanes that lost twice in a row rest for so long: until then their memory is better used. */
const lanesRestMs = 600_000

export interface Candidate {
  readonly way: Way
  /** Trials in a row that are not decided yet, and the mean of their outcomes as logarithms of ratios to the best. */
  trials: number
  outcome: number
  /** Number of decisions against it in a row, and the time of the latest one. */
  losses: number
  lostMs: number
  /** Number of measurements of the best until its next trial. */
  due: number
}

export const candidatesOf = (): readonly Candidate[] =>
  ways.map((way) => ({ way, trials: 0, outcome: 0, losses: 0, lostMs: 0, due: 0 }))

/**
 * Counts a trial.
 * @param outcome logarithm of the ratio to the best
 * @param byChance how much such outcomes differ by chance
 */
export const weigh = (
  candidate: Candidate,
  outcome: number,
  byChance: number,
): 'better' | 'worse' | 'undecided' => {
  candidate.trials += 1
  candidate.outcome = candidate.trials === 1 ? outcome : candidate.outcome
  candidate.outcome += (outcome - candidate.outcome) / candidate.trials
  const doubt = (certainty * byChance) / Math.sqrt(candidate.trials)
  if (candidate.outcome >= Math.max(leastGain, doubt)) return 'better'
  return candidate.outcome < leastGain - doubt || candidate.trials >= mostTrials ? 'worse' : 'undecided'
}

/** @param measured measurements of the best so far */
export const lose = (candidate: Candidate, measured: number, nowMs: number): void => {
  candidate.trials = 0
  candidate.losses += 1
  candidate.lostMs = nowMs
  const wait = (candidate.outcome >= nearly ? soon : late) * 2 ** (candidate.losses - 1)
  candidate.due = measured + Math.min(latest, wait)
}

/** Notes for the former best that another way has become the best. */
export const stepBack = (former: Candidate, measured: number): void => {
  former.due = measured + soon
}

export const rests = ({ way, losses, lostMs }: Candidate, nowMs: number): boolean =>
  way.by === 'lanes' && losses >= 2 && nowMs - lostMs < lanesRestMs

/** The one that has been due for longest, of those that may be tried. @param measured measurements of the best so far */
export const nextOnTrial = (
  candidates: readonly Candidate[],
  measured: number,
  mayBeTried: (candidate: Candidate) => boolean,
): Candidate | undefined => {
  let next: Candidate | undefined
  for (const candidate of candidates) {
    const { due } = candidate
    if (due > measured || (next && due >= next.due)) continue
    if (mayBeTried(candidate)) next = candidate
  }
  return next
}
