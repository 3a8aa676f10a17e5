import type { Cache } from './cache.ts'
import { covers } from './covers.ts'
import { annotations } from './desired/metadata.ts'
import type { Finding } from './finding.ts'
import { fingerprint } from './fingerprint.ts'
import { handOverReplicas, needsHandover } from './handover.ts'
import type { Kube, KubernetesObject, ModelDeployment, Resource } from './kubernetes.ts'
import { isEnding, isOwnedBy } from './live.ts'
import type { Plan } from './plan.ts'
import { namespaceEnding, nameTaken, predecessorEnding, refusalOf } from './refusals.ts'
import { Job, owned } from './resources.ts'

interface Access {
  readonly kube: Kube
  readonly cache: Cache
}

/** An object to apply, beside what stands under its name. */
interface Pair {
  readonly resource: Resource
  readonly desired: KubernetesObject
  readonly live: KubernetesObject | undefined
}

const resourceOf = ({ kind }: KubernetesObject): Resource => {
  const resource = owned.find((candidate) => candidate.kind === kind)
  if (!resource) throw new Error(`${kind} is not among the owned resources`)
  return resource
}

/** The object as it is applied: with the fingerprint that tells the next pass whether the wish has changed. */
const sealed = (object: KubernetesObject): KubernetesObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: { ...object.metadata.annotations, [annotations.desiredHash]: fingerprint(object, 16) },
  },
})

/** The cache follows our label; an object that it misses may still stand there, without it. */
const pairUp = async ({ kube, cache }: Access, desired: KubernetesObject): Promise<Pair> => {
  const { namespace = '', name } = desired.metadata
  const resource = resourceOf(desired)
  const live = cache.get(resource, namespace, name) ?? (await kube.get(resource, namespace, name))
  // A Job is never compared: it is there, or it is not.
  return { resource, desired: resource === Job ? desired : sealed(desired), live }
}

/** An object of somebody else under one of our names. The first one is enough: nothing is written then. */
const foreign = (model: ModelDeployment, pairs: readonly Pair[]): Finding | undefined => {
  const { uid } = model.metadata
  const other = pairs.find(({ live }) => live && !isOwnedBy(live, uid))?.live
  if (!other) return undefined
  return isPredecessors(model, other) ? predecessorEnding(other) : nameTaken(model, other)
}

/** Left by a deleted model of the same name; the garbage collector is on its way. */
const isPredecessors = ({ kind, metadata }: ModelDeployment, object: KubernetesObject): boolean =>
  object.metadata.ownerReferences?.some(
    (owner) => owner.controller && owner.kind === kind && owner.name === metadata.name,
  ) ?? false

const remove = async ({ kube }: Access, object: KubernetesObject): Promise<void> => {
  const { namespace, name, uid } = object.metadata
  await kube.remove(resourceOf(object), namespace, name, uid)
}

/** Live objects of ours that are neither applied nor retained. */
const superfluous = ({ cache }: Access, model: ModelDeployment, plan: Plan): readonly KubernetesObject[] => {
  const wanted = new Set(
    [...plan.apply, ...plan.retain].map(({ kind, metadata }) => `${kind}/${metadata.name}`),
  )
  const { namespace, name, uid } = model.metadata
  return owned
    .flatMap((resource) => cache.owned(resource, namespace, name))
    .filter((object) => isOwnedBy(object, uid) && !isEnding(object))
    .filter(({ kind, metadata }) => !wanted.has(`${kind}/${metadata.name}`))
}

/** Brings one object to what is desired, with as few writes as that takes. */
const write = async (
  { kube, cache }: Access,
  model: ModelDeployment,
  { resource, desired, live }: Pair,
  isReplaced: boolean,
): Promise<void> => {
  if (resource === Job) {
    // A Job cannot be changed once it runs: what would be another one has another name.
    if (!live || isReplaced) cache.put(resource, await kube.create(resource, desired))
    return
  }
  const isHandedOver = needsHandover(desired, live)
  if (live && (isEnding(live) || (covers(live, desired) && !isHandedOver))) return
  if (isHandedOver) await handOverReplicas(kube, model)
  cache.put(resource, await kube.apply(resource, desired))
}

/**
 * Prunes, then applies in order. Answers with what the API server refused for a reason the user can mend; any other
 * failure is thrown. Stops between two writes when `signal` fires, and at once where the namespace is going away: its
 * objects vanish one by one, and each would be made anew in vain.
 */
export const converge = async (
  access: Access,
  model: ModelDeployment,
  plan: Plan,
  signal: AbortSignal,
): Promise<readonly Finding[]> => {
  const pairs = await Promise.all(plan.apply.map((desired) => pairUp(access, desired)))
  const taken = foreign(model, pairs)
  if (taken) return [taken]
  const findings: Finding[] = []
  const attempt = async (object: KubernetesObject, action: () => Promise<void>): Promise<void> => {
    signal.throwIfAborted()
    if (findings.includes(namespaceEnding)) return
    await action().catch((error: unknown) => findings.push(refusalOf(object, error)))
  }
  const { replace } = plan
  const doomed = [...superfluous(access, model, plan), ...(replace ? [replace] : [])]
  for (const object of doomed) await attempt(object, () => remove(access, object))
  for (const pair of pairs) {
    const isReplaced = pair.live?.metadata.uid === replace?.metadata.uid
    await attempt(pair.desired, () => write(access, model, pair, isReplaced))
  }
  return findings
}
