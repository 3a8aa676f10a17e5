/** Body of the thread that makes spans and sends them: turning them into bytes takes as long as a tiny model does. */
import { parentPort, workerData } from 'node:worker_threads'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources'
import { type Span, spansOf, type TracedRequest } from './spans.ts'

/** Options from the server, at the start; OTEL_* variables come with the environment. */
export interface ExporterOptions {
  /** Name of the model, and what the service is called unless the environment says otherwise. */
  readonly name: string
  /** Version of the server. */
  readonly version: string
}

/** Message to the server: a batch arrived, or why it did not. */
export interface Exported {
  readonly spans: number
  readonly error?: string
}

/** ExportResultCode.SUCCESS. */
const arrived = 0

const exporting = ({
  name,
  version,
}: ExporterOptions): ((requests: readonly TracedRequest[]) => Promise<Exported>) => {
  const exporter = new OTLPTraceExporter()
  const origin = {
    model: name,
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': name, 'service.version': version }))
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    instrumentationScope: { name: 'gantry', version },
  }
  return (requests) =>
    new Promise((resolve) => {
      const spans: Span[] = requests.flatMap((request) => spansOf(request, origin))
      exporter.export(spans, ({ code, error }) =>
        resolve({
          spans: spans.length,
          ...(code !== arrived && { error: error?.message || 'the collector did not take them' }),
        }),
      )
    })
}

// Nothing happens where it is imported for another reason than to be a thread.
if (parentPort) {
  const port = parentPort
  const send = exporting(workerData as ExporterOptions)
  port.on('message', async (requests: readonly TracedRequest[]) => port.postMessage(await send(requests)))
}
