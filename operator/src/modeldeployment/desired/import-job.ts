import { commands, importArguments } from '@gantry/contract/commands.ts'
import { components } from '@gantry/contract/labels.ts'
import { mounts } from '@gantry/contract/server.ts'
import { isHubSource, isRegistrySource, publicKeyKey, sourceVariable } from '@gantry/contract/source.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { Job } from '@gantry/kube/resources.ts'
import { attemptAnnotations } from '../../jobs/attempt.ts'
import type { CaBundle } from '../../pods/import-config.ts'
import { caFile, importNetwork } from '../../pods/import-network.ts'
import { literal } from '../../pods/literal.ts'
import { containerSecurity, environment, temporaryMount } from '../../pods/pod.ts'
import { reachSource, type Source } from '../../pods/source.ts'
import { withDefaults } from '../../runtime/quantities.ts'
import type { ReconcileConfig } from '../config.ts'
import { importSource, isEphemeral } from '../ephemeral.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { revisionOf } from '../revision.ts'
import { historyLimitOf, storageSizeOf } from './defaults.ts'
import { allLabels, annotations, identity } from './metadata.ts'
import { modelPodBasics, modelsMount, podVolumes } from './pod.ts'
import { withFolder } from './resources.ts'
import { encryptionMounts, encryptionVolumes } from './secrets.ts'

export const longestImportSeconds = 6 * 60 * 60

/** A version may take all of the volume, and not more than that where the volume is a folder of a larger disk. */
const maxBytesOf = (model: ModelDeployment): number | undefined => {
  const bytes = parseQuantity(storageSizeOf(model))
  if (bytes === undefined) return undefined
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(1, Math.floor(bytes)))
}

/** The authorities that spec names. */
const caBundleOf = ({ spec }: ModelDeployment): CaBundle | undefined => {
  const own = spec.storage?.import?.caBundle
  return own && { configMap: own.configMapRef.name, key: own.key ?? caFile }
}

const networkOf = (model: ModelDeployment, config: ReconcileConfig) =>
  importNetwork([importSource(model)], config, caBundleOf(model))

/** Hosts that an import of an artifact asks over http. */
const plainRegistries = ({ uri = '' }: Source, { imports }: ReconcileConfig): string | undefined =>
  isRegistrySource(uri) ? imports.plainHttpRegistries.join(',') || undefined : undefined

const encryptionOptions = ({ spec }: ModelDeployment) => {
  const ref = spec.storage?.encryptionKeySecretRef
  return ref ? { 'encryption-keys': mounts.encryptionKeys, 'encryption-key': ref.key } : {}
}

/** The key that the source has to be signed with, where a Secret has it. A container without it is not started. */
const publicKeyEnvironment = ({ spec }: ModelDeployment) => {
  const name = spec.model.source.signature?.publicKeySecretRef?.name
  if (name === undefined) return []
  return [{ name: sourceVariable(publicKeyKey), valueFrom: { secretKeyRef: { name, key: publicKeyKey } } }]
}

/** Who asks: recorded with the version. */
const requestedBy = ({ metadata: { uid, generation, namespace, name } }: ModelDeployment): string =>
  JSON.stringify({ uid, generation, namespace, name })

/** Options that follow from where the model comes from. */
export const sourceArgs = (model: ModelDeployment, config: ReconcileConfig): readonly string[] => {
  const { task, version, source } = model.spec.model
  const reached = reachSource(importSource(model))
  return importArguments({
    source: reached.source,
    'source-name': reached.sourceName,
    ...{ task, models: mounts.models, revision: revisionOf(model) },
    label: version || undefined,
    file: source.file || undefined,
    export: model.spec.optimize?.export !== undefined,
    'source-files':
      source.files && JSON.stringify(source.files.map(({ path, sha256 }) => ({ path, sha256 }))),
    sha256: source.sha256 || undefined,
    'public-key': source.signature?.publicKey,
    ...reached.options,
    'allow-http-credentials': config.allowHttpCredentials,
    'refuse-private-addresses': !config.allowPrivateSources,
    'max-bytes': maxBytesOf(model),
    ...encryptionOptions(model),
    ...networkOf(model, config).options,
    'hub-endpoint': isHubSource(source.uri ?? '') ? config.imports.hubEndpoint : undefined,
    'plain-http-registries': plainRegistries(importSource(model), config),
    report: mounts.terminationLog,
  })
}

/** An account of the user's, which a cloud may have given a role that reads the source. Pods that import by themselves have the one of servers. */
const importAccount = (model: ModelDeployment): { serviceAccountName?: string } => {
  const { spec } = model
  const serviceAccountName = isEphemeral(model)
    ? spec.serve?.podTemplate?.serviceAccountName
    : spec.storage?.import?.serviceAccountName
  return serviceAccountName === undefined ? {} : { serviceAccountName }
}

