/**
 * Watches the requests for models that may sleep, beside the passes over models: asks the gateways, and the pods for their counters.
 * It asks for a pass where a model is to fall asleep or to wake. Where no model may sleep it asks nobody.
 */
import type { Cache } from '@gantry/kube/cache.ts'
import { type Clock, sleep } from '@gantry/kube/clock.ts'
import { explain } from '@gantry/kube/errors.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Counters } from '../cost/counters.ts'
import type { PodAddress } from '../runtime/pod-http.ts'
import type { Told } from './gateways.ts'
import { demandedOf, type IdleClock, looked, type SleeperPod } from './idle-clock.ts'
import type { Demanded, HoldingTrouble } from './sleep.ts'

/** A model that may sleep, and that this release manages. */
export interface WatchedModel {
  /** namespace/name */
  readonly key: string
  readonly uid: string
  readonly isAsleep: boolean
  /** The idle time in force. */
  readonly idleSeconds: number
  readonly pods: readonly { readonly uid: string; readonly address: PodAddress | undefined }[]
  /** Why none of the gateways that have answered can hold its requests; undefined: one can, or none has answered. */
  readonly troubleOf: (answers: Told['answers']) => HoldingTrouble | undefined
}

export interface ActivityOptions {
  readonly clock: Clock
  readonly log: Log
  readonly models: (cache: Cache) => readonly WatchedModel[]
  /** undefined: it is not known yet which gateways there are. */
  readonly gateways: (signal: AbortSignal) => Promise<Told | undefined>
  readonly counters: (pod: PodAddress, signal: AbortSignal) => Promise<Counters | undefined>
}

export interface Activity {
  /** What is known of the requests for a model. @param key namespace/name */
  readonly of: (key: string) => Demanded
  /** Looks at all models once. @returns milliseconds until the next look */
  readonly look: (cache: Cache, signal: AbortSignal, wake: (key: string) => void) => Promise<number>
  /** Looks until the signal fires. */
  readonly run: (cache: Cache, signal: AbortSignal, wake: (key: string) => void) => Promise<void>
}

/** Time between looks where no model may sleep. Such a look sends no request. */
const restMs = 5_000
/** Time between looks while a model sleeps: its first request has to be seen within a second. */
const asleepMs = 500
/** The time between looks while all are awake, and between questions to the pods of one, is this part of the idle time, within bounds. */
const idleParts = 5
const [leastMs, mostMs] = [1_000, 5_000]

const intervalOf = ({ idleSeconds }: WatchedModel): number =>
  Math.min(Math.max((idleSeconds * 1000) / idleParts, leastMs), mostMs)

/** A pass that was asked for in vain is asked for again, ever more rarely. */
interface Nudge {
  readonly why: string
  readonly nextMs: number
  readonly gapMs: number
}
const [firstGapMs, lastGapMs] = [500, 30_000]

interface Entry {
  readonly uid: string
  readonly clock: IdleClock
  readonly podsMs: number
  readonly nudge: Nudge | undefined
}

/** What a pass would act on now; undefined where it would leave the model as it is. */
const reasonFor = (
  { isAsleep, idleSeconds }: WatchedModel,
  { gateways, isWanted, idleMs = 0 }: Demanded,
  before: Demanded['gateways'],
): string | undefined => {
  if (gateways !== before) return `gateways ${gateways}`
  if (isAsleep) return isWanted || gateways === 'missing' ? 'wake' : undefined
  return idleMs >= idleSeconds * 1000 ? 'sleep' : undefined
}

const nudged = (last: Nudge | undefined, why: string | undefined, at: number): Nudge | undefined => {
  if (why === undefined) return undefined
  if (last?.why !== why) return { why, nextMs: at + firstGapMs, gapMs: firstGapMs }
  if (at < last.nextMs) return last
  const gapMs = Math.min(last.gapMs * 2, lastGapMs)
  return { why, nextMs: at + gapMs, gapMs }
}

export const createActivity = ({ clock, log, models, gateways, counters }: ActivityOptions): Activity => {
  let entries: ReadonlyMap<string, Entry> = new Map()

  const podsOf = ({ pods }: WatchedModel, signal: AbortSignal): Promise<readonly SleeperPod[]> =>
    Promise.all(
      pods.map(async ({ uid, address }) => ({
        uid,
        counters: address && (await counters(address, signal)),
      })),
    )

  /** Pods are asked from time to time, and before their model falls asleep. */
  const isDue = (model: WatchedModel, entry: Entry | undefined, at: number): boolean => {
    if (model.isAsleep) return false
    if (!entry || at - entry.podsMs >= intervalOf(model)) return true
    return at - entry.clock.sinceMs >= model.idleSeconds * 1000
  }

  const lookAt = async (model: WatchedModel, told: Told, signal: AbortSignal): Promise<Entry> => {
    const known = entries.get(model.key)
    const before = known?.uid === model.uid ? known : undefined
    const asksPods = isDue(model, before, clock.elapsed())
    const pods = asksPods ? await podsOf(model, signal) : undefined
    const at = clock.elapsed()
    const trouble = model.troubleOf(told.answers)
    const idle = looked(before?.clock, {
      ...{ at, pods, isAsleep: model.isAsleep, trouble },
      gateways: told.gateways === 0 || trouble ? 'missing' : 'present',
      isComplete: told.answers.length > 0 && told.answers.length === told.running,
      activity: told.answers.flatMap(({ activity = [] }) =>
        activity.filter((one) => one.model === model.key),
      ),
    })
    const why = reasonFor(model, idle.demanded, demandedOf(before?.clock).gateways)
    const nudge = nudged(before?.nudge, why, at)
    return { uid: model.uid, clock: idle, podsMs: asksPods ? at : (before?.podsMs ?? at), nudge }
  }

  const look: Activity['look'] = async (cache, signal, wake) => {
    const watched = models(cache)
    if (watched.length === 0) {
      entries = new Map()
      return restMs
    }
    const told = await gateways(signal)
    if (!told) return leastMs
    const before = entries
    const looks = await Promise.all(
      watched.map(async (model) => [model.key, await lookAt(model, told, signal)] as const),
    )
    entries = new Map(looks)
    for (const [key, { nudge }] of looks) if (nudge && nudge !== before.get(key)?.nudge) wake(key)
    return watched.some(({ isAsleep }) => isAsleep) ? asleepMs : Math.min(...watched.map(intervalOf))
  }

  return {
    of: (key) => demandedOf(entries.get(key)?.clock),
    look,
    run: async (cache, signal, wake) => {
      while (!signal.aborted) {
        const ms = await look(cache, signal, wake).catch((error: unknown) => {
          if (!signal.aborted)
            log.warn('gateways could not be asked for requests', {
              reason: 'GatewaysUnknown',
              error: explain(error),
            })
          return restMs
        })
        await sleep(clock, ms, signal)
      }
    },
  }
}
