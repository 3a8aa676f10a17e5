/**
 * Kubernetes as programs see it: plain JSON objects as the API server sends them (timestamps are strings) and the few
 * verbs they use. client.ts implements the verbs on a real API server.
 */

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly OwnerReference[]
}

/** A condition as metav1 defines it; the status of many kinds has them. */
export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
  readonly observedGeneration?: number
  readonly lastTransitionTime: string
}

/** Any object: `Live<Deployment>` narrows spec and status where code reads them. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Metadata
  readonly [field: string]: unknown
}

/** A resource type of the API, enough to build its URLs. */
export interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly plural: string
}

export interface Selector {
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** No more than about so many objects of a list are read. */
  readonly most?: number
}

/** How much of a log is read: the last lines, and no more than so many bytes of them. */
export interface LogPart {
  readonly tailLines: number
  readonly limitBytes: number
}

/** The verbs of the API server that programs use. Every call rejects with ApiError for a refusal, with another Error where no answer came. */
export interface Kube {
  readonly get: <T extends KubernetesObject>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
  ) => Promise<T | undefined>
  readonly list: <T extends KubernetesObject>(resource: Resource, selector: Selector) => Promise<readonly T[]>
  /** The end of the log of a pod's only container. */
  readonly log: (namespace: string, pod: string, part: LogPart) => Promise<string>
  /** Creates; an object of that name that exists already is an ApiError 409. */
  readonly create: <T extends KubernetesObject>(resource: Resource, object: KubernetesObject) => Promise<T>
  /** Server-side apply as the field manager of the client unless told otherwise, conflicts forced; answers with the live object. */
  readonly apply: <T extends KubernetesObject>(
    resource: Resource,
    object: KubernetesObject,
    fieldManager?: string,
  ) => Promise<T>
  /** Asks whether an apply would be accepted, as a dry run: nothing is stored. Rejects with ApiError where it would not. */
  readonly tryApply: (resource: Resource, object: KubernetesObject) => Promise<void>
  /** Server-side apply of the status subresource only. */
  readonly applyStatus: <T extends KubernetesObject>(
    resource: Resource,
    object: KubernetesObject,
  ) => Promise<T>
  /**
   * Deletion; an object that is gone already is fine. `uid` guards against deleting its successor. With `Foreground` the object
   * is there until what it owns is gone; by default it goes at once, and what it owns follows.
   */
  readonly remove: (
    resource: Resource,
    namespace: string | undefined,
    name: string,
    uid?: string,
    propagation?: 'Background' | 'Foreground',
  ) => Promise<void>
}
