/** What spec.serve.podTemplate asks for, beside what the installation allows. */
import { group } from '@gantry/contract/labels.ts'
import {
  isListed,
  type PodTemplate,
  type PodTemplateAllow,
  type Refusal,
  shown,
} from '../pod-template-allow.ts'
import { additions } from './additions.ts'
import { nodeAffinity, podAffinity } from './affinity.ts'
import type { Blocker } from './check.ts'

const notListed = (
  field: string,
  list: keyof PodTemplateAllow,
  keys: readonly string[],
  allow: PodTemplateAllow,
): readonly Refusal[] =>
  keys.filter((key) => !isListed(allow[list], key)).map((key) => ({ field: `${field}[${shown(key)}]`, list }))

/** Pods of these are what nodes need in order to work at all, and they push others from their nodes. */
const isSystemClass = (name: string): boolean => name.startsWith('system-')

const classes = (
  { priorityClassName, runtimeClassName }: PodTemplate,
  allow: PodTemplateAllow,
): readonly Refusal[] => {
  const refusals: Refusal[] = []
  if (priorityClassName && isSystemClass(priorityClassName)) {
    refusals.push({ field: `priorityClassName ${shown(priorityClassName)}`, list: undefined })
  } else if (priorityClassName && !isListed(allow.priorityClasses, priorityClassName)) {
    refusals.push({ field: `priorityClassName ${shown(priorityClassName)}`, list: 'priorityClasses' })
  }
  if (runtimeClassName && !isListed(allow.runtimeClasses, runtimeClassName)) {
    refusals.push({ field: `runtimeClassName ${shown(runtimeClassName)}`, list: 'runtimeClasses' })
  }
  return refusals
}

/** Labels by which Kubernetes and the operator themselves find pods. */
const ownLabels = ['pod-template-hash', 'controller-uid', 'controller-revision-hash', 'job-name'] as const

const isOwnLabel = (key: string): boolean => {
  const [domain = '', name] = key.split('/')
  if (name === undefined) return ownLabels.some((own) => own === key)
  return domain === group || /(^|\.)(kubernetes|k8s)\.io$/.test(domain)
}

const maps = (template: PodTemplate, allow: PodTemplateAllow): readonly Refusal[] => {
  const keys = Object.keys(template.labels ?? {})
  const own = keys.filter(isOwnLabel).map((key) => ({ field: `labels[${shown(key)}]`, list: undefined }))
  const others = keys.filter((key) => !isOwnLabel(key))
  return [
    ...own,
    ...notListed('labels', 'labels', others, allow),
    ...notListed('annotations', 'annotations', Object.keys(template.annotations ?? {}), allow),
    ...notListed('nodeSelector', 'nodeSelectors', Object.keys(template.nodeSelector ?? {}), allow),
  ]
}

/** A toleration without a key holds for every taint there is. */
const tolerations = ({ tolerations: given = [] }: PodTemplate, allow: PodTemplateAllow): readonly Refusal[] =>
  given.flatMap(({ key }, index) => {
    const hasKey = typeof key === 'string' && key !== ''
    if (isListed(allow.tolerations, hasKey ? key : '')) return []
    const what = hasKey ? ` of the taint ${shown(key)}` : ' of every taint, since it has no key,'
    return [{ field: `tolerations[${index}]${what}`, list: 'tolerations' as const }]
  })

/** Most fields that one message names. The rest is named once these are fixed. */
const mostNamed = 5

const sentenceOf = (refusals: readonly Refusal[]): string => {
  const told = refusals.slice(0, mostNamed).map(({ field, list }) => {
    const where = list ? `chart value podTemplate.allow.${list}` : 'never allowed'
    return `${field} (${where})`
  })
  const more = refusals.length > mostNamed ? `, and ${refusals.length - mostNamed} more` : ''
  const mayBeListed = refusals.some(({ list }) => list !== undefined)
  const next = mayBeListed ? 'Remove it, or have it listed in the chart value.' : 'Remove it.'
  return `spec.serve.podTemplate asks for what is not allowed here: ${told.join(', ')}${more}. ${next} Until then nothing is changed.`
}

export const podTemplateNotAllowed: Blocker = ({ model }, { podTemplate: allow }) => {
  const template = model.spec.serve?.podTemplate
  if (!template) return undefined
  const refusals = [
    ...classes(template, allow),
    ...maps(template, allow),
    ...additions(template, allow),
    ...tolerations(template, allow),
    ...nodeAffinity(template, allow),
    ...podAffinity(template, allow, model),
  ]
  return refusals.length === 0
    ? undefined
    : { reason: 'PodTemplateNotAllowed', message: sentenceOf(refusals), retry: 'never' }
}
