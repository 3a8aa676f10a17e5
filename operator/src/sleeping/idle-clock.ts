/** How long models have had no request, as gateways and pods tell it. */
import type { ModelActivity } from '@gantry/contract/gateway.ts'
import type { Counters } from '../cost/counters.ts'
import { type Demanded, nothingKnown } from './sleep.ts'

/** A pod that may answer requests. */
export interface SleeperPod {
  readonly uid: string
  /** What it has counted; undefined while it is not ready, or does not answer. */
  readonly counters: Pick<Counters, 'startedAt' | 'asked' | 'runs' | 'pending'> | undefined
}

/** One look at a model. */
export interface Look {
  /** Milliseconds of the clock that never jumps. */
  readonly at: number
  readonly isAsleep: boolean
  readonly gateways: Demanded['gateways']
  readonly trouble: Demanded['trouble']
  /** What each gateway tells of it. */
  readonly activity: readonly ModelActivity[]
  /** Whether all gateways have answered. */
  readonly isComplete: boolean
  /** Its pods; undefined where they were not asked this time. */
  readonly pods: readonly SleeperPod[] | undefined
}

/** What is remembered of a model. */
export interface IdleClock {
  readonly sinceMs: number
  /** What its pods had counted when they were asked last. */
  readonly counted: ReadonlyMap<string, string>
  /** Whether all pods have answered then. */
  readonly isHeard: boolean
  readonly demanded: Demanded
}

/** A request that came so lately to a model without pods was meant to wake it, although its caller may have left by now. */
const latelySeconds = 3

const inGateways = (activity: readonly ModelActivity[]): number =>
  activity.reduce((sum, { waiting, inFlight }) => sum + waiting + inFlight, 0)

/** Milliseconds since the last request that came by a gateway. */
const sinceLastMs = (activity: readonly ModelActivity[]): number =>
  Math.min(...activity.map(({ idleSeconds = Number.POSITIVE_INFINITY }) => idleSeconds * 1000))

const said = ({ counters }: SleeperPod): string =>
  counters ? `${counters.startedAt} ${counters.asked} ${counters.runs}` : ''

/** Whether pods have counted requests since they were asked last, or hold some now. One that is new, or silent, counts as busy. */
const isBusy = (pods: readonly SleeperPod[], { counted }: Pick<IdleClock, 'counted'>): boolean =>
  pods.length === 0 ||
  pods.some((pod) => !pod.counters || pod.counters.pending > 0 || counted.get(pod.uid) !== said(pod))

/** The last time at which there was a request, or no ready pod. */
const lastMs = (before: IdleClock | undefined, look: Look): number => {
  const { at, activity, pods, isAsleep } = look
  if (before === undefined || isAsleep || inGateways(activity) > 0) return at
  if (pods !== undefined && isBusy(pods, before)) return at
  return Math.max(before.sinceMs, at - sinceLastMs(activity))
}

export const looked = (before: IdleClock | undefined, look: Look): IdleClock => {
  const { at, activity, pods, isAsleep, isComplete, gateways, trouble } = look
  const sinceMs = lastMs(before, look)
  const counted = pods ? new Map(pods.map((pod) => [pod.uid, said(pod)])) : (before?.counted ?? new Map())
  const isHeard = pods
    ? pods.length > 0 && pods.every(({ counters }) => counters !== undefined)
    : (before?.isHeard ?? false)
  const isWanted = isAsleep && (inGateways(activity) > 0 || sinceLastMs(activity) < latelySeconds * 1000)
  const isKnown = isComplete && isHeard && gateways === 'present' && !isAsleep
  return {
    ...{ sinceMs, counted, isHeard },
    demanded: { gateways, trouble, isWanted, idleMs: isKnown ? at - sinceMs : undefined },
  }
}

export const demandedOf = (clock: IdleClock | undefined): Demanded => clock?.demanded ?? nothingKnown
