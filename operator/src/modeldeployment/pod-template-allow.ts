/**
 * What spec.serve.podTemplate may set, as lists of names, of prefixes that end in `*`, or `*` for all. A model may be
 * written by users who may not create pods, so the installation has to allow all that reaches beyond the model's own pods.
 */

import { plainText } from '@gantry/contract/plain-text.ts'
import { isObject } from '@gantry/kube/json-object.ts'
import type { ModelDeployment } from './model-deployment.ts'

/** The lists of the chart value podTemplate.allow, whose comments say why each default is harmless; a test compares the two. */
const defaults = {
  priorityClasses: [],
  runtimeClasses: ['nvidia'],
  nodeSelectors: [
    ...['kubernetes.io/arch', 'kubernetes.io/os', 'topology.kubernetes.io/*'],
    ...['node.kubernetes.io/instance-type', 'feature.node.kubernetes.io/*'],
    ...['nvidia.com/*', 'amd.com/*', 'gpu.intel.com/*'],
    ...['karpenter.sh/capacity-type', 'karpenter.k8s.aws/instance-*', 'k8s.amazonaws.com/accelerator'],
    ...['cloud.google.com/gke-accelerator*', 'cloud.google.com/gke-spot'],
    ...['kubernetes.azure.com/accelerator', 'kubernetes.azure.com/scalesetpriority'],
  ],
  tolerations: [
    ...['nvidia.com/*', 'amd.com/*', 'gpu.intel.com/*'],
    ...['cloud.google.com/gke-spot', 'kubernetes.azure.com/scalesetpriority'],
  ],
  annotations: [
    ...['prometheus.io/*', 'kubectl.kubernetes.io/*'],
    ...['contact', 'cost-center', 'description', 'note', 'owner', 'team'],
  ],
  labels: ['cost-center', 'tag.gantry.dev/*'],
  affinityNamespaces: [],
  env: [],
  envFrom: [],
  secrets: [],
  configMaps: [],
  volumes: [],
  sidecars: [],
  serviceAccounts: [],
}

type List = keyof typeof defaults
export type PodTemplateAllow = Readonly<Record<List, readonly string[]>>

export const defaultPodTemplateAllow: PodTemplateAllow = Object.freeze(defaults)

export type PodTemplate = NonNullable<NonNullable<ModelDeployment['spec']['serve']>['podTemplate']>

/** A field that is not allowed. */
export interface Refusal {
  /** Path of the field below spec.serve.podTemplate. */
  readonly field: string
  /** The list that would have to name something; undefined where no list can. */
  readonly list: List | undefined
}

/** A name in a field where the CRD takes anything; what is no text names nothing that a list could hold. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A key of a map or a name, short enough for a message. */
export const shown = (value: unknown): string =>
  plainText(
    typeof value === 'string' ? JSON.stringify(plainText(value, 100)) : (JSON.stringify(value) ?? 'nothing'),
    110,
  )

const names = Object.keys(defaults) as readonly List[]
/** Names of objects, keys of labels, images. */
const entryPattern = /^(\*|[A-Za-z0-9][-A-Za-z0-9_./:@]{0,316}\*?)$/

/** Whether a list names `name`, by itself or by a prefix. */
export const isListed = (list: readonly string[], name: string): boolean =>
  list.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : entry === name))

const parse = (key: string, text: string, problems: string[]): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
    problems.push(`${key} is not an object of lists`)
  } catch {
    problems.push(`${key} is not JSON: it must be an object of lists such as {"labels":["team"]}`)
  }
  return {}
}

/**
 * @param text JSON; a list that is not there has its default
 * @param problems takes a sentence for each mistake
 */
export const readPodTemplateAllow = (
  key: string,
  text: string | undefined,
  problems: string[],
): PodTemplateAllow => {
  if (text === undefined) return defaultPodTemplateAllow
  const given = parse(key, text, problems)
  for (const name of Object.keys(given)) {
    const isKnown = names.some((known) => known === name)
    if (!isKnown) problems.push(`${key} has "${plainText(name, 100)}": there are ${names.join(', ')}`)
  }
  const listOf = (name: List): readonly string[] => {
    const list = given[name] ?? defaults[name]
    if (!Array.isArray(list)) {
      problems.push(`${key} has no list in ${name}`)
      return []
    }
    const isEntry = (entry: unknown): entry is string => typeof entry === 'string' && entryPattern.test(entry)
    for (const entry of list.filter((one) => !isEntry(one))) {
      const what = plainText(JSON.stringify(entry) ?? '', 100)
      problems.push(`${key} has ${what} in ${name}: it must be a name, a prefix that ends in *, or *`)
    }
    return Object.freeze(list.filter(isEntry))
  }
  return Object.freeze(Object.fromEntries(names.map((name) => [name, listOf(name)])) as PodTemplateAllow)
}
