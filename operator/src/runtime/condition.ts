/** A condition of a status, as both kinds write it. */
import { plainText } from '@gantry/contract/plain-text.ts'
import type { Reason } from '@gantry/contract/reasons.ts'

/** Status, reason and message of a condition, without its time and generation. */
export interface Verdict {
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: Reason
  readonly message: string
}

export const yes = (reason: Reason, message: string): Verdict => ({ status: 'True', reason, message })
export const no = (reason: Reason, message: string): Verdict => ({ status: 'False', reason, message })
export const unknown = (reason: Reason, message: string): Verdict => ({ status: 'Unknown', reason, message })

interface Conditioned {
  readonly metadata: { readonly generation: number }
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly lastTransitionTime: string
    }[]
  }
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export const timestamp = (now: number): string => new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')

/** Every message is cleaned here, since it may quote foreign text. lastTransitionTime is when the status changed, not the reason or the message. */
export const condition = (object: Conditioned, type: string, verdict: Verdict, now: number) => {
  const last = object.status?.conditions?.find((candidate) => candidate.type === type)
  const lastTransitionTime = last?.status === verdict.status ? last.lastTransitionTime : timestamp(now)
  const message = plainText(verdict.message)
  return { type, ...verdict, message, observedGeneration: object.metadata.generation, lastTransitionTime }
}
