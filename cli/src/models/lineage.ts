/** Where a version comes from and what became of it: the chain from its source to what answers now. Pure. */
import { conditionOf, type LiveCondition } from '@gantry/kube/live.ts'
import type { Model, ModelVersion } from '../cluster/resources.ts'
import { failed } from '../failure.ts'
import { activeOf, findVersion, versionsOf } from './versions.ts'

/** The document of `lineage -o json`. */
export interface Lineage {
  readonly name: string
  readonly namespace: string
  readonly version: string
  /** The version's ancestors, the oldest first, and the version itself. */
  readonly chain: readonly ModelVersion[]
  /** Id of a parent that is not in the status any more. */
  readonly lostParent: string | undefined
  readonly now: {
    readonly serves: boolean
    readonly activeVersion: string | undefined
    readonly readyReplicas: number
    /** Why its files cannot be trusted; undefined where nothing says so. */
    readonly damage: string | undefined
  }
  /** What a reviewer should look at. */
  readonly remarks: readonly string[]
}

/** The ancestors of the version, oldest first, then the version itself. A status that names a parent in a circle is cut. */
const chainOf = (model: Model, version: ModelVersion): readonly ModelVersion[] => {
  const versions = versionsOf(model)
  const chain = [version]
  for (;;) {
    const parent = versions.find(({ id }) => id === chain[0]?.parent)
    if (!parent || chain.includes(parent)) return chain
    chain.unshift(parent)
  }
}

const damageOf = ({ status = {} }: Model): string | undefined => {
  const conditions = status as { readonly conditions?: readonly LiveCondition[] }
  const stalled = conditionOf({ status: conditions }, 'Stalled')
  return stalled?.status === 'True' && stalled.reason === 'DigestMismatch' ? stalled.message : undefined
}

const remarksOf = (
  { metadata, spec }: Model,
  chain: readonly ModelVersion[],
  lostParent: string | undefined,
): readonly string[] => {
  const [first] = chain
  const asked = first?.requestedBy
  const signature = spec.model.source.signature
  return [
    ...(lostParent === undefined
      ? []
      : [`The parent ${lostParent} is not in the status any more, so its source is that of ${first?.id}.`]),
    ...(first?.signature
      ? []
      : [
          signature
            ? `${first?.id} was imported without a signature, before spec.model.source.signature asked for one.`
            : `Nobody signed ${first?.id}: spec.model.source.signature asks for no key.`,
        ]),
    ...(asked && asked.uid !== metadata.uid
      ? [
          `${first?.id} was asked for by an object that is not this one: ${asked.namespace}/${asked.name}, uid ${asked.uid}.`,
        ]
      : []),
    ...(asked ? [] : [`${first?.id} was imported by a release that did not record who asked for it.`]),
  ]
}

/**
 * @param given id or label; undefined: the version that serves, or else the newest
 * @throws Failure where there is none
 */
export const lineageOf = (model: Model, given: string | undefined): Lineage => {
  const version =
    given === undefined ? (activeOf(model) ?? versionsOf(model).at(-1)) : findVersion(model, given)
  const { name, namespace = '' } = model.metadata
  if (!version)
    throw failed(
      `${name} has no version on its volume yet.`,
      `\`gantry describe ${name}\` says what it waits for.`,
    )
  const chain = chainOf(model, version)
  const parent = chain[0]?.parent
  const lostParent = versionsOf(model).some(({ id }) => id === parent) ? undefined : parent
  const { activeVersion, readyReplicas = 0 } = model.status ?? {}
  const serves = activeVersion === version.id
  return {
    ...{ name, namespace, version: version.id, chain, lostParent },
    now: { serves, activeVersion, readyReplicas: serves ? readyReplicas : 0, damage: damageOf(model) },
    remarks: remarksOf(model, chain, lostParent),
  }
}
