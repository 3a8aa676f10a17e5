/**
 * Ways to run batches, compared by what they get done. Whether rows share a run, and whether runs go side by side, pays for one
 * model and costs half of another; it depends on the graph, the processors and whatever else the machine does. So it is measured:
 * the best way so far runs nearly always, and another one is on trial for a moment between two measurements of the best, which
 * makes what changes meanwhile count for both. The two also tell how much such figures differ by chance: a trial is repeated
 * until chance hardly explains its outcome.
 *
 * Only crowds are measured: where runners wait for callers, all ways get the same done.
 */
export interface Way {
  /** The usual runners with all threads each, or lanes side by side with a share of them. */
  readonly by: 'usual' | 'lanes'
  /** Most rows in a run; Infinity: as many as the limits allow. */
  readonly rows: number
}

/** In the order of trial; unless told, the first is the best until another one was measured. */
const ways: readonly [Way, ...Way[]] = [
  { by: 'usual', rows: Number.POSITIVE_INFINITY },
  { by: 'lanes', rows: 1 },
  { by: 'usual', rows: 1 },
  { by: 'lanes', rows: Number.POSITIVE_INFINITY },
  { by: 'lanes', rows: 4 },
  { by: 'usual', rows: 4 },
]

export interface ContestOptions {
  /** The best until another one was measured. */
  readonly first?: Way | undefined
  /** Whether a way would make any difference now. */
  readonly differs: (way: Way) => boolean
  /** Whether its runners are there. */
  readonly ready: (by: Way['by']) => boolean
  /** Batches that run at a time. */
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
  /** The way of the next batch: the best, or the one on trial. */
  readonly turn: () => Way
  /** A batch begins after a time in which none ran. */
  readonly resumed: () => void
  /** A batch has ended. @param way that it ran by; undefined where it counts for none */
  readonly ended: (way: Way | undefined, elements: number) => void
  /** The crowd has gone. Trials end, since single requests cannot compare ways to run a crowd. */
  readonly calm: () => void
  /** Whether lanes are the best, or may turn out to be. */
  readonly hopesForLanes: () => boolean
}

/** A measurement has at least so many batches of each runner, and takes at least so long; fewer will do where they are long. */
const leastBatches = 3
const leastMs = 100
const longMs = 500

/** A trial that is so far behind after a batch of each runner ends there. As a logarithm. */
const hopeless = Math.log(0.6)

/** Where runners were idle for a larger share of a measurement, it was the callers that were measured. */
const mostIdle = 0.25

/** A way takes over only where it gets more done by so much: every change costs a little. As a logarithm. */
const leastGain = Math.log(1.03)

/** An outcome is certain when it is so many times as large as chance makes it. */
const certainty = 2

/** Trials in a row after which an outcome is left open. */
const mostTrials = 6

/** By how much two measurements differ by chance, as a logarithm: at first, at least, and how much a new difference counts. */
const chance = { first: 0.05, least: 0.01, weight: 0.25 }

/** Measurements of the best until the next trial of one that nearly won, and of others; twice as many each time it loses. */
const soon = 24
const late = 96
const latest = 256
const nearly = Math.log(0.8)

/** Lanes that lost twice in a row rest for so long: until then their memory is better used. */
const lanesRestMs = 600_000

/** What got done from the end of one batch to the end of another. */
interface Measurement {
  readonly sinceMs: number
  readonly sinceProcessorMs: number
  latestMs: number
  idleMs: number
  batches: number
  elements: number
}

interface Candidate {
  readonly way: Way
  /** Trials in a row that are not decided yet, and the mean of their outcomes as logarithms of ratios to the best. */
  trials: number
  outcome: number
  /** Decisions against it in a row, and when the latest one was. */
  losses: number
  lostMs: number
  /** Goes on trial after so many measurements of the best. */
  due: number
}

