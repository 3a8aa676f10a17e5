import type { Cache } from '@gantry/kube/cache.ts'
import { covers } from '@gantry/kube/covers.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import { isEnding, isOwnedBy } from '@gantry/kube/live.ts'
import type { Kube, KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { Job } from '@gantry/kube/resources.ts'
import type { Finding } from './finding.ts'
import type { Kind } from './kind.ts'
import { namespaceEnding, nameTaken, predecessorEnding, refusalOf } from './refusals.ts'
import type { RefusedWrites } from './refused-writes.ts'
import type { Subject } from './subject.ts'

/** Annotation with the fingerprint of an object as last applied. It shows that a field was removed, which the live object cannot show. */
export const desiredHash = 'gantry.dev/desired-hash'

/** What to do in one pass. What is neither applied nor retained is pruned. */
export interface Plan {
  readonly apply: readonly KubernetesObject[]
  /** Live objects that stay as they are. */
  readonly retain: readonly KubernetesObject[]
  /** A live object that is deleted although an object of its name is applied. */
  readonly replace: KubernetesObject | undefined
  /** Single fields of retained objects. */
  readonly adjust: readonly Adjustment[]
}

export interface Adjustment {
  readonly live: KubernetesObject
  /** Nothing but these fields is applied, as a field manager of its own. */
  readonly change: KubernetesObject
  readonly fieldManager: string
}

export interface Access {
  readonly kube: Kube
  readonly cache: Cache
  readonly refusedWrites: RefusedWrites
  readonly kind: Kind
}

/** A desired object, and the live object of its name. */
interface Pair {
  readonly resource: Resource
  readonly desired: KubernetesObject
  readonly live: KubernetesObject | undefined
}

const writable = ({ owned, optional }: Kind): readonly Resource[] => [...owned, ...optional]

const resourceOf = (of: Kind, { kind }: KubernetesObject): Resource => {
  const resource = writable(of).find((candidate) => candidate.kind === kind)
  if (!resource) throw new Error(`${kind} is not among the owned resources`)
  return resource
}

/** The object as it is applied, with the fingerprint that shows the next pass whether the desired object has changed. */
const sealed = (object: KubernetesObject): KubernetesObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: { ...object.metadata.annotations, [desiredHash]: fingerprint(object, 16) },
  },
})

/** The cache only holds objects with the operator's label. An object without that label may still have the name, so the API server is asked. */
const pairUp = async ({ kube, cache, kind }: Access, desired: KubernetesObject): Promise<Pair> => {
  const { namespace = '', name } = desired.metadata
  const resource = resourceOf(kind, desired)
  const live = cache.get(resource, namespace, name) ?? (await kube.get(resource, namespace, name))
  // A Job is never compared: it cannot be changed once it exists.
  return { resource, desired: resource === Job ? desired : sealed(desired), live }
}

/** Finds a foreign object under a name that the operator needs. The first one is enough: nothing is written then. */
const foreign = (subject: Subject, pairs: readonly Pair[]): Finding | undefined => {
  const { uid } = subject.metadata
  const other = pairs.find(({ live }) => live && !isOwnedBy(live, uid))?.live
  if (!other) return undefined
  const ours = pairs.flatMap(({ live }) => (live && isOwnedBy(live, uid) ? [live] : []))
  return isPredecessors(subject, other) ? predecessorEnding(subject, other) : nameTaken(subject, other, ours)
}

/** Whether a deleted object of the same kind and name has left the object, which the garbage collector will delete. */
const isPredecessors = ({ kind, metadata }: Subject, object: KubernetesObject): boolean =>
  object.metadata.ownerReferences?.some(
    (owner) => owner.controller && owner.kind === kind && owner.name === metadata.name,
  ) ?? false

const remove = async ({ kube, kind }: Access, object: KubernetesObject): Promise<undefined> => {
  const { namespace, name, uid } = object.metadata
  const resource = resourceOf(kind, object)
  await kube.remove(
    resource,
    namespace,
    name,
    uid,
    kind.optional.includes(resource) ? 'Foreground' : undefined,
  )
}

/** Live objects of ours that are neither applied nor retained. */
const superfluous = ({ cache, kind }: Access, subject: Subject, plan: Plan): readonly KubernetesObject[] => {
  const wanted = new Set(
    [...plan.apply, ...plan.retain].map(({ kind, metadata }) => `${kind}/${metadata.name}`),
  )
  const { namespace, name, uid } = subject.metadata
  return writable(kind)
    .flatMap((resource) => cache.labelled(resource, namespace, kind.label, name))
    .filter((object) => isOwnedBy(object, uid) && !isEnding(object))
    .filter(({ kind, metadata }) => !wanted.has(`${kind}/${metadata.name}`))
}

