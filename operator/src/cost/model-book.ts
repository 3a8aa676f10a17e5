/** What is remembered of one model from measurement to measurement. It is bounded by an hour and by the model's pods. */
import type { UnknownCost } from '@gantry/evaluation/hourly-cost.ts'
import type { Prices } from '@gantry/evaluation/prices.ts'
import { isOver, recent, type Total } from './budget.ts'
import type { Counters } from './counters.ts'
import { costNow, type Rates, spentOf } from './measured.ts'
import { nextTold } from './told.ts'
import { nothingCounted, type Reading, type Usage, usageBetween } from './usage.ts'
import { extended, ratePerHour, type Spent, sumOf } from './window.ts'
import type { CostedModel, KnownCost, ModelCost } from './world.ts'

export interface Book {
  readonly uid: string
  readonly window: readonly Spent[]
  /** The last answers, by pod's uid. */
  readonly readings: ReadonlyMap<string, Reading>
  /** Pods of the last measurement, those that did not answer included. */
  readonly pods: ReadonlySet<string>
  /** When it was measured last. */
  readonly at: number | undefined
  /** Prices of the dearest pod at each measurement of the last hour. */
  readonly dearest: readonly { readonly perPod: number; readonly at: number }[]
  readonly totals: readonly Total[]
  readonly over: KnownCost['over']
  readonly told: ModelCost
  readonly toldAt: number
  /** The last measurement; undefined where a price is missing. */
  readonly rates: Rates | undefined
}

const dearestMs = 3_600_000
/** A measurement each five seconds, the shortest interval. */
const mostDearest = 720

export const newBook = (uid: string, at: number): Book => ({
  ...{ uid, window: [], readings: new Map(), pods: new Set(), at: undefined, dearest: [], totals: [] },
  ...{ over: undefined, told: { kind: 'pending' }, toldAt: at, rates: undefined },
})

export interface Round {
  readonly at: number
  readonly prices: Prices
  /** Whether the sheet is another one than at the last measurement. */
  readonly isNewSheet: boolean
  /** What the pods answered, by uid. */
  readonly answers: ReadonlyMap<string, Counters>
}

/**
 * What was known of the pods before this measurement. A pod that was made since the last one began with nothing; what a pod did
 * before the operator saw it is not counted.
 */
const readingsBefore = (book: Book, { pods }: CostedModel): Book['readings'] => {
  const { at } = book
  const madeSince = at === undefined ? [] : pods.filter(({ uid }) => !book.pods.has(uid))
  const begun = madeSince.map(({ uid }) => [uid, { counters: nothingCounted, at: at ?? 0 }] as const)
  const present = pods.flatMap(({ uid }) => {
    const reading = book.readings.get(uid)
    return reading ? [[uid, reading] as const] : []
  })
  return new Map([...begun, ...present])
}

const usagesOf = (
  before: Book['readings'],
  { pods }: CostedModel,
  { at, answers }: Round,
): ReadonlyMap<string, Usage> => {
  const usages = new Map<string, Usage>()
  for (const { uid, requests } of pods) {
    const [counters, reading] = [answers.get(uid), before.get(uid)]
    if (counters && reading) usages.set(uid, usageBetween(reading, { counters, at }, requests))
  }
  return usages
}

const readingsAfter = (
  before: Book['readings'],
  { at, answers }: Round,
  pods: Book['pods'],
): Book['readings'] => {
  const answered = [...answers].filter(([uid]) => pods.has(uid))
  return new Map([...before, ...answered.map(([uid, counters]) => [uid, { counters, at }] as const)])
}

/** Prices of requests change with the sheet, and what was spent before does not say what is spent now. */
const windowOf = (
  book: Book,
  model: CostedModel,
  rates: Rates,
  round: Round,
  usages: ReadonlyMap<string, Usage>,
) => {
  if (book.at === undefined) return book.window
  return round.isNewSheet ? [] : extended(book.window, spentOf(model, rates, usages, round.at - book.at))
}

/** The cost of requests for the time in which none were counted yet. */
const knownInference = ({ window }: Book, { shown }: CostedModel, { prices }: Round): number => {
  if (window.length === 0) return shown?.inference ?? 0
  const { ms, versions } = sumOf(window)
  const answered = [...versions.values()].reduce((count, one) => count + one.answered, 0)
  return ratePerHour({ ms }, answered) * prices.perRequest
}

const overOf = (
  book: Book,
  { budget, wasOver }: CostedModel,
  totals: readonly Total[],
): KnownCost['over'] => {
  if (budget === undefined) return undefined
  const before = book.over ?? (wasOver === undefined ? undefined : { budget, is: wasOver })
  // Another budget is judged at once.
  return { budget, is: isOver(budget, totals, before?.budget === budget ? before.is : undefined) }
}

/** The price of the dearest pod at each measurement of the last hour. */
const dearestOf = (book: Book, { pods }: Rates, { at, isNewSheet }: Round): Book['dearest'] => {
  const earlier = isNewSheet ? [] : book.dearest.filter((one) => at - one.at <= dearestMs).slice(-mostDearest)
  return pods.size > 0 ? [...earlier, { perPod: Math.max(...pods.values()), at }] : earlier
}

const toldOf = (book: Book, model: CostedModel, now: KnownCost, { at, isNewSheet }: Round): ModelCost =>
  isNewSheet && book.told.kind === 'known' ? now : nextTold(model, book.told, now, at - book.toldAt)

/** The next page of a model whose parts all have a price. */
export const measured = (book: Book, model: CostedModel, rates: Rates, round: Round): Book => {
  const { at, prices, isNewSheet } = round
  const pods = new Set(model.pods.map(({ uid }) => uid))
  const before = readingsBefore(book, model)
  const window = windowOf(book, model, rates, round, usagesOf(before, model, round))
  const cost = costNow(prices, rates, window, knownInference(book, model, round))
  const totals = recent(isNewSheet ? [] : book.totals, { total: cost.total, at })
  const dearest = dearestOf(book, rates, round)
  const perPod = dearest.length > 0 ? Math.max(...dearest.map((one) => one.perPod)) : undefined
  const over = overOf(book, model, totals)
  const told = toldOf(book, model, { kind: 'known', currency: prices.currency, cost, perPod, over }, round)
  return {
    ...{ uid: book.uid, window, at, pods, dearest, totals, over, told, rates },
    readings: readingsAfter(before, round, pods),
    toldAt: told === book.told ? book.toldAt : at,
  }
}

/** The next page of a model that has a part without a price. What was spent before stays. */
export const unpriced = (book: Book, { unknown }: UnknownCost, at: number): Book => {
  const message = `${unknown.charAt(0).toUpperCase()}${unknown.slice(1)}.`
  const isSame = book.told.kind === 'unknown' && book.told.message === message
  return {
    ...{ ...book, at: undefined, readings: new Map(), rates: undefined, totals: [] },
    ...(isSame ? {} : { told: { kind: 'unknown', message }, toldAt: at }),
  }
}
