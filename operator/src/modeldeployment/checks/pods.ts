/** What keeps one pod from running, in the order in which a pod comes to life. */
import { shownDuration } from '@gantry/contract/duration.ts'
import { components, labels } from '@gantry/contract/labels.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { digestMismatchExit } from '@gantry/contract/server.ts'
import { hostOf, publicKeyKey, requiredKeyOf } from '@gantry/contract/source.ts'
import {
  type ContainerStatus,
  conditionOf,
  type LiveEvent,
  type LivePod,
  type Terminated,
} from '@gantry/kube/live.ts'
import { lastWords } from '../../jobs/last-words.ts'
import { caVolume } from '../../pods/import-network.ts'
import { claimSourceOf } from '../../pods/source.ts'
import { creationFailures, pullFailures } from '../../pods/waiting.ts'
import type { Finding } from '../../runtime/finding.ts'
import { allSecretFolders } from '../desired/secrets.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import type { Observed } from '../observe.ts'
import { addedField, hasAddedClaim, missing, missingObject } from './missing.ts'
import { secretWords } from './secret-words.ts'

export type PodCheck = (pod: LivePod, observed: Pick<Observed, 'events' | 'model'>) => Finding | undefined

const containerOf = (pod: LivePod): ContainerStatus | undefined => pod.status?.containerStatuses?.[0]
const imageOf = (pod: LivePod): string => pod.spec?.containers?.[0]?.image ?? 'the image'

const missingClaim = (pod: LivePod, claim: string, model: ModelDeployment): Finding | undefined => {
  if (claimSourceOf(model.spec.model.source)?.claim === claim) {
    return {
      reason: 'SourceNotFound',
      message: `PersistentVolumeClaim ${claim} of spec.model.source.uri does not exist in namespace ${model.metadata.namespace}. Create it, and the import goes on, or correct the uri.`,
      retry: 'never',
    }
  }
  const field = addedField(pod, model, { kind: 'PersistentVolumeClaim', name: claim })
  return field ? missing('PersistentVolumeClaim', claim, model, field) : undefined // our own, which is on its way
}

/** Where spec says what a pod asks for. */
export const resourcesFields = {
  server: 'spec.serve.resources',
  import: 'spec.storage.import.resources',
  optimize: 'spec.optimize.resources',
} as const

const resourcesFieldOf = ({ metadata }: LivePod): string =>
  resourcesFields[metadata.labels?.[labels.component] === components.import ? 'import' : 'server']

const advice = (pod: LivePod, message: string): string => {
  const lacking = [...message.matchAll(/Insufficient ([\w./-]+\w)/g)].map(([, resource]) => resource)
  if (/volume node affinity conflict/.test(message)) {
    return 'The model volume cannot be mounted on the nodes that the pod may run on: set spec.serve.podTemplate.nodeSelector so that imports land there too, or a storage class that every node reaches.'
  }
  if (lacking.length === 0) {
    return 'Make a node fit, or correct nodeSelector, tolerations and affinity in spec.serve.podTemplate.'
  }
  const resources = [...new Set(lacking)].join(', ')
  return `No node has enough ${resources} free: free some, add a node, or ask for less in ${resourcesFieldOf(pod)}.`
}

export const unschedulable: PodCheck = (pod, observed) => {
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined
  const { message = '' } = scheduled
  const [, claim] = /persistentvolumeclaim "([^"]+)" not found/.exec(message) ?? []
  if (claim) return missingClaim(pod, claim, observed.model)
  // The checks of the model's volume report its own claim; a claim of podTemplate is reported only here.
  const isOfModel = !hasAddedClaim(pod, observed.model)
  if (isOfModel && /unbound immediate PersistentVolumeClaims/.test(message)) return undefined
  return {
    reason: 'Unschedulable',
    message: `Pod ${pod.metadata.name} waits for a node. ${advice(pod, message)} The scheduler says: ${quoted(message)}`,
    retry: 'backoff',
  }
}

const caBundleFieldOf = ({ spec }: ModelDeployment): string =>
  spec.storage?.import?.caBundle ? 'spec.storage.import.caBundle' : 'the chart value imports.caBundle'

