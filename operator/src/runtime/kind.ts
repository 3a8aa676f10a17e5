/** What the runtime has to know of a kind that the operator reconciles. */
import type { Cache } from '@gantry/kube/cache.ts'
import type { Kube, KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import type { Announcements } from './events.ts'
import type { Finding } from './finding.ts'
import type { Subject } from './subject.ts'

/** What has to be done right before an object is applied. */
export type Preparation = (kube: Kube) => Promise<void>

/** Objects of another kind that the operator reconciles, which decide about objects of this kind. */
export interface Related {
  readonly resource: Resource
  /** The objects of this kind that a change of one of them concerns, as namespace/name. */
  readonly keysOf: (cache: Cache, object: KubernetesObject) => readonly string[]
}

export interface Kind {
  readonly resource: Resource
  /** Stands on all that belongs to an object of this kind; its value is the name of that object. */
  readonly label: string
  /** The kinds that the operator writes for it, in the order it applies them: what a later one refers to comes first. */
  readonly owned: readonly Resource[]
  /**
   * Kinds that it writes too, and that a cluster need not have. They are deleted in the foreground: the object is gone only once
   * what another program has made of it is gone.
   */
  readonly optional: readonly Resource[]
  /** Kinds that others make out of the owned ones, and that are watched, too. */
  readonly watched: readonly Resource[]
  readonly related: readonly Related[]
  /** What has to stand before a kind is worth writing: pods that wait for what never comes are made and thrown away for ever. */
  readonly needs: ReadonlyMap<Resource, readonly Resource[]>
  /** Undefined where nothing has to be done before `desired` is applied over `live`. */
  readonly preparation: (
    subject: Subject,
    desired: KubernetesObject,
    live: KubernetesObject | undefined,
  ) => Preparation | undefined
  /** What a refusal of the API server means where this kind says it better than the runtime; else undefined. */
  readonly refusal: (
    object: KubernetesObject,
    live: KubernetesObject | undefined,
    message: string,
  ) => Finding | undefined
  /** What it means that the API server has accepted an object and stored less of it; undefined where nothing that counts is missing. */
  readonly dropped: (desired: KubernetesObject, stored: KubernetesObject) => Finding | undefined
  /** The field of spec that decides about an owned object, by the kind of that object; messages say `spec` for a kind that is not listed. */
  readonly specFields: ReadonlyMap<string, string>
  readonly announcements: Announcements
  /** Counts the objects of this kind by their Ready condition. */
  readonly metric: { readonly name: string; readonly help: string }
}
