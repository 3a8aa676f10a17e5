/** The routes of a model as they are: their weights, and what Gateways say of them. Pure. */
import { deploymentName } from '@gantry/contract/labels.ts'
import type { LiveRoute, ParentRef } from '@gantry/kube/live.ts'
import type { Presence } from '../../runtime/optional-kind.ts'
import type { ModelDeployment } from '../model-deployment.ts'

/** Whether the cluster has a kind of route. `off`: the installation does not use them. */
export type RouteApi = 'off' | Presence

export interface Route {
  readonly api: Exclude<RouteApi, 'unknown'>
  /** Percent of the requests that the live route gives to the canary; undefined where there is none. */
  readonly weight: number | undefined
  /** Names the routes as they are; another one means that requests may be divided otherwise. */
  readonly generation: string
  /** Why it is not in force; undefined where all its Gateways serve, and have accepted it as it is. */
  readonly problem: RouteProblem | undefined
  /** The route of calls of gRPC; undefined where spec does not ask for it. */
  readonly grpc: GrpcRoute | undefined
  /** Whether it was accepted long enough ago for data planes to divide requests by it. */
  readonly isSettled: boolean
}

export interface RouteProblem {
  readonly reason: 'RouteNotAccepted' | 'GatewayNotProgrammed'
  /** What it is, and what to do; no period stands at its end. */
  readonly message: string
}

export interface GrpcRoute {
  /** Whether there is to be one. One that stands already stays, whatever is refused. */
  readonly isDue: boolean
  /** Why a new one is not made. */
  readonly refusal: string | undefined
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

/** What to do about reasons that Gateway API defines. */
const advice: Readonly<Record<string, string>> = {
  NotAllowedByListeners:
    "Let allowedRoutes of its listeners take routes of this kind and of the model's namespace",
  NoMatchingListenerHostname:
    'Give the listener a host name that covers those in spec.rollout.gatewayApi, or correct them',
  NoMatchingParent: 'Correct sectionName and port in spec.rollout.gatewayApi.parentRefs',
}

type Condition = NonNullable<Parent['conditions']>[number]

const objection = (gateway: string, { type, message, reason = '' }: Condition): string => {
  const next = Object.hasOwn(advice, reason)
    ? advice[reason]
    : 'Correct spec.rollout.gatewayApi, or the Gateway'
  return `Gateway ${gateway} says ${type}: ${(message || reason || 'False').replace(/\.$/, '')}. ${next}`
}

type Parent = NonNullable<NonNullable<LiveRoute['status']>['parents']>[number]

/** What is missing of one controller's word about one parent. */
const parentProblem = ({ parentRef, conditions = [] }: Parent, generation: number): string | undefined => {
  for (const type of needed) {
    const condition = conditions.find((one) => one.type === type)
    if (condition?.status === 'False' && condition.observedGeneration === generation)
      return objection(parentRef.name, condition)
    if (condition?.status !== 'True' || condition.observedGeneration !== generation)
      return `Gateway ${parentRef.name} has not said ${type} of generation ${generation} yet. Wait, or see whether its controller runs`
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
    if (parents.length === 0)
      return `Gateway ${wanted.name} has not said whether it accepts the route. Wait, or see whether its controller runs`
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
