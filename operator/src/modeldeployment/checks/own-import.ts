/** What keeps a serving pod without a volume from importing its version. The server waits for it, and its own status does not say why. */
import type { LivePod, Terminated } from '@gantry/kube/live.ts'
import { lastWords } from '../../jobs/last-words.ts'
import { readReport } from '../../jobs/report.ts'
import type { Finding } from '../../runtime/finding.ts'
import { ownImportName } from '../desired/own-import.ts'
import { importKind } from '../importing.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { mountedImageStuck } from './mounted-image.ts'
import { notCreatedFor, type PodCheck } from './pods.ts'

const field = 'spec.storage.import.resources'

/** An import that left no report: it was killed, or could not even read its options. */
const withoutReport = (pod: LivePod, { exitCode, reason, message }: Terminated): Finding => {
  const words = lastWords(message)
  const said = words ? ` Its last words: ${words.replace(/[.]?$/, '.')}` : ''
  const why =
    reason === 'OOMKilled'
      ? `it needed more memory than its limit and was killed (OOMKilled). Raise ${field}.limits.memory.`
      : `it ended with exit code ${exitCode}.${said}`
  return {
    reason: 'ImportFailed',
    message: `Pod ${pod.metadata.name} cannot import its version: ${why} It is tried again by itself.`,
    retry: 'backoff',
  }
}

const failed = (pod: LivePod, terminated: Terminated): Finding => {
  const report = readReport(importKind, terminated.message)
  if (report?.kind !== 'failed') return withoutReport(pod, terminated)
  return {
    reason: report.reason,
    message: `Pod ${pod.metadata.name} cannot import its version: ${report.message.replace(/[.]?$/, '.')} It is tried again by itself.`,
    retry: 'backoff', // the kubelet starts the container again, less and less often
  }
}

export const ownImportStuck: PodCheck = (pod, { model }: { readonly model: ModelDeployment }) => {
  const status = pod.status?.initContainerStatuses?.find(({ name }) => name === ownImportName)
  if (!status) return undefined
  const { state, lastState, restartCount = 0, ready = false } = status
  const terminated = state?.terminated ?? (restartCount > 0 && !ready ? lastState?.terminated : undefined)
  if (terminated && terminated.exitCode !== 0) return failed(pod, terminated)
  return mountedImageStuck(pod, status, model) ?? notCreatedFor(pod, status, model)
}