/** Whether there is nothing to write. A Job cannot be changed once it runs; a Job with other content has another name. */
const isAsDesired = (
  { kind }: Pick<Access, 'kind'>,
  subject: Subject,
  { resource, desired, live }: Pair,
  isReplaced: boolean,
): boolean => {
  if (!live) return false
  if (resource === Job) return !isReplaced
  return isEnding(live) || (covers(live, desired) && !kind.preparation(subject, desired, live))
}

const isReplacedBy = ({ replace }: Plan, { live }: Pair): boolean =>
  live !== undefined && live.metadata.uid === replace?.metadata.uid

/** What a pass would change, as `Kind name`; nothing is written. */
export const dueChanges = async (
  access: Access,
  subject: Subject,
  plan: Plan,
): Promise<readonly string[]> => {
  const pairs = await Promise.all(plan.apply.map((desired) => pairUp(access, desired)))
  const written = pairs.filter((pair) => !isAsDesired(access, subject, pair, isReplacedBy(plan, pair)))
  const adjusted = plan.adjust.map(({ live }) => live)
  return [...superfluous(access, subject, plan), ...written.map(({ desired }) => desired), ...adjusted].map(
    ({ kind, metadata }) => `${kind} ${metadata.name}`,
  )
}

/** Brings one object to its desired state with as few writes as possible. @returns what the API server has dropped of it */
const write = async (
  access: Access,
  subject: Subject,
  pair: Pair,
  isReplaced: boolean,
): Promise<Finding | undefined> => {
  const { resource, desired, live } = pair
  if (isAsDesired(access, subject, pair, isReplaced)) return undefined
  const { kube, cache, kind } = access
  if (resource === Job) {
    cache.put(resource, await kube.create(resource, desired))
    return undefined
  }
  await kind.preparation(subject, desired, live)?.(kube)
  const stored = await kube.apply(resource, desired)
  cache.put(resource, stored)
  return kind.dropped(desired, stored)
}

/** Reports the first refusal that blocks; the earliest retry decides the time of the next pass. */
const soonest = (findings: readonly Finding[]): Finding | undefined => {
  const first = findings.find(({ isNonBlocking }) => !isNonBlocking) ?? findings[0]
  const waits = findings.map(({ afterMs }) => afterMs).filter((afterMs) => afterMs !== undefined)
  return first && waits.length > 0 ? { ...first, afterMs: Math.min(...waits) } : first
}

/**
 * Prunes, then applies in order. An object that needs another one, which was refused and does not exist, is left out, since it could not work.
 * Stops between two writes when `signal` fires, and at once where the namespace is terminating: its objects vanish one by one,
 * and each would be created again in vain.
 * @returns what the API server refused for a reason that the user can fix
 * @throws ReconcileError for any other failure
 */
export const converge = async (
  access: Access,
  subject: Subject,
  plan: Plan,
  signal: AbortSignal,
): Promise<Finding | undefined> => {
  const { refusedWrites, kind } = access
  const pairs = await Promise.all(plan.apply.map((desired) => pairUp(access, desired)))
  const taken = foreign(subject, pairs)
  if (taken) return taken
  const findings: Finding[] = []
  /** @returns whether the API server did not refuse it */
  const attempt = async (
    object: KubernetesObject,
    live: KubernetesObject | undefined,
    action: () => Promise<Finding | undefined>,
  ): Promise<boolean> => {
    signal.throwIfAborted()
    if (findings.includes(namespaceEnding)) return false
    const recent = refusedWrites.recent(object)
    if (recent) {
      findings.push(recent)
      return false
    }
    try {
      const dropped = await action()
      // The same write would be made in each pass.
      if (dropped) findings.push(refusedWrites.refused(object, dropped))
      else refusedWrites.accepted(object)
      return true
    } catch (error) {
      const finding = refusalOf(object, live, error, kind)
      findings.push(finding === namespaceEnding ? finding : refusedWrites.refused(object, finding))
      return false
    }
  }
  const { replace } = plan
  const doomed = [...superfluous(access, subject, plan), ...(replace ? [replace] : [])]
  for (const object of doomed) await attempt(object, object, () => remove(access, object))
  const missing = new Set<Resource>()
  for (const pair of pairs) {
    const { resource, desired, live } = pair
    const isReplaced = isReplacedBy(plan, pair)
    const isPossible = !kind.needs.get(resource)?.some((needed) => missing.has(needed))
    const isWritten =
      isPossible && (await attempt(desired, live, () => write(access, subject, pair, isReplaced)))
    if (!isWritten && !live) missing.add(resource)
  }
  for (const { live, change, fieldManager } of plan.adjust) {
    const resource = resourceOf(kind, live)
    await attempt(change, live, async () => {
      access.cache.put(resource, await access.kube.apply(resource, change, fieldManager))
      return undefined
    })
  }
  return findings.includes(namespaceEnding) ? namespaceEnding : soonest(findings)
}