/** Whether the pod has its authorities from a ConfigMap, of that name where one is given. */
const isBundle = ({ spec }: LivePod, name?: string): boolean =>
  spec?.volumes?.some(
    (one) => one.name === caVolume && (name ?? one.configMap?.name) === one.configMap?.name,
  ) ?? false

const noBundleKey = (pod: LivePod, model: ModelDeployment, message: string): Finding => ({
  reason: 'MissingConfigMap',
  message: `The ConfigMap of ${caBundleFieldOf(model)} in namespace ${model.metadata.namespace} does not have the key that it names, so pod ${pod.metadata.name} waits: ${quoted(message)}. Add the key, and the pod starts by itself, or correct it in ${caBundleFieldOf(model)}.`,
  retry: 'never',
})

/** The kubelet tries a mount again within a second: what fails once and then works is no trouble. */
const isPassing = ({ reason, count }: LiveEvent): boolean => reason === 'FailedMount' && count === 1

/** ConfigMaps, Secrets and volumes are mounted before a container is created; what fails there is told by Events only. */
export const unmountable: PodCheck = (pod, { events, model }) => {
  const message = events.findLast(
    (event) =>
      event.involvedObject?.uid === pod.metadata.uid &&
      (event.reason === 'FailedMount' || event.reason === 'FailedAttachVolume') &&
      !isPassing(event),
  )?.message
  if (message === undefined) return undefined
  const [, configMap] = /configmap "([^"]+)" not found/.exec(message) ?? []
  if (configMap && configMap === model.spec.model.source.configMapRef?.name) {
    return missing('ConfigMap', configMap, model)
  }
  if (configMap && isBundle(pod, configMap)) {
    return missing('ConfigMap', configMap, model, caBundleFieldOf(model))
  }
  if (/references non-existent config key/.test(message) && isBundle(pod))
    return noBundleKey(pod, model, message)
  const [, secret] = /secret "([^"]+)" not found/.exec(message) ?? []
  const folder = allSecretFolders(model).find(({ secretName }) => secretName === secret)
  if (folder) return missing('Secret', folder.secretName, model, folder.field)
  const kind = secret ? 'Secret' : 'ConfigMap'
  const name = secret ?? configMap ?? ''
  const added = addedField(pod, model, { kind, name }, 'volumes[')
  if (added) return missing(kind, name, model, added)
  const hint = /Multi-Attach/.test(message)
    ? ' A ReadWriteOnce volume serves from one node only: use spec.storage.accessModes [ReadWriteMany] with a storage class that has it.'
    : ''
  return {
    reason: 'VolumeNotMounted',
    message: `Pod ${pod.metadata.name} waits for its volumes: ${quoted(message)}.${hint}`,
    retry: 'backoff',
  }
}

export const imageNotPulled: PodCheck = (pod) => {
  const { reason = '', message = reason } = containerOf(pod)?.state?.waiting ?? {}
  if (!pullFailures.has(reason)) return undefined
  return {
    reason: 'ImagePull',
    message: `Image ${imageOf(pod)} of pod ${pod.metadata.name} cannot be pulled: ${quoted(message)}. Check the image name of the operator's installation and the pull secrets.`,
    retry: 'never',
  }
}

const noToken = (secret: string, namespace = ''): Finding => ({
  reason: 'SourceForbidden',
  message: `Secret ${secret} in namespace ${namespace} has no key HF_TOKEN, under which imports of hf:// look for a token of the hub. The owner of the Secret may add the key, or spec.model.source.secretRef may be left out for a public model. The import then continues by itself.`,
  retry: 'never',
})

/** The one key of the source's Secret that has to be there: the kubelet says that it is not, and looks again by itself. */
const noKey = (message: string, { metadata, spec }: ModelDeployment): Finding | undefined => {
  const { secretRef, uri = '' } = spec.model.source
  const [, key, secret] = /couldn't find key (\S+) in Secret \S+\/(\S+)/.exec(message) ?? []
  if (key !== requiredKeyOf(uri) || secretRef === undefined || secret !== secretRef.name) return undefined
  if (key === 'HF_TOKEN') return noToken(secretRef.name, metadata.namespace)
  const url = URL.parse(uri)
  return {
    reason: 'SourceForbidden',
    message: `Secret ${secretRef.name} in namespace ${metadata.namespace} has no key hosts, and credentials are sent only to the hosts that their Secret names. The owner of the Secret may add the key, such as hosts: ${url ? hostOf(url) : 'models.example.com'}. The import then continues by itself.`,
    retry: 'never',
  }
}

