/** What spec.serve.podTemplate adds to the serving pods: variables, volumes and sidecars. */

import { literal } from '../../pods/literal.ts'
import { containerSecurity } from '../../pods/pod.ts'
import { withDefaults } from '../../runtime/quantities.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import type { PodTemplate } from '../pod-template-allow.ts'

type Variable = NonNullable<PodTemplate['env']>[number]
type Volume = NonNullable<PodTemplate['volumes']>[number]
type Sidecar = NonNullable<PodTemplate['sidecars']>[number]
type Mount = NonNullable<Sidecar['volumeMounts']>[number]
type Probe = NonNullable<Sidecar['livenessProbe']>

const podTemplateOf = ({ spec }: ModelDeployment): PodTemplate => spec.serve?.podTemplate ?? {}

/** The API server does not keep an empty text, a zero or a false: an object that says so would never equal the live one. */
const variable = ({ name, value, valueFrom }: Variable) => ({
  name,
  ...(valueFrom ? { valueFrom } : {}),
  ...(value ? { value } : {}),
})

/** Variables of the server beside its own, with plain values as they are. */
export const addedEnvironment = (model: ModelDeployment): readonly object[] =>
  podTemplateOf(model).env?.map((one) =>
    variable({ ...one, ...(one.value ? { value: literal(one.value) } : {}) }),
  ) ?? []

/** Variables of the server that are the keys of whole objects. */
export const addedEnvironmentSources = (model: ModelDeployment): { readonly envFrom?: readonly object[] } => {
  const { envFrom = [] } = podTemplateOf(model)
  return envFrom.length > 0 ? { envFrom } : {}
}

/** Files of Secrets are readable for the containers' group alone. */
const secretMode = 0o440

const volume = ({ name, ...source }: Volume): object => {
  const { secret, projected, persistentVolumeClaim } = source
  if (secret) return { name, secret: { defaultMode: secretMode, ...secret } }
  if (projected) return { name, projected: { defaultMode: secretMode, ...projected } }
  if (persistentVolumeClaim) {
    return { name, persistentVolumeClaim: { ...persistentVolumeClaim, readOnly: true } }
  }
  return { name, ...source }
}

export const addedVolumes = (model: ModelDeployment): readonly object[] =>
  podTemplateOf(model).volumes?.map(volume) ?? []

/** Mounts of these volumes in the server, whose own files they cannot cover: the CRD and the admission policy keep them below /mnt. */
export const addedMounts = (model: ModelDeployment): readonly object[] =>
  podTemplateOf(model).volumeMounts?.map((mount) => ({ ...mount, readOnly: true })) ?? []

/** Enough for a small proxy or a shipper of logs. Memory and disk have limits, so that a sidecar does not take those of the node. */
const sidecarResources = {
  requests: { cpu: '50m', memory: '64Mi', 'ephemeral-storage': '64Mi' },
  limits: { memory: '256Mi', 'ephemeral-storage': '1Gi' },
}

const mount = ({ readOnly, ...given }: Mount): object => ({ ...given, ...(readOnly ? { readOnly } : {}) })

const probe = ({ initialDelaySeconds, ...given }: Probe): object => ({
  ...given,
  ...(initialDelaySeconds ? { initialDelaySeconds } : {}),
})

const probes = ({ startupProbe, readinessProbe, livenessProbe }: Sidecar): object => ({
  ...(startupProbe ? { startupProbe: probe(startupProbe) } : {}),
  ...(readinessProbe ? { readinessProbe: probe(readinessProbe) } : {}),
  ...(livenessProbe ? { livenessProbe: probe(livenessProbe) } : {}),
})

const sidecar = ({ env, resources, securityContext, volumeMounts, ...given }: Sidecar): object => ({
  ...given,
  ...probes(given),
  restartPolicy: 'Always',
  ...(env ? { env: env.map(variable) } : {}),
  ...(volumeMounts ? { volumeMounts: volumeMounts.map(mount) } : {}),
  resources: withDefaults(sidecarResources, resources),
  securityContext: { ...containerSecurity, ...securityContext },
  terminationMessagePolicy: 'FallbackToLogsOnError', // so that status can tell why a sidecar does not start
})

/**
 * Sidecars are init containers that are restarted for ever: they run before the server starts and until it has ended, and the
 * server stays the only container whose status says how the pod does.
 */
export const sidecars = (model: ModelDeployment): { readonly initContainers?: readonly object[] } => {
  const { sidecars: given = [] } = podTemplateOf(model)
  return given.length > 0 ? { initContainers: given.map(sidecar) } : {}
}

/** The ServiceAccount of the serving pods: one that the installation lists, or the model's own. */
export const servingAccount = (model: ModelDeployment): string =>
  podTemplateOf(model).serviceAccountName ?? model.metadata.name
