/** Which version a model is to serve, and which one meanwhile. */
import { versionIdPattern } from '@gantry/contract/versions.ts'
import type { OptimizerImages } from '../evaluating/optimizing.ts'
import type { Finding } from '../runtime/finding.ts'
import type { ModelDeployment, Version } from './model-deployment.ts'
import { isWorse, proofOf } from './optimization/proof.ts'
import {
  hasMoreSteps,
  type Optimize,
  optimizedRevisionOf,
  optimizedVersionOf,
} from './optimization/recipe.ts'
import { revisionOf } from './revision.ts'
import type { Origin } from './winner.ts'

/** The version that spec asks for. `current` is served until that version may be. */
export type TargetVersion =
  | { readonly kind: 'serve'; readonly version: Version }
  | { readonly kind: 'import'; readonly revision: string; readonly current?: Version }
  /** The source is on the volume, and spec.optimize makes another version of it, which is the one to serve. */
  | {
      readonly kind: 'optimize'
      readonly parent: Version
      readonly revision: string
      readonly current?: Version
    }
  /** It is on the volume, and gets no traffic before it has passed the limits of spec.evaluate and spec.optimize. */
  | { readonly kind: 'evaluate'; readonly version: Version; readonly current?: Version }
  /** spec.model.source.evaluationRef stands for no candidate. */
  | { readonly kind: 'wait'; readonly finding: Finding; readonly current?: Version }
  /** spec.model.version is the id of a version that the volume does not have. */
  | { readonly kind: 'unknown'; readonly id: string; readonly current?: Version }

/** What decides which version is served. */
export interface Targeted {
  /** The model, with the source that its evaluationRef stands for. */
  readonly model: ModelDeployment
  readonly origin: Origin
  /** What is on the volume. */
  readonly versions: readonly Version[]
  readonly config: OptimizerImages
  /** Id of the version in the live Deployment's template. */
  readonly deployedVersion?: string | undefined
}

/** The version that serves or served last. It is known to work; one that was deployed after it may not be. */
export const currentOf = ({ model, versions, deployedVersion }: Targeted): Version | undefined =>
  [model.status?.activeVersion, deployedVersion]
    .map((wanted) => versions.find(({ id }) => id === wanted))
    .find((version) => version !== undefined)

const desiredOf = ({ model, origin, versions }: Targeted): Version | undefined => {
  const label = model.spec.model.version
  const byId = versions.find(({ id }) => id === label)
  if (byId || origin.kind !== 'none') {
    const revision = revisionOf(model)
    return byId ?? versions.findLast((version) => version.revision === revision)
  }
  const { revision, recipe, optimizedRevision } = origin.last ?? {}
  // A recipe in spec goes before that of the winner, and begins from the source.
  if (recipe !== undefined && !model.spec.optimize)
    return versions.findLast((version) => version.revision === optimizedRevision)
  return versions.findLast((version) => version.revision === revision && version.label === label)
}

/** Whether pods were made of a version before: what has served once needs no permission to serve again. */
export const hasServed = (
  { model, deployedVersion }: Pick<Targeted, 'model' | 'deployedVersion'>,
  { id, firstServedAt }: Version,
): boolean => firstServedAt !== undefined || id === deployedVersion || id === model.status?.activeVersion

/** What spec.optimize makes of a version: the one that is there, or the one to make. */
const madeFrom = (
  targeted: Targeted,
  parent: Version,
  optimize: Optimize,
  current: { readonly current?: Version },
): TargetVersion => {
  const { model, versions, config } = targeted
  const isInUse = (one: Version): boolean =>
    hasServed(targeted, one) || versions.some((made) => made.parent === one.id && hasServed(targeted, made))
  const version = optimizedVersionOf(versions, parent, optimize, config, {
    hasServed: isInUse,
    isWorse: (one) => isWorse(model, one),
    current: current.current,
  })
  if (version) return { kind: 'serve', version }
  const revision = optimizedRevisionOf(parent, optimize, config)
  return { kind: 'optimize', parent, revision, ...current }
}

const noGraph = ({ id, input }: Version): Finding => ({
  reason: 'ModelIncomplete',
  message: `${id} holds a model of ${input?.format} and no graph, so no server can serve it. Set spec.optimize.export, which makes a graph of it, or another spec.model.version.`,
  retry: 'never',
})

/** Whether the graph answers otherwise than the model that it was made of: no step begins from it then. */
const isRefused = ({ model }: Targeted, version: Version): boolean =>
  proofOf(model, version, undefined)?.verdict?.passed === false

/** A version without a graph is exported, and the other steps begin from the graph. */
const exported = (
  targeted: Targeted,
  input: Version,
  current: { readonly current?: Version },
): TargetVersion => {
  const { optimize } = targeted.model.spec
  if (!optimize?.export) return { kind: 'wait', finding: noGraph(input), ...current }
  const graph = madeFrom(targeted, input, optimize, current)
  if (graph.kind !== 'serve' || !hasMoreSteps(optimize) || isRefused(targeted, graph.version)) return graph
  return madeFrom(targeted, graph.version, optimize, current)
}

/** The version that is served of the one that spec names: itself, or what spec.optimize makes of it. An id is served as it is. */
const optimized = (
  targeted: Targeted,
  named: Version,
  current: { readonly current?: Version },
): TargetVersion => {
  const { optimize, model } = targeted.model.spec
  if (named.input) return exported(targeted, named, current)
  if (!optimize || named.id === model.version) return { kind: 'serve', version: named }
  return madeFrom(targeted, named, optimize, current)
}

export const targetOf = (targeted: Targeted): TargetVersion => {
  const { model, origin } = targeted
  const desired = desiredOf(targeted)
  const serving = currentOf(targeted)
  const current = serving ? { current: serving } : {}
  if (desired) return optimized(targeted, desired, current)
  const label = model.spec.model.version
  if (label && versionIdPattern.test(label)) return { kind: 'unknown', id: label, ...current }
  if (origin.kind === 'none') return { kind: 'wait', finding: origin.finding, ...current }
  return { kind: 'import', revision: revisionOf(model), ...current }
}

/** The version that the Deployment should serve now, if there is one. */
export const versionToServe = (target: TargetVersion): Version | undefined =>
  target.kind === 'serve' ? target.version : target.current
