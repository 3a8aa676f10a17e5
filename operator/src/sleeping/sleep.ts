/** Whether a model that may sleep has pods. Pure. */

/** Why no gateway can hold requests for a model, and what can be done about it. */
export interface HoldingTrouble {
  readonly why: string
  readonly advice: string
}

/** What is known of the requests for a model. */
export interface Demanded {
  /** Gateways of the installation: only they can hold requests while a pod starts. */
  readonly gateways: 'unknown' | 'missing' | 'present'
  /** Why gateways that are there count as missing for this model: sentences without a full stop. */
  readonly trouble?: HoldingTrouble | undefined
  /** Whether a request has come while it slept. */
  readonly isWanted: boolean
  /** Milliseconds without a request, as all gateways and all pods saw it since it was ready; undefined while one of them is silent. */
  readonly idleMs: number | undefined
}

export const nothingKnown: Demanded = { gateways: 'unknown', isWanted: false, idleMs: undefined }

/** What is remembered between passes, in status.sleep. */
export interface SleepStatus {
  /** The time since which it has had no pods, RFC 3339; left out while it has some. */
  readonly since?: string
  /** The idle time in force. */
  readonly idleSeconds?: number
}

export type Sleep =
  | {
      readonly kind: 'awake'
      readonly idleSeconds: number
      /** Nothing could wake it again. */
      readonly isGatewayMissing: boolean
      readonly trouble?: HoldingTrouble | undefined
    }
  | { readonly kind: 'asleep'; readonly idleSeconds: number; readonly since: string }

export interface Sleeper {
  /** spec.autoscaling.idleSeconds. */
  readonly idleSeconds: number
  readonly status: SleepStatus | undefined
  /** Pods that the Deployment asks for; undefined where there is none. */
  readonly replicas: number | undefined
  /** Whether it serves what spec asks for, on all pods, and nothing is being tried. */
  readonly isSteady: boolean
  /** Whether another version is to be served, which has to be seen to start. */
  readonly isChanging: boolean
  /** spec.suspend: nothing changes. */
  readonly isSuspended: boolean
  readonly demanded: Demanded
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** A model that is woken soon after it fell asleep is left awake twice as long, up to this many times the idle time of spec. */
const mostFactor = 8

/** The idle time in force; another one in spec holds at once. */
export const idleInForce = (idleSeconds: number, status: SleepStatus | undefined): number =>
  Math.min(Math.max(status?.idleSeconds ?? idleSeconds, idleSeconds), idleSeconds * mostFactor)

/** The idle time after a sleep. A clock that has jumped back makes it a short one. */
const idleAfter = ({ idleSeconds, status, now }: Sleeper): number => {
  const inForce = idleInForce(idleSeconds, status)
  if (status?.since === undefined) return inForce
  const sleptSeconds = (now - Date.parse(status.since)) / 1000
  return sleptSeconds < inForce ? Math.min(inForce * 2, idleSeconds * mostFactor) : idleSeconds
}

const isToSleep = ({ isSteady, demanded }: Sleeper, idleSeconds: number): boolean =>
  isSteady && demanded.gateways === 'present' && (demanded.idleMs ?? 0) >= idleSeconds * 1000

const isToWake = ({ isChanging, demanded }: Sleeper): boolean =>
  demanded.isWanted || isChanging || demanded.gateways === 'missing'

const timestamp = (now: number): string => new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')

/** What a model with minReplicas 0 is to be. A Deployment without pods is one that sleeps, whoever made it so. */
export const sleepOf = (sleeper: Sleeper): Sleep => {
  const { replicas, status, idleSeconds, now, isSuspended, demanded } = sleeper
  const inForce = idleInForce(idleSeconds, status)
  const awake = (seconds: number): Sleep => ({
    kind: 'awake',
    idleSeconds: seconds,
    isGatewayMissing: demanded.gateways === 'missing',
    ...(demanded.trouble && { trouble: demanded.trouble }),
  })
  const asleep = (since: string): Sleep => ({ kind: 'asleep', idleSeconds: inForce, since })
  if (replicas === 0)
    return isToWake(sleeper) && !isSuspended
      ? awake(idleAfter(sleeper))
      : asleep(status?.since ?? timestamp(now))
  const present = idleAfter(sleeper)
  return replicas !== undefined && !isSuspended && isToSleep(sleeper, present)
    ? asleep(timestamp(now))
    : awake(present)
}

/** status.sleep; undefined where there is nothing to remember. @param idleSeconds of spec */
export const sleepStatus = (sleep: Sleep, idleSeconds: number): SleepStatus | undefined => {
  if (sleep.kind === 'asleep') return { since: sleep.since, idleSeconds: sleep.idleSeconds }
  return sleep.idleSeconds === idleSeconds ? undefined : { idleSeconds: sleep.idleSeconds }
}
