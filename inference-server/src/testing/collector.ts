/** A small OTLP/HTTP receiver: keeps the spans that it is sent. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader'

type Value = Readonly<Partial<Record<'stringValue' | 'boolValue' | 'intValue' | 'doubleValue', unknown>>>
interface KeyValue {
  readonly key: string
  readonly value: Value
}
interface RawSpan {
  readonly traceId: Buffer
  readonly spanId: Buffer
  readonly parentSpanId: Buffer
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly KeyValue[]
  readonly status: { readonly code: number } | null
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] }
    readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[]
  }[]
}

export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  /** '' of a span without one. */
  readonly parentId: string
  readonly name: string
  /** 1 internal, 2 server. */
  readonly kind: number
  /** Milliseconds since 1970, and how long. */
  readonly startMs: number
  readonly durationMs: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  /** 2 error. */
  readonly status: number
}

export interface Collector extends AsyncDisposable {
  readonly url: string
  readonly spans: readonly ReceivedSpan[]
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  /** Resolves once what has come fulfils the condition. */
  readonly until: (condition: () => boolean) => Promise<void>
}

const { Export } = loadSync(join(import.meta.dirname, 'otlp.proto'), { longs: String, defaults: true })[
  'opentelemetry.TraceService'
] as ServiceDefinition & { readonly Export: MethodDefinition<object, object> }

const membersOf = (list: readonly KeyValue[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    list.map(({ key, value }) => {
      const { intValue, ...others } = value
      return [key, value.intValue === undefined ? Object.values(others)[0] : Number(intValue)]
    }),
  )

const spanOf = (raw: RawSpan, resource: readonly KeyValue[]): ReceivedSpan => ({
  traceId: raw.traceId.toString('hex'),
  spanId: raw.spanId.toString('hex'),
  parentId: raw.parentSpanId.toString('hex'),
  name: raw.name,
  kind: raw.kind,
  startMs: Number(raw.startTimeUnixNano) / 1e6,
  durationMs: Number(BigInt(raw.endTimeUnixNano) - BigInt(raw.startTimeUnixNano)) / 1e6,
  attributes: membersOf(raw.attributes),
  resource: membersOf(resource),
  status: raw.status?.code ?? 0,
})

/** @param answer status of each answer; 200 takes the spans, and what never comes keeps the sender waiting */
export const startCollector = async (
  answer: () => number | Promise<number> = () => 200,
): Promise<Collector> => {
  const spans: ReceivedSpan[] = []
  const requests: { path: string; headers: IncomingHttpHeaders }[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    requests.push({ path: request.url ?? '', headers: request.headers })
    for (const look of waiting) look()
    const status = await answer()
    if (status === 200) {
      const body = Buffer.concat(chunks)
      const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
      for (const { resource, scopeSpans } of (Export.requestDeserialize(bytes) as Export).resourceSpans)
        spans.push(
          ...scopeSpans.flatMap((scope) => scope.spans).map((raw) => spanOf(raw, resource.attributes)),
        )
    }
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end()
    for (const look of waiting) look()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    until: (condition) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!condition()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
