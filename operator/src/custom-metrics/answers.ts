/** Answers requests of callers that are known. */
import { components, labels } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import { isSelected, parseSelector, type Requirement } from '@gantry/kube/label-selector.ts'
import { controllerOf, type LivePod } from '@gantry/kube/live.ts'
import { Pod, ReplicaSet } from '@gantry/kube/resources.ts'
import type { Access } from './access.ts'
import { type Address, addressOf, group, type MetricAddress } from './address.ts'
import {
  groupDocument,
  groupList,
  openApi,
  type PodValue,
  type Refusal,
  resourceList,
  valueList,
} from './documents.ts'
import type { User } from './front-proxy.ts'
import type { PodBook } from './pod-book.ts'
import { podMetrics } from './reading.ts'

export type Answer = { readonly code: 200; readonly body: object } | Refusal

export interface AnswersOptions {
  readonly cache: Cache
  readonly book: PodBook
  readonly access: Access
  /** Prefixes of the labels that the cache keeps of pods. */
  readonly keptLabels: readonly string[]
}

/** Autoscalers give up after some 10 s; pods that were not reached until then are left out. */
const patienceMs = 8_000

const ok = (body: object): Answer => ({ code: 200, body })
const refuse = (code: Refusal['code'], message: string): Refusal => ({ code, message })

/** A pod that serves a model. Labels alone do not prove it, so what it says only ever counts for itself. */
const isServer = (pod: LivePod): boolean =>
  pod.metadata.labels?.[labels.component] === components.server && controllerOf(pod)?.kind === ReplicaSet.kind

/** The model that a selector names, so that only its pods are looked at. */
const modelIn = (requirements: readonly Requirement[]): string | undefined => {
  const named = requirements.find(({ key, operator }) => key === labels.model && operator === 'in')
  return named?.values.length === 1 ? named.values[0] : undefined
}

const selected = (
  cache: Cache,
  { namespace, pod }: MetricAddress,
  requirements: readonly Requirement[],
): readonly LivePod[] => {
  const model = modelIn(requirements)
  const pods =
    model === undefined
      ? cache.all<LivePod>(Pod).filter(({ metadata }) => metadata.namespace === namespace)
      : cache.labelled<LivePod>(Pod, namespace, labels.model, model)
  return pods.filter(
    (one) =>
      (pod === '*' || one.metadata.name === pod) &&
      isServer(one) &&
      isSelected(requirements, one.metadata.labels),
  )
}

/** What cannot be honoured of a request for a metric. */
const refusalOf = (
  { metric, labelSelector, metricLabelSelector }: MetricAddress,
  keptLabels: readonly string[],
): Refusal | undefined => {
  if (!podMetrics.has(metric))
    return refuse(404, `there is no metric ${metric}: pods have ${[...podMetrics.keys()].join(', ')}`)
  if (metricLabelSelector !== '')
    return refuse(
      400,
      `the selector of metric ${metric} is "${metricLabelSelector}", and it has no labels: leave metric.selector out`,
    )
  const requirements = parseSelector(labelSelector)
  if (!requirements) return refuse(400, `labelSelector is "${labelSelector}", which is no selector of labels`)
  const other = requirements.find(({ key }) => !keptLabels.some((prefix) => key.startsWith(prefix)))
  if (other)
    return refuse(
      400,
      `labelSelector asks for the label ${other.key}: only labels that begin with ${keptLabels.join(' or ')} are known of pods`,
    )
  return undefined
}

const valuesOf = async (
  { cache, book }: Pick<AnswersOptions, 'cache' | 'book'>,
  address: MetricAddress,
): Promise<readonly PodValue[]> => {
  const measure = podMetrics.get(address.metric)
  const pods = selected(cache, address, parseSelector(address.labelSelector) ?? [])
  const signal = AbortSignal.timeout(patienceMs)
  const values = await Promise.all(
    pods.map(async (pod) => {
      const measurement = measure?.(await book.read(pod, signal))
      return measurement && { pod: pod.metadata.name, ...measurement }
    }),
  )
  return values.filter((value) => value !== undefined)
}

const metricAnswer = async (options: AnswersOptions, user: User, address: MetricAddress): Promise<Answer> => {
  // Whoever may not read a metric is not told either whether there is one.
  const allowed = await options.access(user, address)
  if (allowed !== true) return refuse(403, allowed)
  const refusal = refusalOf(address, options.keptLabels)
  if (refusal) return refusal
  const values = await valuesOf(options, address)
  const { pod, namespace, metric } = address
  if (pod !== '*' && values.length === 0)
    return refuse(
      404,
      `pod ${namespace}/${pod} has no ${metric}: it serves no model, does not answer, or has been asked once only, and a rate needs two answers`,
    )
  return ok(valueList(address, values))
}

export const createAnswers = (options: AnswersOptions) => {
  const answerOf = (user: User, address: Address): Answer | Promise<Answer> => {
    switch (address.kind) {
      case 'groups':
        return ok(groupList)
      case 'group':
        return ok(groupDocument)
      case 'resources':
        return ok(resourceList(address.version))
      case 'openapi':
        return ok(openApi[address.version])
      case 'metric':
        return metricAnswer(options, user, address)
      case 'unknown':
        return refuse(
          404,
          `there is /apis/${group}/v1beta2/namespaces/NAMESPACE/pods/POD/METRIC, and POD may be *`,
        )
    }
  }
  return (user: User, url: string): Answer | Promise<Answer> => answerOf(user, addressOf(url))
}
