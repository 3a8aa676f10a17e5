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
import type { ModelDeployment } from '../model-deployment.ts'
import { revisionOf } from '../revision.ts'
import { historyLimitOf, storageSizeOf } from './defaults.ts'
import { allLabels, annotations, identity } from './metadata.ts'
import { modelPodBasics, modelsMount, podVolumes } from './pod.ts'
import { withFolder } from './resources.ts'

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

/** The key that the source has to be signed with, where a Secret has it. A container without it is not started. */
const publicKeyEnvironment = ({ spec }: ModelDeployment) => {
  const name = spec.model.source.signature?.publicKeySecretRef?.name
  if (name === undefined) return []
  return [{ name: sourceVariable(publicKeyKey), valueFrom: { secretKeyRef: { name, key: publicKeyKey } } }]
}

/** Who asks: recorded with the version. */
export const requestedBy = ({ metadata: { uid, generation, namespace, name } }: ModelDeployment): string =>
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
    sha256: source.sha256 || undefined,
    'public-key': source.signature?.publicKey,
    ...reached.options,
    'allow-http-credentials': config.allowHttpCredentials,
    'refuse-private-addresses': !config.allowPrivateSources,
    'max-bytes': maxBytesOf(model),
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
    volumeMounts: [modelsMount, temporaryMount, ...source.volumeMounts, ...network.volumeMounts],
  }
}

/** What an import mounts beside the volume of the models. */
export const importVolumes = (model: ModelDeployment, config: ReconcileConfig): readonly object[] => [
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
    ...importArguments({
      'history-limit': historyLimitOf(model),
      keep: keep.join(',') || undefined,
      'requested-by': requestedBy(model),
      'newer-than': isEphemeral(model) ? model.status?.versions?.at(-1)?.id : undefined,
    }),
  ]
  return {
    ...identity(Job, model, {
      name: importJobName(model, config),
      component: components.import,
      annotations: { [annotations.revision]: revisionOf(model), [attemptAnnotations.attempt]: `${attempt}` },
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
