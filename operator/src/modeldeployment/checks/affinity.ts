/** What spec.serve.podTemplate.affinity asks for, beside what the installation allows. */
import { labels } from '@gantry/contract/labels.ts'
import { isObject } from '@gantry/kube/json-object.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import {
  isListed,
  type PodTemplate,
  type PodTemplateAllow,
  type Refusal,
  shown,
  textOf,
} from '../pod-template-allow.ts'

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'

type Json = Readonly<Record<string, unknown>>

/** A part of what the CRD passes through: the API server refuses what is not as it should be. */
const part = (value: unknown, name: string): Json => {
  const found = isObject(value) ? value[name] : undefined
  return isObject(found) ? found : {}
}
/** The objects of a list with their paths. */
const parts = (value: unknown, path: string, name: string): readonly (readonly [string, Json])[] => {
  const found = isObject(value) ? value[name] : undefined
  return Array.isArray(found)
    ? found.map((item, index) => [`${path}.${name}[${index}]`, isObject(item) ? item : {}] as const)
    : []
}

/** Labels of nodes, and their one field, `metadata.name`: both choose nodes as nodeSelector does. */
export const nodeAffinity = (template: PodTemplate, allow: PodTemplateAllow): readonly Refusal[] => {
  const path = 'affinity.nodeAffinity'
  const affinity = part(template.affinity, 'nodeAffinity')
  const terms = [
    ...parts(affinity[required], `${path}.${required}`, 'nodeSelectorTerms'),
    ...parts(affinity, path, preferred).map(
      ([at, item]) => [`${at}.preference`, part(item, 'preference')] as const,
    ),
  ]
  const keyed = terms.flatMap(([at, term]) => [
    ...parts(term, at, 'matchExpressions'),
    ...parts(term, at, 'matchFields'),
  ])
  return keyed
    .filter(([, { key }]) => !isListed(allow.nodeSelectors, textOf(key)))
    .map(([at, { key }]) => ({ field: `${at} with the key ${shown(key)}`, list: 'nodeSelectors' }))
}

/** Whether a term selects pods of the model alone. A selector that is not there selects nothing. */
const selectsOwnPods = (term: Json, { metadata }: ModelDeployment): boolean => {
  if (term['labelSelector'] === undefined || term['labelSelector'] === null) return true
  const selector = part(term, 'labelSelector')
  if (part(selector, 'matchLabels')[labels.model] === metadata.name) return true
  return parts(selector, '', 'matchExpressions').some(
    ([, { key, operator, values }]) =>
      key === labels.model && operator === 'In' && JSON.stringify(values) === JSON.stringify([metadata.name]),
  )
}

interface PodTerm {
  readonly at: string
  readonly term: Json
  /** Keeps what it selects away from the nodes of these pods. */
  readonly isKeepingOff: boolean
}

const podTerms = (template: PodTemplate): readonly PodTerm[] =>
  (['podAffinity', 'podAntiAffinity'] as const).flatMap((kind) => {
    const path = `affinity.${kind}`
    const affinity = part(template.affinity, kind)
    const hard = parts(affinity, path, required).map(([at, term]) => ({ at, term }))
    const soft = parts(affinity, path, preferred).map(([at, item]) => ({
      at: `${at}.podAffinityTerm`,
      term: part(item, 'podAffinityTerm'),
    }))
    return [
      ...hard.map((one) => ({ ...one, isKeepingOff: kind === 'podAntiAffinity' })),
      ...soft.map((one) => ({ ...one, isKeepingOff: false })),
    ]
  })

/**
 * The scheduler also keeps others off: a pod that a required anti-affinity of ours selects gets no node in our
 * topology. So terms speak of the model's own namespace, and the hard ones of the model's own pods.
 */
export const podAffinity = (
  template: PodTemplate,
  allow: PodTemplateAllow,
  model: ModelDeployment,
): readonly Refusal[] => {
  const list = 'affinityNamespaces'
  const { namespace } = model.metadata
  const isAllowed = (name: unknown): boolean => isListed(allow[list], textOf(name))
  return podTerms(template).flatMap(({ at, term, isKeepingOff }) => {
    const { namespaces, namespaceSelector } = term
    const selectsAny = namespaceSelector !== undefined && namespaceSelector !== null
    if (selectsAny && !allow[list].includes('*')) return [{ field: `${at}.namespaceSelector`, list }]
    const named: readonly unknown[] = Array.isArray(namespaces) ? namespaces : []
    const other = named.find((name) => name !== namespace && !isAllowed(name))
    if (other !== undefined) return [{ field: `${at}.namespaces with ${shown(other)}`, list }]
    return isKeepingOff && !selectsOwnPods(term, model) && !isAllowed(namespace)
      ? [{ field: `${at}, which keeps other pods than this model's off its nodes,`, list }]
      : []
  })
}
