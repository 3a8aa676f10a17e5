import { join } from 'node:path'
import { type LogLevel, logLevels } from '@gantry/contract/log.ts'
import { defaultRelease, managerOf } from '@gantry/contract/release.ts'
import type { CostConfig } from './cost/costs.ts'
import type { CustomMetricsConfig } from './custom-metrics/custom-metrics.ts'
import { readEvaluationConfig } from './evaluating/config.ts'
import type { ReconcileConfig, TracingConfig } from './modeldeployment/config.ts'
import type { OperatorPod } from './modeldeployment/fleet/announcement.ts'
import { readPodTemplateAllow } from './modeldeployment/pod-template-allow.ts'
import { pullPolicies } from './pods/config.ts'
import { readImportConfig } from './pods/import-config.ts'
import type { RuntimeConfig } from './runtime/operator.ts'

export interface OperatorConfig extends RuntimeConfig {
  readonly reconcile: ReconcileConfig
  /** Undefined where no costs are computed. */
  readonly cost: CostConfig | undefined
  /** Undefined where the operator serves no metrics to autoscalers. */
  readonly customMetrics: CustomMetricsConfig | undefined
  /** Whether models may be rolled out by Gateway API. */
  readonly gatewayApi: boolean
  /** Whether models may be scaled by KEDA. */
  readonly keda: boolean
  /** Undefined where the operator runs outside of the cluster. */
  readonly pod: OperatorPod | undefined
  readonly logLevel: LogLevel
}

const namespacePattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
/** Helm's rule for the names of releases. */
const releasePattern = /^[a-z0-9]([-a-z0-9.]{0,51}[a-z0-9])?$/

