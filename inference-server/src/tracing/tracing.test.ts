/** The program in front of a real OTLP/HTTP receiver. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { credentials, loadPackageDefinition, Metadata, type ServiceClientConstructor } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { type Collector, type ReceivedSpan, startCollector } from '../testing/collector.ts'
import { identity, modelFolder } from '../testing/models.ts'
import { freePort, type Program, ready, start } from '../testing/program.ts'
import { clientOf, type TestClient } from '../testing/server.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parentId = 'b7ad6b7169203331'
const traceparent = `00-${traceId}-${parentId}-01`
const infer = '/v2/models/m/infer'
const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [2, 3], data: [1, 2, 3, 4, 5, 6] }] }

interface Traced extends TestClient, AsyncDisposable {
  readonly program: Program
  /** Drains, so that all spans have been sent. */
  readonly stop: () => Promise<void>
}

/** The program with a tiny model `m`, told by its environment where traces go. */
const traced = async (
  env: Readonly<Record<string, string>>,
  args: readonly string[] = ['--grpc-port', 'off'],
): Promise<Traced> => {
  const folder = await modelFolder(identity('FP32', ['batch', 3]))
  const program = start(['serve', '--model', folder.dir, '--name', 'm', '--port', '0', ...args], {
    ...process.env,
    ...env,
  })
  const url = `http://127.0.0.1:${await ready(program)}`
  return {
    program,
    ...clientOf(url),
    stop: async () => {
      program.process.kill('SIGINT')
      assert.equal(await program.ended, 0, program.output.stderr)
    },
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const endpointOf = ({ url }: Collector) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url })

const serverSpan = (spans: readonly ReceivedSpan[]): ReceivedSpan => {
  const [found, ...more] = spans.filter(({ kind }) => kind === 2)
  assert.ok(found)
  assert.deepEqual(more, [])
  return found
}

