/** The fields of live objects that decisions are made from; everything else the API server sends stays untyped. */
import type { KubernetesObject, OwnerReference } from './objects.ts'

export interface LiveCondition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
  /** Set on a Deployment's conditions: when status, reason or message changed. */
  readonly lastUpdateTime?: string
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }
  readonly spec?: Pick<NonNullable<LivePod['spec']>, 'volumes' | 'containers'>
}

interface Volume {
  readonly name: string
  readonly configMap?: { readonly name?: string }
  readonly persistentVolumeClaim?: { readonly claimName: string }
}

export type LiveDeployment = KubernetesObject & {
  readonly spec?: {
    readonly replicas?: number
    readonly paused?: boolean
    readonly template?: PodTemplate
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly conditions?: readonly LiveCondition[]
  }
}

export type LiveService = KubernetesObject & {
  readonly spec?: {
    /** Absent where the addresses are written by others than the controller. */
    readonly selector?: Readonly<Record<string, string>>
    readonly ports?: readonly {
      readonly name?: string
      readonly port: number
      readonly protocol?: string
      readonly targetPort?: number | string
      readonly appProtocol?: string
    }[]
  }
}

export type LiveEndpointSlice = KubernetesObject & {
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[]
        readonly conditions?: { readonly ready?: boolean }
      }[]
    | null
}

export type LiveAutoscaler = KubernetesObject & {
  readonly spec?: { readonly maxReplicas?: number; readonly scaleTargetRef?: { readonly name?: string } }
}

export type LiveScaledObject = KubernetesObject & {
  readonly spec?: { readonly maxReplicaCount?: number }
  readonly status?: { readonly conditions?: readonly LiveCondition[] }
}

/** A Gateway, or a part of it, that a route is attached to. */
export interface ParentRef {
  readonly name: string
  readonly namespace?: string
  readonly sectionName?: string
  readonly port?: number
}

export type LiveRoute = KubernetesObject & {
  readonly spec?: {
    readonly parentRefs?: readonly ParentRef[]
    readonly rules?: readonly {
      readonly backendRefs?: readonly { readonly name: string; readonly weight?: number }[]
    }[]
  }
  readonly status?: {
    readonly parents?: readonly {
      readonly parentRef: ParentRef
      readonly conditions?: readonly (LiveCondition & { readonly observedGeneration?: number })[]
    }[]
  }
}

interface JobContainer {
  readonly name?: string
  readonly resources?: { readonly limits?: Readonly<Record<string, number | string>> }
}

export type LiveJob = KubernetesObject & {
  readonly spec?: {
    readonly activeDeadlineSeconds?: number
    readonly template?: {
      readonly spec?: {
        readonly activeDeadlineSeconds?: number
        readonly initContainers?: readonly JobContainer[]
        readonly containers?: readonly JobContainer[]
      }
    }
  }
  readonly status?: {
    readonly active?: number
    readonly conditions?: readonly LiveCondition[]
    readonly completionTime?: string
  }
}

export type LiveClaim = KubernetesObject & {
  readonly spec?: {
    readonly storageClassName?: string
    readonly resources?: { readonly requests?: { readonly storage?: string } }
  }
  readonly status?: { readonly phase?: string; readonly capacity?: { readonly storage?: string } }
}

export type LiveConfigMap = KubernetesObject & { readonly data?: Readonly<Record<string, string>> }

export interface Terminated {
  readonly exitCode: number
  readonly reason?: string
  readonly message?: string
  readonly finishedAt?: string
}

export interface ContainerStatus {
  readonly name: string
  readonly image?: string
  readonly ready?: boolean
  readonly restartCount?: number
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string }
    readonly running?: object
    readonly terminated?: Terminated
  }
  readonly lastState?: { readonly terminated?: Terminated }
}

/** Quantities by resource name. */
type Quantities = Readonly<Record<string, number | string>>

export interface ContainerResources {
  readonly requests?: Quantities
  readonly limits?: Quantities
}

export type LivePod = KubernetesObject & {
  readonly spec?: {
    readonly nodeName?: string
    readonly volumes?: readonly Volume[]
    readonly containers?: readonly {
      readonly name: string
      readonly image?: string
      readonly ports?: readonly { readonly name?: string }[]
      readonly resources?: ContainerResources
    }[]
    readonly initContainers?: readonly {
      readonly name: string
      readonly image?: string
      /** `Always` makes a sidecar of it. */
      readonly restartPolicy?: string
      readonly resources?: ContainerResources
    }[]
    /** What the pod asks for as a whole, in place of what its containers ask for. */
    readonly resources?: ContainerResources
    /** What a RuntimeClass adds. */
    readonly overhead?: Quantities
  }
  readonly status?: {
    readonly phase?: string
    readonly reason?: string
    readonly message?: string
    readonly podIP?: string
    readonly conditions?: readonly LiveCondition[]
    readonly containerStatuses?: readonly ContainerStatus[]
    /** Sidecars are among them: init containers that are restarted for ever. */
    readonly initContainerStatuses?: readonly ContainerStatus[]
  }
}

export type LiveNode = KubernetesObject & {
  readonly status?: { readonly allocatable?: Quantities }
}

export type LiveEvent = KubernetesObject & {
  readonly involvedObject?: { readonly kind?: string; readonly name?: string; readonly uid?: string }
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly count?: number
  readonly lastTimestamp?: string
  readonly eventTime?: string
}

/** The reference of the one controller that owns `object`, if any. */
export const controllerOf = (object: KubernetesObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((reference) => reference.controller === true)

export const isOwnedBy = (object: KubernetesObject, uid: string | undefined): boolean =>
  uid !== undefined && controllerOf(object)?.uid === uid

export const isEnding = (object: KubernetesObject): boolean => object.metadata.deletionTimestamp !== undefined

/** A pod whose containers will not run any more, so that it holds no volume. */
export const isOver = (pod: LivePod): boolean =>
  pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

export const conditionOf = (
  object: {
    readonly status?: { readonly conditions?: readonly LiveCondition[] }
  },
  type: string,
): LiveCondition | undefined => object.status?.conditions?.find((condition) => condition.type === type)

export const isReady = (pod: LivePod): boolean =>
  !isEnding(pod) && conditionOf(pod, 'Ready')?.status === 'True'

/** Order of creation, the newest first; names decide within a second. */
export const newestFirst = (a: KubernetesObject, b: KubernetesObject): number =>
  (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '') ||
  b.metadata.name.localeCompare(a.metadata.name)
