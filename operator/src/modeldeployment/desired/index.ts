import type { Track } from '@gantry/contract/labels.ts'
import type { ServerSettings } from '@gantry/contract/server.ts'
import type { LiveClaim } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { ReconcileConfig } from '../config.ts'
import { isEphemeral } from '../ephemeral.ts'
import type { Question } from '../evaluation/question.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import type { GatewayPod } from '../path/gateway-pods.ts'
import type { Replicas } from '../replicas.ts'
import type { Scaler } from '../scaling/scaler.ts'
import { autoscaler } from './autoscaler.ts'
import { deployment } from './deployment.ts'
import { disruptionBudget } from './disruption-budget.ts'
import { gateJob } from './evaluate-job.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import { gatewaySlices } from './gateway-slices.ts'
import { importJob, rewrapJob } from './import-job.ts'
import { importPolicy } from './import-policy.ts'
import { networkPolicy } from './network-policy.ts'
import { type Optimization, optimizeJob } from './optimize-job.ts'
import { optimizePolicy } from './optimize-policy.ts'
import { ownImportPolicy } from './own-import.ts'
import { type DueRoutes, routeObjects } from './route.ts'
import { scaledObject } from './scaled-object.ts'
import { type Selected, service } from './service.ts'
import { serviceAccount } from './service-account.ts'
import { settingsMap } from './settings.ts'
import { volume } from './volume.ts'

/** A version to serve, and on how many pods. */
export interface Serving {
  readonly version: Version
  readonly settings: ServerSettings
  readonly replicas: Replicas
  /** Most pods that the budget allows the autoscaler; undefined where it does not decide about them. */
  readonly ceiling?: number | undefined
  /** What sets the number of pods; by default what spec says. */
  readonly scaler?: Scaler
}

/** What is due at the moment, beyond what a model always has. */
export interface Due {
  /** The claim as it stands: what it may become depends on it. */
  readonly claim?: LiveClaim | undefined
  /** An import to start. */
  readonly imports?:
    | {
        readonly attempt: number
        readonly keep: readonly string[]
        /** Whether it only wraps the keys of encrypted versions by another key. */
        readonly rewraps?: boolean
      }
    | undefined
  /** An optimization to start. */
  readonly optimizes?:
    | {
        readonly attempt: number
        readonly keep: readonly string[]
        readonly optimization: Optimization
      }
    | undefined
  /** Whether a model of another library is to become a graph. */
  readonly isExporting?: boolean
  /** A measurement to start. */
  readonly evaluates?: { readonly attempt: number; readonly question: Question } | undefined
  /** A version to serve. */
  readonly serves?: Serving | undefined
  /** A version to try beside it. */
  readonly tries?: Serving | undefined
  /** Where the Service leads; all pods by default. */
  readonly selected?: Selected | undefined
  /** The routes of Gateway API; undefined where there are none. */
  readonly routes?: DueRoutes | undefined
  /** Gateways that the Service leads to, and their port. */
  readonly leads?: { readonly gateways: readonly GatewayPod[]; readonly port: number } | undefined
}

const placed = (
  model: ModelDeployment,
  config: ReconcileConfig,
  { version, replicas }: Serving,
  { metadata }: KubernetesObject,
  track: Track,
): KubernetesObject => deployment(model, config, version, { settingsName: metadata.name, replicas, track })

const scaled = (
  model: ModelDeployment,
  { replicas, ceiling }: Serving,
  scaler: Scaler,
): KubernetesObject | undefined => {
  switch (scaler) {
    case 'autoscaler':
      return autoscaler(model, replicas, ceiling)
    case 'scaledObject':
      return scaledObject(model, ceiling)
    case 'spec':
    case 'change':
    case 'asItIs':
      return undefined
  }
}

/** The objects of a model, in the order they are applied: what a later one refers to comes first. */
export const desired = (
  model: ModelDeployment,
  config: ReconcileConfig,
  due: Due,
): readonly KubernetesObject[] => {
  const { claim, imports, optimizes, isExporting = false, evaluates, serves, tries } = due
  const { selected = 'all', leads, routes } = due
  const [settings, triedSettings] = [serves, tries].map((one) => one && settingsMap(model, one.settings))
  return [
    serviceAccount(model),
    isEphemeral(model) ? undefined : volume(model, claim),
    settings,
    triedSettings,
    networkPolicy(model, config),
    importPolicy(model, config),
    ownImportPolicy(model, config),
    optimizePolicy(model, config, isExporting),
    evaluatePolicy(model, config),
    imports &&
      (imports.rewraps
        ? rewrapJob(model, config, imports.attempt)
        : importJob(model, config, imports.attempt, imports.keep)),
    optimizes && optimizeJob(model, config, optimizes.optimization, optimizes),
    evaluates && gateJob(model, config, evaluates.question, evaluates.attempt),
    ...(leads ? gatewaySlices(model, leads.gateways, leads.port) : []),
    service(model, selected),
    serves && settings && placed(model, config, serves, settings, 'stable'),
    tries && triedSettings && placed(model, config, tries, triedSettings, 'canary'),
    serves && scaled(model, serves, serves.scaler ?? 'autoscaler'),
    disruptionBudget(model),
    ...(routes ? routeObjects(model, routes) : []),
  ].filter((object) => object !== undefined)
}
