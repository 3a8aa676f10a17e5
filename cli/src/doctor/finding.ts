/** What `doctor` looks at, and what it finds. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { Session } from '../cluster/session.ts'
import type { Release } from './release.ts'

export type Severity = 'ok' | 'warn' | 'fail'

export interface Finding {
  /** What was looked at, such as `storage`. */
  readonly what: string
  readonly severity: Severity
  /** A sentence. */
  readonly message: string
  /** What to do, a sentence. */
  readonly next?: string
}

/** What the checks have found out for each other. */
export interface Examined {
  readonly session: Session
  /** The releases of Gantry; undefined where this account may not list them. */
  readonly releases: readonly Release[] | undefined
}

export type Check = (examined: Examined) => Promise<readonly Finding[]>

export const ok = (what: string, message: string): Finding => ({ what, severity: 'ok', message })
export const warn = (what: string, message: string, next: string): Finding => ({
  what,
  severity: 'warn',
  message,
  next,
})
export const fail = (what: string, message: string, next: string): Finding => ({
  what,
  severity: 'fail',
  message,
  next,
})

/** A check that this account may not make is a warning, and the others go on. */
export const orForbidden = async (what: string, look: () => Promise<readonly Finding[]>) => {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 403) throw error
    return [
      warn(
        what,
        `It cannot be told: ${plainText(error.message)}.`,
        'Ask an administrator to run `gantry doctor`.',
      ),
    ]
  }
}
