/** A rollout by canary: what spec asks for, what status keeps of it, and what each pass is told. */
import type { ComparisonName } from '@gantry/contract/shadow.ts'
import type { SourceCounts } from '@gantry/evaluation/canary/counts.ts'
import type { LatencyHistogram } from '@gantry/evaluation/canary/latency-histogram.ts'
import type { Names } from '@gantry/evaluation/canary/sentences.ts'
import type { Tally, Unit } from '@gantry/evaluation/canary/tally.ts'
import { defaultLimits, type Limits, type Question, type Verdict } from '@gantry/evaluation/canary/verdict.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'

export interface Step {
  /** Percent of the requests that go to the canary, from 1 to 100. */
  readonly weight: number
  readonly holdSeconds: number
}

/** How answers are compared; what spec does not say is absent. */
export interface ShadowComparison {
  readonly compare?: ComparisonName
  readonly maxDifference?: number
  readonly minCosine?: number
}

/** `spec.rollout` with its defaults. */
export interface Rollout {
  /** At least one; weights ascend. */
  readonly steps: readonly Step[]
  readonly limits: Limits
  readonly unit: Unit
  /** The header that names sessions, where they are the unit. */
  readonly stickyHeader?: string
  /** Percent of the requests whose copies are compared; 0 is none. */
  readonly shadowPercent: number
  /** How the answers to copies are compared; undefined where there are none. */
  readonly shadow?: ShadowComparison | undefined
  /** Seconds after which a step is reported that does not come to an end. */
  readonly maxStepSeconds: number
  /** What divides the requests, where that is not Gantry's own gateway. */
  readonly routing?: 'GatewayAPI'
}

/** A day. */
export const defaultMaxStepSeconds = 86_400

export const weightsOf = ({ steps }: Rollout): readonly number[] => steps.map(({ weight }) => weight)

/**
 * Identifies what is tried: the version and how. Limits that are the defaults are left out, so that a release with another
 * default does not try an aborted version again. 16 hexadecimal digits.
 */
export const revisionOf = (version: string, { limits, ...rollout }: Rollout): string => {
  const defaults: Partial<Record<string, unknown>> = { ...defaultLimits }
  const own = Object.entries(limits).filter(([name, value]) => value !== defaults[name])
  return fingerprint({ version, ...rollout, limits: Object.fromEntries(own) }, 16)
}

export type Phase = 'Starting' | 'Progressing' | 'Promoting'

/** `status.canary`, without its message: message.ts */
export interface CanaryStatus {
  /** Id of the version that is tried. */
  readonly version: string
  /** Id of the version that it is compared with. */
  readonly stable?: string
  readonly revision: string
  /** Names this try in what gateways count, so that counts of a try before are not taken for its own. */
  readonly run: string
  readonly phase: Phase
  /** The how-manieth step it is, from 1. 0 before the first: the canary has no requests, and stable is measured alone. */
  readonly step: number
  /** Percent. */
  readonly weight: number
  /** How long the step has lasted, pauses left out. */
  readonly heldSeconds: number
  /** RFC 3339; until when heldSeconds counts. */
  readonly seenAt: string
  readonly paused: boolean
  /** Answers of stable are slow above so many milliseconds; those of the canary above that and latencyMargin. */
  readonly slowMs?: number
  readonly tally: Tally
}

/** `status.rejectedRevision` */
export interface Rejection {
  readonly version: string
  readonly revision: string
  readonly reason: 'CanaryWorse' | 'CanaryAborted'
  readonly message: string
  /** Id of the version before, while stable's pods are still those of the rejected one. */
  readonly returnsTo?: string
  /** The annotation gantry.dev/rollout as it was seen last: only another one tries the version again. */
  readonly annotation?: string
}

export interface Situation {
  readonly nowMs: number
  readonly rollout: Rollout
  /** Id of the version that stable's pods are made for; undefined where none serves yet. */
  readonly active: string | undefined
  /** Whether all pods of stable are of that version and available. */
  readonly isStableWhole: boolean
  /** Id of the version that spec asks for, once it is imported and has passed its gates. */
  readonly candidate: string | undefined
  /** Whether all pods of the canary are available. */
  readonly isCanaryReady: boolean
  /** Whether it has the pods that the next step needs. */
  readonly hasNextPods: boolean
  /** Whether requests are divided by the weight of the present step; a gateway of our own does so at once. */
  readonly isRouted?: boolean
  readonly canary: CanaryStatus | undefined
  readonly rejection: Rejection | undefined
  /** The annotation gantry.dev/rollout. */
  readonly annotation: string | undefined
  /** What gateways count of `canary.run`. */
  readonly answers: readonly SourceCounts[]
  /** Names of the gateways' pods. */
  readonly instances: readonly string[]
  /** Latencies of stable in the present step. */
  readonly latencies: readonly LatencyHistogram[]
  /** Why requests that were chosen for a copy were not compared, the most frequent reason first. */
  readonly uncompared?: readonly string[]
}

/** What a rollout waits for. */
export type Hold =
  | 'Starting'
  | 'Holding'
  | 'Advancing'
  | 'Paused'
  | 'MovingPods'
  | 'RouteNotReady'
  | 'CanaryNotReady'
  | 'CanaryStarved'

/** What was counted and what follows from it, for the message. */
export interface Evidence {
  readonly question: Question
  readonly verdict: Verdict
  readonly names: Names
}

interface Next {
  /** The next `status.rejectedRevision`. */
  readonly rejection: Rejection | undefined
  /** Sentences about annotations and counts that cannot be honoured. */
  readonly problems: readonly string[]
}

interface Running extends Next {
  /** The next `status.canary`. */
  readonly canary: CanaryStatus
  /** Why it is what it is: the beginning of the message. */
  readonly why: string
  readonly evidence?: Evidence
}

export type Plan =
  | (Next & { readonly kind: 'idle' })
  /** Stable serves alone, since the version was rejected. */
  | (Next & { readonly kind: 'rejected'; readonly rejection: Rejection })
  | (Running & { readonly kind: 'run'; readonly hold: Hold })
  /** Stable gets the version of the canary; the canary goes on until that is done. */
  | (Running & { readonly kind: 'promote' })

/** Why gateways cannot stand in the path of a model. Both are sentences without a full stop; the first continues one. */
export interface GatewayTrouble {
  readonly why: string
  readonly advice: string
}

/** What becomes of a new version. */
export type Trial =
  | Plan
  /** There is a version to try, and no gateway that could divide the requests. */
  | {
      readonly kind: 'gatewayMissing'
      readonly version: string
      readonly trouble?: GatewayTrouble | undefined
    }
  /** There is a version to try with `surge: 0`, and a single pod, which cannot be shared. */
  | { readonly kind: 'tooFewPods'; readonly version: string }
