/**
 * Ways to run batches, compared by what they get done. Whether rows share a run, and whether runs go side by side, pays for one
 * model and costs half of another; it depends on the graph, the processors and the other load of the machine. So it is measured:
 * the best way so far runs nearly always, and another one is on trial for a moment between two measurements of the best, which
 * makes what changes meanwhile count for both. The two also tell how much such figures differ by chance: a trial is repeated
 * until chance hardly explains its outcome.
 *
 * Only crowds are measured: where runners wait for callers, all ways get the same done.
 */
import { createMeter } from './meter.ts'
import {
  type Candidate,
  candidatesOf,
  firstWay,
  lose,
  nextOnTrial,
  rests,
  stepBack,
  type Way,
  weigh,
} from './trials.ts'

export interface ContestOptions {
  /** The way that counts as the best until another one was measured. */
  readonly first?: Way | undefined
  /** Whether a way would make any difference now. */
  readonly differs: (way: Way) => boolean
  /** Whether its runners are there. */
  readonly ready: (by: Way['by']) => boolean
  /** Number of batches that run at a time. */
  readonly countOf: (by: Way['by']) => number
  readonly nowMs: () => number
  /**
   * Processor time of the whole process. Where it is given, a way is judged by that as much as by the time that passed: other
   * programs lengthen one and hardly the other. Of no use where a GPU computes.
   */
  readonly processorMs?: (() => number) | undefined
}

export interface Contest {
  readonly best: () => Way
  /** The way of the next batch: the best one, or the one on trial. */
  readonly turn: () => Way
  /** Notes that a batch begins after an idle time. */
  readonly resumed: () => void
  /** A batch has ended. @param way that it ran by; undefined where it counts for none */
  readonly ended: (way: Way | undefined, elements: number) => void
  /** The crowd has gone. Trials end, since single requests cannot compare ways to run a crowd. */
  readonly calm: () => void
  /** Whether lanes are the best, or may turn out to be. */
  readonly hopesForLanes: () => boolean
}

/** A trial that is so far behind after a batch of each runner ends there. As a logarithm. */
const hopeless = Math.log(0.6)

/** Difference of two measurements by chance, as a logarithm: at first, at least, and the weight of a new difference. */
const chance = { first: 0.05, least: 0.01, weight: 0.25 }

/** The difference of two measurements by chance, learned from those of the best way. */
const createChance = () => {
  let value = chance.first
  return {
    value: (): number => value,
    learn: (difference: number): void => {
      value += chance.weight * (Math.max(chance.least, Math.abs(difference)) - value)
    },
  }
}

export const createContest = (options: ContestOptions): Contest => {
  const { first = firstWay, differs, ready, countOf, nowMs, processorMs } = options
  const candidates = candidatesOf()
  let best = candidates.find(({ way }) => way.by === first.by && way.rows === first.rows) as Candidate
  let turn = best
  /** What the best got done before the trial, and the one on trial; as logarithms. */
  let before: number | undefined
  let tried: { readonly candidate: Candidate; readonly done: number } | undefined
  let measured = 0
  const byChance = createChance()

  const calm = (): void => {
    turn = best
    meter.drop()
    before = undefined
    tried = undefined
  }

  const promote = (candidate: Candidate): void => {
    for (const each of candidates) each.trials = 0
    stepBack(best, measured)
    best = candidate
    candidate.losses = 0
    calm()
  }

  /** @param outcome logarithm of the ratio to the best */
  const judge = (candidate: Candidate, outcome: number): void => {
    const verdict = weigh(candidate, outcome, byChance.value())
    if (verdict === 'better') promote(candidate)
    else if (verdict === 'worse') lose(candidate, measured, nowMs())
    else candidate.due = measured
  }

  /** Whether it may ever be on trial, as things are. */
  const hopeful = (candidate: Candidate): boolean => !rests(candidate, nowMs()) && differs(candidate.way)

  const mayBeTried = (candidate: Candidate): boolean =>
    candidate !== best && hopeful(candidate) && ready(candidate.way.by)

  /** @param done by the way whose turn it was, as a logarithm */
  const complete = (done: number): void => {
    if (turn !== best) {
      tried = { candidate: turn, done }
      turn = best
      return
    }
    measured += 1
    const earlier = before
    before = done
    if (tried && earlier !== undefined) {
      byChance.learn(done - earlier)
      judge(tried.candidate, tried.done - (earlier + done) / 2)
    }
    tried = undefined
    if (before !== undefined) turn = nextOnTrial(candidates, measured, mayBeTried) ?? best
  }

  const meter = createMeter({
    runners: () => countOf(turn.way.by),
    isHopeless: (done) => turn !== best && before !== undefined && done < before + hopeless,
    complete: (done) => (done === undefined ? calm() : complete(done)),
    nowMs,
    processorMs,
  })

  return {
    best: () => best.way,
    turn: () => turn.way,
    resumed: meter.resumed,
    ended: (way, elements) => {
      if (way === turn.way) meter.ended(elements)
      else meter.drop()
    },
    calm,
    hopesForLanes: () =>
      best.way.by === 'lanes' ||
      (measured > 0 && candidates.some((each) => each.way.by === 'lanes' && hopeful(each))),
  }
}