describe('traces', () => {
  test('a request is one span below its caller, with one for each stage, under the ids that its answer and its log line name', async () => {
    await using collector = await startCollector()
    const dir = await mkdtemp(join(tmpdir(), 'gantry-traces-'))
    const log = join(dir, 'requests.log')
    await using server = await traced(
      {
        ...endpointOf(collector),
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20secret',
        OTEL_SERVICE_NAME: 'shop-intents',
        OTEL_RESOURCE_ATTRIBUTES: 'k8s.namespace.name=shop',
      },
      ['--grpc-port', 'off', '--request-log', 'metadata', '--request-log-file', log],
    )
    // The thread takes a moment to load, which the last spans are not given.
    await server.post(infer, body)
    await collector.until(() => collector.spans.length === 5)
    const before = Date.now()
    const answer = await server.post(infer, body, { traceparent })
    assert.equal(answer.status, 200)
    await server.stop()

    const spans = collector.spans.slice(5)
    const whole = serverSpan(spans)
    assert.deepEqual([whole.traceId, whole.parentId], [traceId, parentId])
    assert.equal(answer.headers.get('traceparent'), `00-${traceId}-${whole.spanId}-01`)
    const lines = (await readFile(log, 'utf8')).trim().split('\n')
    const line = JSON.parse(String(lines[1])) as Readonly<Record<string, unknown>>
    assert.deepEqual([line['traceId'], line['spanId']], [traceId, whole.spanId])
    await rm(dir, { recursive: true })

    assert.equal(whole.name, 'POST /v2/models/{model}/infer')
    const { 'gantry.queue.ms': queueMs, 'gantry.infer.ms': inferMs, ...attributes } = whole.attributes
    assert.ok(Number(queueMs) >= 0 && Number(inferMs) > 0)
    assert.deepEqual(attributes, {
      'http.request.method': 'POST',
      'http.route': '/v2/models/{model}/infer',
      'http.response.status_code': 200,
      'gantry.model.name': 'm',
      'gantry.model.version': '1',
      'gantry.task': 'tensor',
      'gantry.batch.rows': 2,
    })
    assert.equal(whole.resource['service.name'], 'shop-intents')
    assert.equal(whole.resource['k8s.namespace.name'], 'shop')
    assert.ok(whole.startMs >= before - 1 && whole.startMs + whole.durationMs <= Date.now() + 1)

    const stages = spans.filter(({ kind }) => kind === 1)
    assert.deepEqual(
      stages.map(({ name }) => name),
      ['preprocess', 'queue', 'infer', 'postprocess'],
    )
    let from = whole.startMs
    for (const stage of stages) {
      assert.deepEqual([stage.traceId, stage.parentId], [traceId, whole.spanId])
      assert.ok(stage.startMs >= from - 0.01, `${stage.name} begins after what is before it`)
      from = stage.startMs + stage.durationMs
    }
    assert.ok(from <= whole.startMs + whole.durationMs + 0.01)
    assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, 5)
    const { path, headers } = collector.requests[0] ?? assert.fail('nothing was sent')
    assert.deepEqual([path, headers['authorization']], ['/v1/traces', 'Bearer secret'])
  })

  test('a request without a trace begins one; failures say their kind; spans do not wait for the end', async () => {
    await using collector = await startCollector()
    await using server = await traced({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/custom` })
    const answer = await server.post('/v2/models/other/infer', body)
    assert.equal(answer.status, 404)
    await collector.until(() => collector.spans.length === 1)
    const [whole] = collector.spans
    assert.equal(answer.headers.get('traceparent'), `00-${whole?.traceId}-${whole?.spanId}-01`)
    assert.equal(whole?.parentId, '')
    assert.equal(whole?.attributes['error.type'], 'unknown-model')
    assert.equal(whole?.attributes['http.response.status_code'], 404)
    assert.equal(whole?.status, 0)
    assert.equal(whole?.resource['service.name'], 'm')
    assert.equal(collector.requests[0]?.path, '/custom')
    let metrics = ''
    while (!/^gantry_trace_spans_total 1$/m.test(metrics))
      metrics = await (await server.get('/metrics')).text()
    assert.match(metrics, /^gantry_trace_spans_dropped_total 0$/m)
  })

  test('what the caller does not record is not sent, and passed on so', async () => {
    await using collector = await startCollector()
    await using server = await traced(endpointOf(collector))
    const answer = await server.post(infer, body, { traceparent: `00-${traceId}-${parentId}-00` })
    assert.match(String(answer.headers.get('traceparent')), /-00$/)
    await server.stop()
    assert.deepEqual(collector.spans, [])
  })

  test('OTEL_TRACES_SAMPLER decides', async () => {
    await using collector = await startCollector()
    await using server = await traced({ ...endpointOf(collector), OTEL_TRACES_SAMPLER: 'always_off' })
    const answer = await server.post(infer, body, { traceparent })
    assert.match(String(answer.headers.get('traceparent')), /-00$/)
    await server.stop()
    assert.deepEqual(collector.spans, [])
  })

  test('gRPC calls, with their status', async () => {
    await using collector = await startCollector()
    const port = await freePort()
    await using _server = await traced(endpointOf(collector), ['--grpc-port', String(port)])
    const file = fileURLToPath(new URL('../grpc/open_inference.proto', import.meta.url))
    const { inference } = loadPackageDefinition(loadSync(file, { keepCase: true })) as unknown as {
      readonly inference: { readonly GRPCInferenceService: ServiceClientConstructor }
    }
    const client = new inference.GRPCInferenceService(`127.0.0.1:${port}`, credentials.createInsecure())
    const ask = (modelName: string): Promise<string> =>
      new Promise((resolve) => {
        const metadata = new Metadata()
        metadata.set('traceparent', traceparent)
        const tensor = { name: 'x', datatype: 'FP32', shape: [1, 3], contents: { fp32_contents: [1, 2, 3] } }
        const request = { model_name: modelName, inputs: [tensor] }
        let answered = ''
        const call = client['ModelInfer']?.(request, metadata, () => resolve(answered))
        call.on('metadata', (head: Metadata) => {
          answered = String(head.get('traceparent')[0])
        })
      })
    const answered = await ask('m')
    await ask('other')
    client.close()
    await collector.until(() => collector.spans.length === 6)
    const [whole, refused] = collector.spans.filter(({ kind }) => kind === 2)
    assert.equal(whole?.name, 'inference.GRPCInferenceService/ModelInfer')
    assert.deepEqual([whole.traceId, whole.parentId], [traceId, parentId])
    assert.equal(answered, `00-${traceId}-${whole.spanId}-01`)
    assert.equal(whole.attributes['rpc.system.name'], 'grpc')
    assert.equal(whole.attributes['rpc.status_code'], 'OK')
    assert.equal(whole.attributes['gantry.batch.rows'], 1)
    assert.equal(collector.spans.filter(({ parentId: parent }) => parent === whole.spanId).length, 4)
    assert.equal(refused?.attributes['rpc.status_code'], 'NOT_FOUND')
    assert.equal(refused.attributes['error.type'], 'unknown-model')
  })

  test('a collector that refuses costs spans, not requests', async () => {
    await using collector = await startCollector(() => 400)
    await using server = await traced(endpointOf(collector))
    assert.equal((await server.post(infer, body)).status, 200)
    await collector.until(() => collector.requests.length === 1)
    await server.stop()
    const told = server.program.output.stderr
      .split('\n')
      .filter((line) => line.includes('traces do not reach the collector'))
    assert.equal(told.length, 1, server.program.output.stderr)
    assert.equal(JSON.parse(String(told[0])).droppedSpans, 5)
  })

  test('a collector that never answers does not hold up the end', async () => {
    const never = new Promise<number>(() => {})
    await using collector = await startCollector(() => never)
    await using server = await traced(endpointOf(collector))
    assert.equal((await server.post(infer, body)).status, 200)
    await collector.until(() => collector.requests.length === 1)
    await server.stop()
    assert.equal(collector.requests.length, 1)
  })
})

/** Writes the name of every module that is loaded. */
const spy = (file: string): string => `
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
registerHooks({
  load: (url, context, next) => {
    appendFileSync(${JSON.stringify(file)}, url + '\\n')
    return next(url, context)
  },
})
`

for (const [env, loaded] of [
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_TRACES_EXPORTER: 'none' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
] as const) {
  test(`with ${JSON.stringify(env)} ${loaded ? 'its modules are' : 'not one of its modules is'} loaded`, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'gantry-modules-'))
    const [hook, list] = [join(dir, 'hook.mjs'), join(dir, 'modules')]
    await writeFile(hook, spy(list))
    await using server = await traced({ ...env, NODE_OPTIONS: `--import=${hook}` })
    const answer = await server.post(infer, body)
    assert.equal(answer.headers.has('traceparent'), loaded)
    const modules = (await readFile(list, 'utf8')).split('\n')
    assert.ok(modules.some((url) => url.endsWith('/http/listener.ts')))
    const found = modules.filter((url) => /opentelemetry|\/tracing\//.test(url))
    assert.equal(found.length > 0, loaded, found.join('\n'))
    await rm(dir, { recursive: true })
  })
}
