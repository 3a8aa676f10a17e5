/** What keeps the pod of an evaluation from running, in the order in which a pod comes to life. */
import { quoted } from '@gantry/contract/plain-text.ts'
import { type ContainerStatus, conditionOf, type LiveEvent, type LivePod } from '@gantry/kube/live.ts'
import { creationFailures, pullFailures } from '../pods/waiting.ts'
import type { Finding } from '../runtime/finding.ts'
import type { Measuring } from './measuring.ts'
import type { Reference } from './references.ts'

/** What is known beside the pod itself. */
export interface Circumstances {
  readonly references: readonly Reference[]
  /** What waits for the pod, as in "the evaluation continues". */
  readonly noun?: string
  /** The part of spec that holds requests and limits of the container. */
  readonly resourcesField: string
  readonly events: readonly LiveEvent[]
  readonly measuring: Measuring
}

type Check = (pod: LivePod, circumstances: Circumstances) => Finding | undefined

const reasons = {
  Secret: 'MissingSecret',
  ConfigMap: 'MissingConfigMap',
  PersistentVolumeClaim: 'MissingClaim',
} as const

/** The container that is due: the first that has not ended well. */
const dueOf = ({ status }: LivePod): ContainerStatus | undefined => {
  const { initContainerStatuses = [], containerStatuses = [] } = status ?? {}
  return [...initContainerStatuses, ...containerStatuses].find(
    ({ state }) => state?.terminated?.exitCode !== 0,
  )
}
const stateOf = (pod: LivePod): ContainerStatus['state'] => dueOf(pod)?.state
const imageOf = (pod: LivePod): string => {
  const { initContainers = [], containers = [] } = pod.spec ?? {}
  const due = dueOf(pod)?.name
  return [...initContainers, ...containers].find(({ name }) => name === due)?.image ?? 'the image'
}

/** A reference to what does not exist; undefined where spec does not name it. */
const missing = (
  { metadata }: LivePod,
  { references, noun = 'evaluation' }: Circumstances,
  kind: Reference['kind'],
  name: string | undefined,
): Finding | undefined => {
  const found = references.find((one) => one.kind === kind && one.name === name)
  return (
    found && {
      reason: reasons[kind],
      message: `${kind} ${found.name} does not exist in namespace ${metadata.namespace}. Create it, and the ${noun} goes on by itself, or correct its name in ${found.field}.`,
      retry: 'never',
    }
  )
}

/** More names would not help, and the message stays short. */
const mostNamed = 3