/** A folder of the pod counts for the disk that its containers may use. */
const resourcesOf = (model: ModelDeployment, config: ReconcileConfig) => {
  const defaults = isEphemeral(model) ? withFolder(config.imports.resources, model) : config.imports.resources
  return withDefaults(defaults, model.spec.storage?.import?.resources)
}

/** @param args of the import */
export const importContainer = (model: ModelDeployment, config: ReconcileConfig, args: readonly string[]) => {
  const source = reachSource(importSource(model))
  const network = networkOf(model, config)
  return {
    name: 'import',
    image: config.serverImage,
    imagePullPolicy: config.pullPolicy,
    args: args.map(literal),
    env: [...environment, ...source.env, ...publicKeyEnvironment(model), ...network.env],
    resources: resourcesOf(model, config),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: containerSecurity,
    volumeMounts: [
      ...[modelsMount, temporaryMount, ...encryptionMounts(model)],
      ...[...source.volumeMounts, ...network.volumeMounts],
    ],
  }
}

/** What decides nothing about how an import ends. @param keep ids of versions that must stay on the volume, even beyond the history limit */
export const historyArguments = (model: ModelDeployment, keep: readonly string[]): readonly string[] =>
  importArguments({
    'history-limit': historyLimitOf(model),
    keep: keep.join(',') || undefined,
    pinned: model.spec.model.keep?.join(',') || undefined,
    'requested-by': requestedBy(model),
  })

/** What an import mounts beside the volume of the models. */
export const importVolumes = (model: ModelDeployment, config: ReconcileConfig): readonly object[] => [
  ...encryptionVolumes(model),
  ...reachSource(importSource(model)).volumes,
  ...networkOf(model, config).volumes,
]

const podSpec = (model: ModelDeployment, config: ReconcileConfig, args: readonly string[]) => ({
  ...modelPodBasics(model, config),
  ...importAccount(model),
  restartPolicy: 'Never',
  containers: [importContainer(model, config, args)],
  volumes: [...podVolumes(model), ...importVolumes(model, config)],
})

/**
 * Everything that may decide how the import ends is in the name: what is changed in order to mend a failed import
 * makes another Job, a larger volume included.
 */
export const importJobName = (model: ModelDeployment, config: ReconcileConfig): string => {
  const inputs = { size: storageSizeOf(model), pod: podSpec(model, config, sourceArgs(model, config)) }
  return `${model.metadata.name}-import-${fingerprint(inputs, 8)}`
}

/**
 * Imports the source to the volume, once: a Job cannot be changed, and the operator counts the attempts.
 * @param attempt how many imports of this name failed before
 * @param keep ids of versions that must stay on the volume, even beyond the history limit
 */
export const importJob = (
  model: ModelDeployment,
  config: ReconcileConfig,
  attempt: number,
  keep: readonly string[],
): KubernetesObject => {
  const args = [
    commands.import,
    ...sourceArgs(model, config),
    ...historyArguments(model, keep),
    ...importArguments({
      'newer-than': isEphemeral(model) ? model.status?.versions?.at(-1)?.id : undefined,
    }),
  ]
  const revision = { [annotations.revision]: revisionOf(model) }
  return jobOf(model, config, args, { name: importJobName(model, config), annotations: revision, attempt })
}

const rewrapArgs = (model: ModelDeployment): readonly string[] =>
  importArguments({
    ...{ rewrap: true, task: model.spec.model.task, models: mounts.models },
    ...encryptionOptions(model),
    report: mounts.terminationLog,
  })

/** Whether versions are wrapped by another key than spec names. */
export const isRewrapDue = ({ spec }: ModelDeployment, versions: readonly Version[]): boolean => {
  const key = spec.storage?.encryptionKeySecretRef?.key
  return (
    key !== undefined &&
    versions.some(({ encryptionKey }) => encryptionKey !== undefined && encryptionKey !== key)
  )
}

export const rewrapJobName = (model: ModelDeployment, config: ReconcileConfig): string =>
  `${model.metadata.name}-import-${fingerprint({ pod: podSpec(model, config, rewrapArgs(model)) }, 8)}`

/** Wraps the keys of encrypted versions by the key that spec names; it reads no source and writes no file of a model. */
export const rewrapJob = (
  model: ModelDeployment,
  config: ReconcileConfig,
  attempt: number,
): KubernetesObject => {
  const args = [commands.import, ...rewrapArgs(model)]
  return jobOf(model, config, args, { name: rewrapJobName(model, config), annotations: {}, attempt })
}

interface JobParts {
  readonly name: string
  readonly annotations: Readonly<Record<string, string>>
  readonly attempt: number
}

const jobOf = (
  model: ModelDeployment,
  config: ReconcileConfig,
  args: readonly string[],
  { name, annotations: own, attempt }: JobParts,
): KubernetesObject => {
  return {
    ...identity(Job, model, {
      name,
      component: components.import,
      annotations: { ...own, [attemptAnnotations.attempt]: `${attempt}` },
    }),
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: longestImportSeconds,
      template: {
        metadata: { labels: allLabels(model, components.import) },
        spec: podSpec(model, config, args),
      },
    },
  }
}
