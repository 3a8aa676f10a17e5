import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment } from '../kubernetes.ts'
import { literal } from './literal.ts'

/** Where the pod finds its own name. */
const podName = 'POD_NAME'

/** OpenTelemetry's own variables, by which a server knows where its traces go and as whose; none where they go nowhere. */
export const tracingEnvironment = ({ metadata }: ModelDeployment, { tracing }: ReconcileConfig) =>
  tracing
    ? [
        { name: podName, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'OTEL_SERVICE_NAME', value: literal(metadata.name) },
        {
          name: 'OTEL_RESOURCE_ATTRIBUTES',
          value: `k8s.namespace.name=${literal(metadata.namespace)},k8s.pod.name=$(${podName})`, // ours: the kubelet is to replace it
        },
        { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: literal(tracing.endpoint) },
        { name: 'OTEL_TRACES_SAMPLER', value: 'parentbased_traceidratio' },
        { name: 'OTEL_TRACES_SAMPLER_ARG', value: `${tracing.sampleRate}` },
      ]
    : []

const portOf = (endpoint: string): number => {
  const { port, protocol } = new URL(endpoint)
  return Number(port) || (protocol === 'https:' ? 443 : 80)
}

/** The collector may be anywhere, and its name has to be looked up. */
export const tracingEgress = ({ tracing }: ReconcileConfig) =>
  tracing
    ? [
        { ports: [{ port: portOf(tracing.endpoint), protocol: 'TCP' }] },
        { ports: ['UDP', 'TCP'].map((protocol) => ({ port: 53, protocol })) },
      ]
    : []
