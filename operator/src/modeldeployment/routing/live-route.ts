/** The route of a model as it is: its weights, and what Gateways say of it. Pure. */
import { deploymentName } from '@gantry/contract/labels.ts'
import type { LiveRoute, ParentRef } from '@gantry/kube/live.ts'
import type { Presence } from '../../runtime/optional-kind.ts'
import type { ModelDeployment } from '../model-deployment.ts'

/** Whether the cluster has HTTPRoutes. `off`: the installation does not use them. */
export type RouteApi = 'off' | Presence

export interface Route {
  readonly api: Exclude<RouteApi, 'unknown'>
  /** Percent of the requests that the live route gives to the canary; undefined where there is none. */
  readonly weight: number | undefined
  readonly generation: number
  /** Why it is not in force; undefined where all its Gateways have accepted it as it is. */
  readonly problem: string | undefined
  /** Whether it was accepted long enough ago for data planes to divide requests by it. */
  readonly isSettled: boolean
}

export const usesRoute = ({ spec }: Pick<ModelDeployment, 'spec'>): boolean =>
  spec.rollout?.routing === 'GatewayAPI'

/** The API server fills in nothing of these but the namespace of the route, which is the default. */
const isSameParent = (namespace: string, one: ParentRef, other: ParentRef): boolean =>
  one.name === other.name &&
  (one.namespace ?? namespace) === (other.namespace ?? namespace) &&
  one.sectionName === other.sectionName &&
  one.port === other.port

const needed = ['Accepted', 'ResolvedRefs'] as const

type Parent = NonNullable<NonNullable<LiveRoute['status']>['parents']>[number]

/** What is missing of one controller's word about one parent. */
const parentProblem = ({ parentRef, conditions = [] }: Parent, generation: number): string | undefined => {
  for (const type of needed) {
    const condition = conditions.find((one) => one.type === type)
    if (condition?.status === 'False' && condition.observedGeneration === generation)
      return `Gateway ${parentRef.name} says ${type}: ${condition.message || condition.reason || 'False'}`
    if (condition?.status !== 'True' || condition.observedGeneration !== generation)
      return `Gateway ${parentRef.name} has not said ${type} of generation ${generation} yet`
  }
  return undefined
}

/** Why the live route is not in force; undefined where each parent has accepted it, as it is, and has found its Services. */
export const routeProblem = ({ metadata, spec, status }: LiveRoute): string | undefined => {
  const { namespace = '', generation = 0 } = metadata
  for (const wanted of spec?.parentRefs ?? []) {
    const parents = (status?.parents ?? []).filter(({ parentRef }) =>
      isSameParent(namespace, parentRef, wanted),
    )
    if (parents.length === 0) return `Gateway ${wanted.name} has not said whether it accepts the route`
    for (const parent of parents) {
      const problem = parentProblem(parent, generation)
      if (problem !== undefined) return problem
    }
  }
  return undefined
}

/** Percent of the requests that a live route gives to the canary. */
export const weightOf = ({ spec }: LiveRoute, { metadata }: ModelDeployment): number | undefined =>
  spec?.rules?.[0]?.backendRefs?.find(({ name }) => name === deploymentName(metadata.name, 'canary'))?.weight