/** Reads keys and gathers what is wrong with them, so that one start shows every mistake. */
const reader = (env: NodeJS.ProcessEnv, problems: string[]) => {
  const text = (key: string): string | undefined => env[key]?.trim() || undefined
  const required = (key: string, purpose: string): string => {
    const value = text(key)
    if (!value) problems.push(`${key} is missing: set it to ${purpose}`)
    return value ?? ''
  }
  const oneOf = <T extends string>(key: string, allowed: readonly T[], fallback: T): T => {
    const value = text(key) ?? fallback
    const found = allowed.find((candidate) => candidate === value)
    if (!found) problems.push(`${key} is "${value}": it must be one of ${allowed.join(', ')}`)
    return found ?? fallback
  }
  const whole = (key: string, fallback: number, [min, max]: readonly [number, number]): number => {
    const value = text(key) ?? String(fallback)
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
    const fits = number >= min && number <= max
    if (!fits) problems.push(`${key} is "${value}": it must be a whole number from ${min} to ${max}`)
    return fits ? number : fallback
  }
  const namespace = (key: string, value: string | undefined): string | undefined => {
    if (value && !namespacePattern.test(value)) {
      problems.push(`${key} is "${value}": it must be the name of one namespace`)
    }
    return value
  }
  const release = (key: string): string => {
    const value = text(key) ?? defaultRelease
    if (!releasePattern.test(value))
      problems.push(`${key} is "${value}": it must be the name of a Helm release`)
    return value
  }
  const flag = (key: string, fallback: 'true' | 'false'): boolean =>
    oneOf(key, ['true', 'false'], fallback) === 'true'
  const share = (key: string, fallback: number): number => {
    const value = text(key) ?? String(fallback)
    const number = Number(value)
    const fits = number >= 0 && number <= 1
    if (!fits) problems.push(`${key} is "${value}": it must be a number from 0 to 1`)
    return fits ? number : fallback
  }
  const address = (key: string): string | undefined => {
    const value = text(key)
    if (value === undefined || (/^https?:/.test(value) && URL.canParse(value))) return value
    problems.push(`${key} is "${value}": it must be an address such as http://collector.monitoring:4318`)
    return undefined
  }
  const names = (key: string): readonly string[] =>
    (text(key) ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
  return { text, required, oneOf, whole, namespace, release, flag, share, address, names }
}

const tracingOf = ({ address, share }: ReturnType<typeof reader>): TracingConfig | undefined => {
  const endpoint = address('TRACING_ENDPOINT')
  const sampleRate = share('TRACING_SAMPLE_RATE', 1)
  return endpoint === undefined ? undefined : Object.freeze({ endpoint, sampleRate })
}

const costOf = ({ flag, text, whole }: ReturnType<typeof reader>): CostConfig | undefined => {
  const configMap = text('COST_CONFIG_MAP') ?? 'gantry-prices'
  const intervalSeconds = whole('COST_INTERVAL_SECONDS', 60, [5, 3600])
  return flag('COST_ENABLED', 'false') ? Object.freeze({ configMap, intervalSeconds }) : undefined
}

const customMetricsOf = (
  { flag, text, whole, required }: ReturnType<typeof reader>,
  namespace: string,
): CustomMetricsConfig | undefined => {
  if (!flag('CUSTOM_METRICS_ENABLED', 'false')) return undefined
  const folder = text('CUSTOM_METRICS_TLS') ?? '/etc/gantry-custom-metrics'
  const name = required('CUSTOM_METRICS_SERVICE', 'the Service that leads to the port of custom metrics')
  return Object.freeze({
    port: whole('CUSTOM_METRICS_PORT', 8443, [0, 65_535]),
    files: Object.freeze({ cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') }),
    service: Object.freeze({ namespace, name }),
  })
}

const podOf = ({ text }: ReturnType<typeof reader>, namespace: string): OperatorPod | undefined => {
  const [name, uid] = [text('POD_NAME'), text('POD_UID')]
  return name !== undefined && uid !== undefined ? Object.freeze({ name, namespace, uid }) : undefined
}

/** What passes over models have to know. */
const reconcileConfigOf = (
  read: ReturnType<typeof reader>,
  operatorNamespace: string,
  problems: string[],
): OperatorConfig['reconcile'] => {
  const { text, required, oneOf, whole, flag, names } = read
  return Object.freeze({
    serverImage: required('SERVER_IMAGE', 'the image of the inference server'),
    optimizerImage: required('OPTIMIZER_IMAGE', 'the image of the optimizer'),
    trainerImage: text('TRAINER_IMAGE'),
    exporterImage: text('EXPORTER_IMAGE'),
    pullPolicy: oneOf('SERVER_IMAGE_PULL_POLICY', pullPolicies, 'IfNotPresent'),
    imagePullSecrets: Object.freeze(names('IMAGE_PULL_SECRETS')),
    allowFileSources: flag('ALLOW_FILE_SOURCES', 'false'),
    allowHttpCredentials: flag('ALLOW_HTTP_CREDENTIALS', 'false'),
    allowPrivateSources: flag('ALLOW_PRIVATE_SOURCES', 'true'),
    imports: readImportConfig(text, problems),
    evaluations: readEvaluationConfig(text, problems),
    tracing: tracingOf(read),
    podTemplate: readPodTemplateAllow('POD_TEMPLATE_ALLOW', text('POD_TEMPLATE_ALLOW'), problems),
    maxReplicas: whole('MAX_REPLICAS', 100, [1, 10_000]),
    fleet: Object.freeze({
      maxModels: whole('FLEET_MAX_MODELS', 3, [1, 10_000]),
      maxFailed: whole('FLEET_MAX_FAILED', 0, [0, 10_000]),
    }),
    triggerAuthentications: Object.freeze(names('KEDA_TRIGGER_AUTHENTICATIONS')),
    operatorNamespace,
  })
}

/**
 * @param fallbackIdentity holder of the Lease where POD_NAME is not set; must be unique to this process
 * @throws Error that names every key that is missing or wrong
 */
export const loadConfig = (env: NodeJS.ProcessEnv, fallbackIdentity: string): OperatorConfig => {
  const problems: string[] = []
  const read = reader(env, problems)
  const { text, required, oneOf, whole, namespace, flag } = read
  const operatorNamespace =
    namespace(
      'POD_NAMESPACE',
      required('POD_NAMESPACE', 'the namespace of the operator, where its Lease is'),
    ) ?? ''
  const release = read.release('RELEASE_NAME')
  const config: OperatorConfig = {
    reconcile: reconcileConfigOf(read, operatorNamespace, problems),
    cost: costOf(read),
    customMetrics: customMetricsOf(read, operatorNamespace),
    gatewayApi: flag('GATEWAY_API_ENABLED', 'false'),
    keda: flag('KEDA_ENABLED', 'false'),
    pod: podOf(read, operatorNamespace),
    identity: text('POD_NAME') ?? fallbackIdentity,
    release,
    manager: managerOf({ namespace: operatorNamespace, name: release }),
    operatorNamespace,
    watchNamespace: namespace('WATCH_NAMESPACE', text('WATCH_NAMESPACE')),
    leaderElection: flag('LEADER_ELECTION', 'true'),
    httpPort: whole('HTTP_PORT', 8080, [0, 65_535]),
    logLevel: oneOf('LOG_LEVEL', logLevels, 'info'),
    workers: whole('WORKERS', 4, [1, 64]),
    resyncSeconds: whole('RESYNC_SECONDS', 600, [10, 86_400]),
  }
  if (problems.length > 0) throw new Error(`the configuration is not usable:\n- ${problems.join('\n- ')}`)
  return Object.freeze(config)
}