/** The scheduler tells how many nodes are taken by other evaluations, and not which: the pod may be unable to run on the rest of those that measure. */
const behind = ({ names, nodes }: Measuring, message: string): string => {
  if (names.length === 0) return 'another evaluation'
  const taken = Number(/(\d+) node\(s\) didn't match pod anti-affinity/.exec(message)?.[1] ?? nodes)
  const rest = names.length - mostNamed
  const named = `${names.slice(0, mostNamed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  if (taken >= nodes) return named
  return `${taken === 1 ? 'one' : taken} of ${named}`
}

const queued = ({ metadata }: LivePod, measuring: Measuring, message: string): Finding => {
  return {
    reason: 'EvaluationQueued',
    message: `Pod ${metadata.name} waits behind ${behind(measuring, message)}: only one evaluation at a time runs on a node, since two would disturb each other.`,
    retry: 'backoff',
  }
}

const unschedulable: Check = (pod, circumstances) => {
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined
  const { message = '' } = scheduled
  const [, claim] = /persistentvolumeclaim "([^"]+)" not found/.exec(message) ?? []
  if (claim) return missing(pod, circumstances, 'PersistentVolumeClaim', claim)
  if (/anti-affinity/.test(message)) return queued(pod, circumstances.measuring, message)
  const lacking = [...message.matchAll(/Insufficient ([\w./-]+\w)/g)].map(([, resource]) => resource)
  const advice =
    lacking.length > 0
      ? `No node has enough ${[...new Set(lacking)].join(', ')} free: free some, add a node, or ask for less in ${circumstances.resourcesField}.`
      : 'Make a node fit.'
  return {
    reason: 'Unschedulable',
    message: `Pod ${pod.metadata.name} waits for a node. ${advice} The scheduler says: ${quoted(message)}`,
    retry: 'backoff',
  }
}

/** The kubelet tries a mount again within a second: what fails once and then works is no trouble. */
const isPassing = ({ reason, count }: LiveEvent): boolean => reason === 'FailedMount' && count === 1

/** Whether a container of the pod has run: all volumes were mounted before, and Events of that time are past. */
export const hasBegun = ({ status }: LivePod): boolean =>
  [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].some(
    ({ state }) => state?.running ?? state?.terminated,
  )

/** Volumes are mounted before a container is created; what fails there is told by Events only. */
const unmountable: Check = (pod, circumstances) => {
  if (hasBegun(pod)) return undefined
  const message = circumstances.events.findLast(
    (event) =>
      event.involvedObject?.uid === pod.metadata.uid &&
      (event.reason === 'FailedMount' || event.reason === 'FailedAttachVolume') &&
      !isPassing(event),
  )?.message
  if (message === undefined) return undefined
  const [, configMap] = /configmap "([^"]+)" not found/.exec(message) ?? []
  return (
    missing(pod, circumstances, 'ConfigMap', configMap) ?? {
      reason: 'VolumeNotMounted',
      message: `Pod ${pod.metadata.name} waits for its volumes: ${quoted(message)}.`,
      retry: 'backoff',
    }
  )
}

const imageNotPulled: Check = (pod) => {
  const { reason = '', message = reason } = stateOf(pod)?.waiting ?? {}
  if (!pullFailures.has(reason)) return undefined
  return {
    reason: 'ImagePull',
    message: `Image ${imageOf(pod)} of pod ${pod.metadata.name} cannot be pulled: ${quoted(message)}. Check the image name of the operator's installation and the pull secrets.`,
    retry: 'never',
  }
}

/** The one key of a Secret that has to be there: the kubelet says that it is not, and looks again by itself. */
const noHosts = (
  pod: LivePod,
  { references, noun = 'evaluation' }: Circumstances,
  message: string,
): Finding | undefined => {
  const [, key, secret] = /couldn't find key (\S+) in Secret \S+\/(\S+)/.exec(message) ?? []
  const found = references.find(({ kind, name }) => kind === 'Secret' && name === secret)
  if (key !== 'hosts' || !found) return undefined
  return {
    reason: 'SourceForbidden',
    message: `Secret ${found.name} in namespace ${pod.metadata.namespace}, which ${found.field} names, has no key hosts, and credentials are sent only to the hosts that their Secret names. The owner of the Secret may add the key, such as hosts: ${found.host ?? 'models.example.com'}. The ${noun} then continues by itself.`,
    retry: 'never',
  }
}

const notCreated: Check = (pod, circumstances) => {
  const { reason = '', message = reason } = stateOf(pod)?.waiting ?? {}
  if (!creationFailures.has(reason)) return undefined
  const [, secret] = /secret "([^"]+)" not found/.exec(message) ?? []
  return (
    noHosts(pod, circumstances, message) ??
    missing(pod, circumstances, 'Secret', secret) ?? {
      reason: 'ContainerNotCreated',
      message: `The container of pod ${pod.metadata.name} cannot be created: ${quoted(message)}. kubectl describe pod ${pod.metadata.name} tells more.`,
      retry: 'never',
    }
  )
}

const checks: readonly Check[] = [unschedulable, unmountable, imageNotPulled, notCreated]

/** @param pod that has not ended */
export const podTrouble: Check = (pod, circumstances) => {
  for (const check of checks) {
    const finding = check(pod, circumstances)
    if (finding) return finding.retry === 'never' ? { ...finding, goesOn: true } : finding
  }
  return undefined
}
