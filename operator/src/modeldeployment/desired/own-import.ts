/** The import of a serving pod that has no volume: an init container, which brings the pod's version into its own folder. */
import { commands, importArguments } from '@gantry/contract/commands.ts'
import { components } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { NetworkPolicy } from '@gantry/kube/resources.ts'
import { addressOf } from '../../pods/source.ts'
import { identityEgress, sourceEgress } from '../../pods/source-egress.ts'
import type { ReconcileConfig } from '../config.ts'
import { asImported, isEphemeral, isImageVolume } from '../ephemeral.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { importContainer, importVolumes, sourceArgs } from './import-job.ts'
import { identity, servingPods } from './metadata.ts'

/** Names of sidecars do not begin so. */
export const ownImportName = 'gantry-import'

/** What a pod gets in order to import its version. */
interface OwnImport {
  readonly initContainers: readonly object[]
  /** Those that the source needs, such as a claim that is one. */
  readonly volumes: readonly object[]
}

const none: OwnImport = { initContainers: [], volumes: [] }

/** The version is the one that the first import made: with its id, its digest, and the commit that its address stood for. */
export const ownImport = (model: ModelDeployment, config: ReconcileConfig, version: Version): OwnImport => {
  const imported = isEphemeral(model) ? asImported(model, version) : undefined
  if (!imported) return none
  const args = [
    commands.import,
    ...sourceArgs(imported, config),
    ...importArguments({
      'version-id': version.id,
      'version-digest': version.digest,
      'source-revision': version.sourceRevision,
    }),
  ]
  return {
    initContainers: [{ ...importContainer(imported, config, args), name: ownImportName }],
    volumes: importVolumes(imported, config),
  }
}

/** Serving pods of a model without a volume may call its source as well. */
export const ownImportPolicy = (
  model: ModelDeployment,
  config: ReconcileConfig,
): KubernetesObject | undefined => {
  if (!isEphemeral(model)) return undefined
  if (isImageVolume(model)) return undefined // The kubelet pulls, and the pods call nobody.
  const sources = [
    model.spec.model.source,
    ...(model.status?.versions ?? []).map(({ importedFrom }) => importedFrom),
  ]
  const addresses = sources.flatMap((source) => (source && addressOf(source, config.imports)) ?? [])
  return {
    ...identity(NetworkPolicy, model, {
      name: `${model.metadata.name}.source`,
      component: components.server,
    }),
    spec: {
      podSelector: { matchLabels: servingPods(model) },
      policyTypes: ['Egress'],
      egress: [...sourceEgress(addresses, config), ...identityEgress(...sources)],
    },
  }
}
