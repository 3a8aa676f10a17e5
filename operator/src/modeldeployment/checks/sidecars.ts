/** What keeps a sidecar of spec.serve.podTemplate from running. The server waits for it, and the server's own status does not say why. */
import { quoted } from '@gantry/contract/plain-text.ts'
import type { ContainerStatus, LivePod } from '@gantry/kube/live.ts'
import { lastWords } from '../../jobs/last-words.ts'
import { creationFailures, pullFailures } from '../../pods/waiting.ts'
import type { Finding } from '../../runtime/finding.ts'
import { ownImportName } from '../desired/own-import.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { missingObject } from './missing.ts'

const fieldOf = (name: string): string => `spec.serve.podTemplate.sidecars[${name}]`

const waits = (
  pod: LivePod,
  { name, state }: ContainerStatus,
  model: ModelDeployment,
): Finding | undefined => {
  const { reason = '', message = reason } = state?.waiting ?? {}
  if (pullFailures.has(reason)) {
    return {
      reason: 'ImagePull',
      message: `The image of the sidecar ${name} of pod ${pod.metadata.name} cannot be pulled: ${quoted(message)}. Correct ${fieldOf(name)}.image, or give pull secrets in spec.serve.podTemplate.imagePullSecrets.`,
      retry: 'never',
    }
  }
  if (!creationFailures.has(reason)) return undefined
  return (
    missingObject(pod, model, message, `sidecars[${name}]`) ?? {
      reason: 'ContainerNotCreated',
      message: `The sidecar ${name} of pod ${pod.metadata.name} cannot be created: ${quoted(message)}. Correct ${fieldOf(name)}; kubectl describe pod ${pod.metadata.name} tells more.`,
      retry: 'never',
    }
  )
}

const ended = (pod: LivePod, status: ContainerStatus): Finding | undefined => {
  const { name, state, lastState, restartCount = 0, ready = false } = status
  const terminated = state?.terminated ?? (restartCount > 0 && !ready ? lastState?.terminated : undefined)
  if (!terminated) return undefined
  const { exitCode, reason, message } = terminated
  const how =
    reason === 'OOMKilled'
      ? 'it needed more memory than its limit and was killed'
      : `it ended with exit code ${exitCode}`
  const words = lastWords(message)
  const said = words ? ` Its last words: ${words.replace(/[.]?$/, '.')}` : ''
  const { name: podName, namespace } = pod.metadata
  return {
    reason: 'SidecarCrashLoop',
    message: `The sidecar ${name} of pod ${podName} does not stay up: ${how}.${said} See kubectl -n ${namespace} logs --previous ${podName} -c ${name}, and correct ${fieldOf(name)}.`,
    retry: 'never',
  }
}

/** Sidecars start one after the other, so the first that is in trouble explains what the others wait for. */
export const sidecarStuck = (
  pod: LivePod,
  { model }: { readonly model: ModelDeployment },
): Finding | undefined => {
  for (const status of pod.status?.initContainerStatuses ?? []) {
    if (status.name === ownImportName) continue
    const finding = waits(pod, status, model) ?? ended(pod, status)
    if (finding) return finding
  }
  return undefined
}
