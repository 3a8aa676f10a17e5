import { commands, serveArguments } from '@gantry/contract/commands.ts'
import { components, deploymentName, labels, type Track } from '@gantry/contract/labels.ts'
import { grpcPort, httpPort, mounts, paths, settingsFile } from '@gantry/contract/server.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment } from '@gantry/kube/resources.ts'
import { literal } from '../../pods/literal.ts'
import { containerSecurity, environment, temporaryMount } from '../../pods/pod.ts'
import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import type { Replicas } from '../replicas.ts'
import { timeoutSecondsOf } from './defaults.ts'
import { allLabels, annotations, identity, trackPods } from './metadata.ts'
import { ownImport } from './own-import.ts'
import { modelPodBasics, modelsMount, podVolumes } from './pod.ts'
import {
  addedEnvironment,
  addedEnvironmentSources,
  addedMounts,
  addedVolumes,
  servingAccount,
  sidecars,
} from './pod-template.ts'
import { portsOf } from './ports.ts'
import { podResources } from './resources.ts'
import { secretMounts, secretVolumes } from './secrets.ts'
import { tracingEnvironment } from './tracing.ts'

const serverContainer = 'server'
export const settingsVolume = 'settings'

/** Endpoints of a pod that ends are still used for a moment: it goes on answering meanwhile. */
const endpointLagSeconds = 5
/** Time to close connections that callers keep open. No new ones arrive after the lag above. */
const drainSeconds = 1
/** Time added to that of the longest request: the lag and the drain above, and the server's wait for a run that is stuck. */
const graceSeconds = 15
/** A model that is not loaded by then never will be. */
export const startDeadlineSeconds = 600

/** The kubelet does not look who signed a certificate. */
const probe = (model: ModelDeployment, path: string) => {
  const { name, scheme } = portsOf(model).http
  return { httpGet: { path, port: name, scheme }, timeoutSeconds: 5 }
}

const container = (model: ModelDeployment, config: ReconcileConfig, version: Version) => ({
  name: serverContainer,
  image: config.serverImage,
  imagePullPolicy: config.pullPolicy,
  args: [
    commands.serve,
    ...serveArguments({ settings: `${mounts.settings}/${settingsFile}`, 'drain-seconds': drainSeconds }),
  ].map(literal),
  env: [...environment, ...tracingEnvironment(model, config), ...addedEnvironment(model)],
  ...addedEnvironmentSources(model),
  ports: [
    { name: portsOf(model).http.name, containerPort: httpPort, protocol: 'TCP' },
    { name: portsOf(model).grpc.name, containerPort: grpcPort, protocol: 'TCP' },
  ],
  resources: podResources(model, version),
  startupProbe: { ...probe(model, paths.ready), periodSeconds: 1, failureThreshold: startDeadlineSeconds },
  readinessProbe: { ...probe(model, paths.ready), periodSeconds: 5, failureThreshold: 2 },
  livenessProbe: { ...probe(model, paths.live), periodSeconds: 10, failureThreshold: 3 },
  lifecycle: { preStop: { sleep: { seconds: endpointLagSeconds } } },
  terminationMessagePolicy: 'FallbackToLogsOnError', // so that status can tell why a server does not start
  securityContext: containerSecurity,
  volumeMounts: [
    { ...modelsMount, readOnly: true },
    { name: settingsVolume, mountPath: mounts.settings, readOnly: true },
    temporaryMount,
    ...secretMounts(model, version),
    ...addedMounts(model),
  ],
})

/** Sidecars come first, since an import may need one of them to reach its source. */
const initContainers = (model: ModelDeployment, own: readonly object[]) => {
  const all = [...(sidecars(model).initContainers ?? []), ...own]
  return all.length > 0 ? { initContainers: all } : {}
}

const podTemplate = (
  model: ModelDeployment,
  config: ReconcileConfig,
  version: Version,
  { settingsName, track }: Pick<Placed, 'settingsName' | 'track'>,
) => {
  const {
    labels: userLabels,
    annotations: userAnnotations,
    topologySpreadConstraints,
    runtimeClassName,
  } = model.spec.serve?.podTemplate ?? {}
  const own = ownImport(model, config, version)
  return {
    metadata: {
      labels: {
        ...userLabels,
        ...allLabels(model, components.server),
        [labels.track]: track,
        [labels.version]: version.id,
      },
      ...(userAnnotations ? { annotations: userAnnotations } : {}),
    },
    spec: {
      ...modelPodBasics(model, config),
      serviceAccountName: servingAccount(model),
      ...(topologySpreadConstraints ? { topologySpreadConstraints } : {}),
      ...(runtimeClassName ? { runtimeClassName } : {}),
      terminationGracePeriodSeconds: timeoutSecondsOf(model) + graceSeconds,
      ...initContainers(model, own.initContainers),
      containers: [container(model, config, version)],
      volumes: [
        ...[...podVolumes(model), ...own.volumes],
        { name: settingsVolume, configMap: { name: settingsName } },
        ...secretVolumes(model, version),
        ...addedVolumes(model),
      ],
    },
  }
}

/** The place of a version: its settings, its pods, its track. */
interface Placed {
  /** Name of the ConfigMap with the server's settings. */
  readonly settingsName: string
  /** Who says how many pods there are, and how many. */
  readonly replicas: Replicas
  readonly track: Track
}

/** Where pods are shared with a canary there is no room for more of them. */
const rollingUpdate = (replicas: Replicas) => {
  if (replicas.owner !== 'canary') return { maxUnavailable: 0, maxSurge: '25%' }
  return replicas.surges ? { maxUnavailable: 0, maxSurge: 1 } : { maxUnavailable: 1, maxSurge: 0 }
}

/**
 * The pods that serve `version`. Old pods stay until new ones are ready, so a version that does not start takes
 * nothing down.
 */
export const deployment = (
  model: ModelDeployment,
  config: ReconcileConfig,
  version: Version,
  { settingsName, replicas, track }: Placed,
): KubernetesObject => {
  const { owner } = replicas
  return {
    ...identity(Deployment, model, {
      name: deploymentName(model.metadata.name, track),
      component: components.server,
      annotations: {
        [annotations.scaledBy]: owner,
        ...('desired' in replicas ? { [annotations.takesOver]: `${replicas.desired}` } : {}),
      },
    }),
    spec: {
      ...(owner === 'autoscaler' ? {} : { replicas: replicas.count }),
      selector: { matchLabels: trackPods(model, track) },
      strategy: { type: 'RollingUpdate', rollingUpdate: rollingUpdate(replicas) },
      progressDeadlineSeconds: startDeadlineSeconds,
      revisionHistoryLimit: 2, // going back is a matter of spec.model.version, not of ReplicaSets
      template: podTemplate(model, config, version, { settingsName, track }),
    },
  }
}
