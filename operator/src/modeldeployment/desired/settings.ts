import { isServerSettings } from '@gantry/contract/documents.ts'
import { mounts, type ServerSettings, settingsFile } from '@gantry/contract/server.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { LiveConfigMap } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ConfigMap } from '@gantry/kube/resources.ts'
import { isEphemeral } from '../ephemeral.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { identity } from './metadata.ts'

/** What spec.model says of the content of a version, and so must not change under one that is already served. */
export type Interpretation = Pick<ServerSettings, 'task' | 'labels' | 'responses'>

const interpretationOf = ({ task, labels, responses }: Interpretation): Interpretation => ({
  task,
  ...(labels ? { labels } : {}),
  ...(responses ? { responses } : {}),
})

type RequestLog = NonNullable<NonNullable<ModelDeployment['spec']['serve']>['requestLog']>

const requestLogOf = ({
  mode,
  sampleRate,
  keySecretRef,
}: RequestLog): NonNullable<ServerSettings['requestLog']> => ({
  mode,
  ...(sampleRate !== undefined ? { sampleRate } : {}),
  ...(keySecretRef ? { keys: mounts.requestLogKeys } : {}),
})

type Batching = NonNullable<NonNullable<ModelDeployment['spec']['serve']>['batching']>

/** `rows: auto` is what a server does unless told: left out, it rolls no pods of models from before there was a choice. */
const batchingOf = ({
  rows,
  maxRows,
  maxDelayMs,
  maxQueue,
  maxTokens,
}: Batching): Pick<ServerSettings, 'batching'> =>
  maxRows !== undefined && maxDelayMs !== undefined && maxQueue !== undefined
    ? {
        batching: {
          ...(rows !== undefined && rows !== 'auto' ? { rows } : {}),
          ...{ maxRows, maxDelayMs, maxQueue },
          ...(maxTokens !== undefined ? { maxTokens } : {}),
        },
      }
    : {}

/**
 * How the pods serve a version. Its digest is given to them beside the volume, and so is whether it is encrypted: who can write there can
 * write metadata.json, too.
 * @param previous settings that this version is served with while another one is imported: the labels and the task in
 *   spec.model are meant for that other one
 */
export const settingsOf = (
  model: ModelDeployment,
  {
    id,
    digest,
    recordDigest,
    encryptionKey,
  }: Pick<Version, 'id'> & Partial<Pick<Version, 'digest' | 'recordDigest' | 'encryptionKey'>>,
  previous?: Interpretation,
): ServerSettings => {
  const { device, batching, threads, timeoutSeconds, auth, requestLog, tls, drift } = model.spec.serve ?? {}
  const { sensitiveFields } = model.spec.model
  return {
    name: model.metadata.name,
    model: `${mounts.models}/${id}`,
    version: id,
    ...(digest === undefined ? {} : { digest }),
    // Pods that import by themselves prove by the rules of their own image.
    ...(recordDigest === undefined || isEphemeral(model) ? {} : { recordDigest }),
    ...interpretationOf(previous ?? model.spec.model),
    ...(device ? { device } : {}),
    ...(batching ? batchingOf(batching) : {}),
    ...(threads !== undefined ? { threads } : {}),
    ...(timeoutSeconds !== undefined ? { timeoutSeconds } : {}),
    ...(encryptionKey === undefined ? {} : { encryptionKeys: mounts.encryptionKeys }),
    ...(auth ? { apiKeys: mounts.apiKeys } : {}),
    ...(tls ? { tls: { cert: `${mounts.tls}/tls.crt`, key: `${mounts.tls}/tls.key` } } : {}),
    // auto is what a server does unless told: left out, it rolls no pods of models from before there was a choice.
    ...(drift === 'off' ? { drift } : {}),
    ...(requestLog ? { requestLog: requestLogOf(requestLog) } : {}),
    ...(sensitiveFields ? { sensitiveFields } : {}),
  }
}

/** Immutable and named after its content, so that a pod never sees its settings change and a change rolls the pods. */
export const settingsMap = (model: ModelDeployment, settings: ServerSettings): KubernetesObject => ({
  ...identity(ConfigMap, model, { name: `${model.metadata.name}-${fingerprint(settings, 8)}` }),
  immutable: true,
  data: { [settingsFile]: `${JSON.stringify(settings, null, 2)}\n` },
})

/** The settings in a live ConfigMap of the model; undefined where their form is not the operator's. */
export const readSettings = (map: LiveConfigMap | undefined): ServerSettings | undefined => {
  try {
    const settings: unknown = JSON.parse(map?.data?.[settingsFile] ?? '')
    return isServerSettings(settings) ? settings : undefined
  } catch {
    return undefined
  }
}
