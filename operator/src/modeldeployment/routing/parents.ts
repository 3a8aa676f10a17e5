/** The Gateways that the routes of a model are attached to: whether they serve, and what their classes can do. Pure. */
import { conditionOf, type LiveCondition, type ParentRef } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'

interface ListenerStatus {
  readonly name: string
  readonly conditions?: readonly LiveCondition[]
}

export type LiveGateway = KubernetesObject & {
  readonly spec?: {
    readonly gatewayClassName?: string
    readonly listeners?: readonly { readonly name: string; readonly port: number }[]
  }
  readonly status?: {
    readonly conditions?: readonly LiveCondition[]
    readonly listeners?: readonly ListenerStatus[]
  }
}

export type LiveGatewayClass = KubernetesObject & {
  readonly status?: {
    /** Plain strings before Gateway API 1.1. */
    readonly supportedFeatures?: readonly (string | { readonly name: string })[]
  }
}

/** `unreadable`: the operator has no right to read it. */
export type Read<Object> = Object | 'unreadable' | undefined

export interface Parent {
  readonly ref: ParentRef
  /** NAMESPACE/NAME. */
  readonly name: string
  readonly gateway: Read<LiveGateway>
  /** Undefined, too, where the Gateway is not known. */
  readonly gatewayClass: Read<LiveGatewayClass>
}

const isKnown = <Object>(read: Read<Object>): read is Object => read !== undefined && read !== 'unreadable'

const featuresOf = ({ gatewayClass }: Parent): readonly string[] | undefined =>
  isKnown(gatewayClass)
    ? gatewayClass.status?.supportedFeatures?.map((one) => (typeof one === 'string' ? one : one.name))
    : undefined

const classNameOf = ({ gateway }: Parent): string =>
  isKnown(gateway) ? (gateway.spec?.gatewayClassName ?? '') : ''

const wordsOf = (condition: LiveCondition | undefined): string =>
  (condition?.message || condition?.reason || 'its controller has said nothing').replace(/\.$/, '')

/** What is said against a listener. */
const refusalOf = ({ conditions = [] }: ListenerStatus = { name: '' }): LiveCondition | undefined =>
  conditions.find(({ type, status }) => (type === 'Accepted' || type === 'Programmed') && status === 'False')

/** What is said of a Gateway as a whole, and of the first listener that is refused. */
const gatewayWords = (gateway: LiveGateway, programmed: LiveCondition | undefined): string => {
  const listener = gateway.status?.listeners?.map(refusalOf).find((refused) => refused)
  const words = [wordsOf(programmed), ...(listener ? [wordsOf(listener)] : [])]
  return [...new Set(words)].join(': ')
}

/** Why the listeners that a parent reference means take no requests. */
const listenersProblem = ({ ref, name }: Parent, { spec, status }: LiveGateway): string | undefined => {
  const { sectionName, port } = ref
  const meant = (spec?.listeners ?? []).filter(
    (one) => one.name === (sectionName ?? one.name) && one.port === (port ?? one.port),
  )
  if (meant.length === 0) {
    const asked = [sectionName && `named ${sectionName}`, port && `on port ${port}`].filter(Boolean)
    return `Gateway ${name} has no listener ${asked.join(' ')}. Correct sectionName and port in spec.rollout.gatewayApi.parentRefs`
  }
  const refused = meant.map((one) => refusalOf(status?.listeners?.find((said) => said.name === one.name)))
  return refused.every((condition) => condition !== undefined)
    ? `No listener of Gateway ${name} that the route may use takes requests: ${wordsOf(refused[0])}. Correct the listener`
    : undefined
}

const gatewayProblem = (parent: Parent): string | undefined => {
  const { name, gateway } = parent
  if (gateway === 'unreadable') return undefined
  if (!gateway) return `There is no Gateway ${name}. Make it, or correct spec.rollout.gatewayApi.parentRefs`
  const programmed = conditionOf(gateway, 'Programmed')
  if (programmed?.status !== 'True')
    return `Gateway ${name} is not programmed: ${gatewayWords(gateway, programmed)}. See whether the controller of GatewayClass ${classNameOf(parent)} runs, and what the Gateway lacks`
  return listenersProblem(parent, gateway)
}

/** A class that lists features has those alone. One that lists none says nothing of HTTPRoute, which is the core of Gateway API. */
const classProblem = (parent: Parent): string | undefined => {
  const features = featuresOf(parent)
  return !features?.length || features.includes('HTTPRoute')
    ? undefined
    : `GatewayClass ${classNameOf(parent)} of Gateway ${parent.name} does not list HTTPRoute in status.supportedFeatures. Name a Gateway of another class in spec.rollout.gatewayApi.parentRefs`
}

/** Why no requests come by the Gateways, and what to do; undefined where nothing is known against it. */
export const parentsProblem = (parents: readonly Parent[]): string | undefined =>
  parents.map((parent) => gatewayProblem(parent) ?? classProblem(parent)).find((problem) => problem)

const grpcRefusalOf = (parent: Parent): string | undefined => {
  const { name, gateway, gatewayClass } = parent
  if (gateway === undefined) return `there is no Gateway ${name}`
  if (gateway === 'unreadable' || gatewayClass === 'unreadable')
    return `the operator may not read Gateway ${name} and its GatewayClass: have the chart of this release installed`
  if (featuresOf(parent)?.includes('GRPCRoute')) return undefined
  return `GatewayClass ${classNameOf(parent)} of Gateway ${name} does not list GRPCRoute in status.supportedFeatures`
}

/** Why a GRPCRoute would not be served: some implementations accept what they do not have. */
export const grpcRefusal = (parents: readonly Parent[]): string | undefined =>
  parents.map(grpcRefusalOf).find((refusal) => refusal)
