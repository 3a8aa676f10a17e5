import {
  anyHost,
  dnsEgress,
  type EgressRule,
  placeOf,
  portOf,
  tcp,
  toAddress,
  toNamespace,
} from '../../pods/egress.ts'
import { literal } from '../../pods/literal.ts'
import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment } from '../model-deployment.ts'

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

/**
 * Lets pods call the collector only, as far as a NetworkPolicy can express it: it has no host names. A Service of the cluster becomes its namespace,
 * on any port, since its pods may listen on another one; any other name becomes every address, on its port.
 */
export const tracingEgress = ({ tracing }: ReconcileConfig): readonly EgressRule[] => {
  if (!tracing) return []
  const url = new URL(tracing.endpoint)
  const place = placeOf(url)
  switch (place.kind) {
    case 'service':
      return [toNamespace(place.namespace), dnsEgress]
    case 'address':
      return [{ to: toAddress(url), ports: [tcp(portOf(url))] }]
    case 'name':
      return [
        { to: anyHost(true), ports: [tcp(portOf(url))] },
        ...(place.namespace === undefined ? [] : [toNamespace(place.namespace)]),
        dnsEgress,
      ]
  }
}
