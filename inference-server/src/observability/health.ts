/**
 * The server's state, and what each probe answers.
 *
 * `starting` until the model has answered its warm-up; then `ready`; `draining` from the moment it is told to stop, still
 * answering every request; `closing` once its ports are closed and it only answers what had come. It never goes back.
 */
type Phase = 'starting' | 'ready' | 'draining' | 'closing'

const order: readonly Phase[] = ['starting', 'ready', 'draining', 'closing']

export interface HealthOptions {
  /** Workers that can take a run; undefined where no version is loaded, which is no fault of the server. */
  readonly serving: () => number | undefined
  readonly longestRunMs: () => number
  /** A run that takes longer is stuck; nothing but the end of the process stops it. */
  readonly stuckAfterMs: number
}

export interface Health {
  readonly phase: () => Phase
  readonly enter: (phase: Phase) => void
  /** Calls back when the server is told to stop. */
  readonly onDraining: (callback: () => void) => void
  /** Liveness: undefined means healthy, a text says why the process has to be restarted. */
  readonly sick: () => string | undefined
  /** Readiness: undefined is ready, otherwise why not. @param of whom, unless of the whole server */
  readonly unready: (of?: () => number | undefined) => string | undefined
}

export const createHealth = ({ serving, longestRunMs, stuckAfterMs }: HealthOptions): Health => {
  let phase: Phase = 'starting'
  const draining: (() => void)[] = []
  const sick = (): string | undefined => {
    const ms = longestRunMs()
    return ms > stuckAfterMs ? `a run has not come back for ${Math.round(ms / 1000)} s` : undefined
  }
  return {
    phase: () => phase,
    enter: (next) => {
      if (order.indexOf(next) <= order.indexOf(phase)) return
      phase = next
      if (next === 'draining') for (const callback of draining) callback()
    },
    onDraining: (callback) => void draining.push(callback),
    sick,
    unready: (of = serving) => {
      if (phase === 'starting') return 'the model is still loading'
      if (phase !== 'ready') return 'the server is shutting down'
      // A stuck process will be restarted: callers had better go elsewhere until then.
      return of() === 0 ? 'the worker is being replaced' : sick()
    },
  }
}