/** The Secret of the key that has to have signed the source is there without that key. */
const noPublicKey = (message: string, { metadata, spec }: ModelDeployment): Finding | undefined => {
  const name = spec.model.source.signature?.publicKeySecretRef?.name
  const [, key, secret] = /couldn't find key (\S+) in Secret \S+\/(\S+)/.exec(message) ?? []
  if (name === undefined || key !== publicKeyKey || secret !== name) return undefined
  return {
    reason: 'SignatureInvalid',
    message: `Secret ${name} in namespace ${metadata.namespace} has no key ${publicKeyKey}, so no signature can be verified and nothing is imported. Add the key with the public key as PEM, and the import continues by itself, or correct spec.model.source.signature.publicKeySecretRef.`,
    retry: 'never',
  }
}

export const notCreated: PodCheck = (pod, { model }) => notCreatedFor(pod, containerOf(pod), model)

/** @param status of the container that the pod waits for */
export const notCreatedFor = (
  pod: LivePod,
  status: ContainerStatus | undefined,
  model: ModelDeployment,
): Finding | undefined => {
  const { reason = '', message = reason } = status?.state?.waiting ?? {}
  if (!creationFailures.has(reason)) return undefined
  const forbidden = noKey(message, model) ?? noPublicKey(message, model)
  if (forbidden) return forbidden
  return (
    missingObject(pod, model, message) ?? {
      reason: 'ContainerNotCreated',
      message: `The container of pod ${pod.metadata.name} cannot be created: ${quoted(message)}. kubectl describe pod ${pod.metadata.name} tells more.`,
      retry: 'never',
    }
  )
}

const outOfMemory = (pod: LivePod): Finding => ({
  reason: 'OOMKilled',
  message: `The server in pod ${pod.metadata.name} needed more memory than its limit and was killed. Raise spec.serve.resources.limits.memory.`,
  retry: 'never',
})

/** The kubelet's longest wait before it starts a container again (CrashLoopBackOff). */
const longestRestartMs = 300_000

const crash = (pod: LivePod, { exitCode, message }: Terminated, model: ModelDeployment): Finding => {
  const words = lastWords(message)
  const said = words ? ` Its last words: ${words.replace(/[.]?$/, '.')}` : ''
  const { name, namespace } = pod.metadata
  const ofSecret = words && secretWords(model, words)
  if (ofSecret) {
    return {
      reason: 'ServerCrashLoop',
      message: `The server in pod ${name} does not stay up. ${ofSecret.replace(/[.]?$/, '.')} Correct the Secret, and it starts by itself within ${shownDuration(longestRestartMs)}.`,
      retry: 'never',
    }
  }
  return {
    reason: 'ServerCrashLoop',
    message: `The server in pod ${name} does not stay up: it ended with exit code ${exitCode}.${said} See kubectl -n ${namespace} logs --previous ${name}, and correct spec.model or set spec.model.version to an id in status.versions.`,
    retry: 'never',
  }
}

/** Only the server's own exit code says so, and only of serving pods. */
const isMismatch = ({ exitCode }: Terminated, { metadata }: LivePod): boolean =>
  exitCode === digestMismatchExit && metadata.labels?.[labels.component] === components.server

const mismatch = (
  { message }: Terminated,
  { metadata: { name } }: LivePod,
  model: ModelDeployment,
): Finding => {
  const words = lastWords(message)?.replace(/[.]?$/, '.') ?? ''
  return {
    reason: 'DigestMismatch',
    message: `Pod ${name} loads nothing. ${words} kubectl -n ${model.metadata.namespace} logs --previous ${name} names the files. An id in status.versions as spec.model.version serves another version that is on the volume.`,
    retry: 'never',
  }
}

export const crashed: PodCheck = (pod, { model }) => {
  const { state, lastState, restartCount = 0 } = containerOf(pod) ?? {}
  const terminated = state?.terminated ?? (restartCount > 0 ? lastState?.terminated : undefined)
  if (!terminated) return undefined
  if (terminated.reason === 'OOMKilled') return outOfMemory(pod)
  return isMismatch(terminated, pod) ? mismatch(terminated, pod, model) : crash(pod, terminated, model)
}