export const createContest = (options: ContestOptions): Contest => {
  const { first = ways[0], differs, ready, countOf, nowMs, processorMs } = options
  const candidates = ways.map(
    (way): Candidate => ({ way, trials: 0, outcome: 0, losses: 0, lostMs: 0, due: 0 }),
  )
  let best = candidates.find(({ way }) => way.by === first.by && way.rows === first.rows) as Candidate
  let turn = best
  let measurement: Measurement | undefined
  /** What the best got done before the trial, and the one on trial; as logarithms. */
  let before: number | undefined
  let tried: { readonly candidate: Candidate; readonly done: number } | undefined
  let measured = 0
  let byChance = chance.first

  const calm = (): void => {
    turn = best
    measurement = undefined
    before = undefined
    tried = undefined
  }

  const promote = (candidate: Candidate): void => {
    for (const each of candidates) each.trials = 0
    best.due = measured + soon
    best = candidate
    candidate.losses = 0
    calm()
  }

  const lose = (candidate: Candidate): void => {
    candidate.trials = 0
    candidate.losses += 1
    candidate.lostMs = nowMs()
    const wait = (candidate.outcome >= nearly ? soon : late) * 2 ** (candidate.losses - 1)
    candidate.due = measured + Math.min(latest, wait)
  }

  /** @param outcome logarithm of the ratio to the best */
  const judge = (candidate: Candidate, outcome: number): void => {
    candidate.trials += 1
    candidate.outcome = candidate.trials === 1 ? outcome : candidate.outcome
    candidate.outcome += (outcome - candidate.outcome) / candidate.trials
    const doubt = (certainty * byChance) / Math.sqrt(candidate.trials)
    if (candidate.outcome >= Math.max(leastGain, doubt)) promote(candidate)
    else if (candidate.outcome < leastGain - doubt || candidate.trials >= mostTrials) lose(candidate)
    else candidate.due = measured
  }

  const rests = ({ way, losses, lostMs }: Candidate): boolean =>
    way.by === 'lanes' && losses >= 2 && nowMs() - lostMs < lanesRestMs

  /** Whether it may ever be on trial, as things are. */
  const hopeful = (candidate: Candidate): boolean => !rests(candidate) && differs(candidate.way)

  const nextTrial = (): Candidate | undefined => {
    let next: Candidate | undefined
    for (const candidate of candidates) {
      const { due, way } = candidate
      if (candidate === best || due > measured || (next && due >= next.due)) continue
      if (hopeful(candidate) && ready(way.by)) next = candidate
    }
    return next
  }

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
      const difference = Math.max(chance.least, Math.abs(done - earlier))
      byChance += chance.weight * (difference - byChance)
      judge(tried.candidate, tried.done - (earlier + done) / 2)
    }
    tried = undefined
    if (before !== undefined) turn = nextTrial() ?? best
  }

  const begin = (atMs: number): Measurement => ({
    sinceMs: atMs,
    sinceProcessorMs: processorMs?.() ?? 0,
    latestMs: atMs,
    idleMs: 0,
    batches: 0,
    elements: 0,
  })

  /** What was done in a unit of time, as a logarithm. */
  const doneIn = ({ elements, sinceProcessorMs }: Measurement, tookMs: number): number => {
    const processing = processorMs ? processorMs() - sinceProcessorMs : tookMs
    return Math.log(elements) - (Math.log(tookMs) + Math.log(Math.max(1, processing))) / 2
  }

  const suffices = ({ batches }: Measurement, tookMs: number): boolean =>
    batches >= leastBatches * countOf(turn.way.by) || tookMs >= longMs

  const isHopeless = (done: number): boolean =>
    turn !== best && before !== undefined && done < before + hopeless

  /** Counts a batch of the way whose turn it is. */
  const count = (current: Measurement, elements: number): void => {
    const atMs = nowMs()
    current.latestMs = atMs
    current.batches += 1
    current.elements += elements
    const tookMs = atMs - current.sinceMs
    // To ask for the processor time takes a while, so it is not asked for at every batch.
    if (tookMs < leastMs || current.batches <= countOf(turn.way.by)) return
    const done = doneIn(current, tookMs)
    if (!suffices(current, tookMs) && !isHopeless(done)) return
    measurement = begin(atMs)
    // Requests of no rows have no elements.
    if (current.idleMs > tookMs * mostIdle || !Number.isFinite(done)) calm()
    else complete(done)
  }

  return {
    best: () => best.way,
    turn: () => turn.way,
    resumed: () => {
      if (measurement) measurement.idleMs += nowMs() - measurement.latestMs
    },
    ended: (way, elements) => {
      if (way !== turn.way) measurement = undefined
      else if (measurement) count(measurement, elements)
      else measurement = begin(nowMs())
    },
    calm,
    hopesForLanes: () =>
      best.way.by === 'lanes' ||
      (measured > 0 && candidates.some((each) => each.way.by === 'lanes' && hopeful(each))),
  }
}
