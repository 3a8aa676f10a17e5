/** The request log of a real server, read back as its owner would. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { call, inference } from '../testing/grpc.ts'
import { folderServer, type TestServer } from '../testing/server.ts'

const folder = fileURLToPath(new URL('../../../examples/customer-service/model', import.meta.url))
const key = 'R6UornWWrO6Y-fgvtMXybmffc0EkKXQRHgk1SaAnK3o='
const question = '我的订单到哪里了'
const traceId = '0af7651916cd43dd8448eb211c80319c'
const traced = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }

type Line = Readonly<Record<string, unknown>> & { readonly message: string }

const exampleServer = (args: readonly string[] = []): Promise<TestServer> =>
  folderServer(folder, ['--task', 'text-classification', ...args])

/** Serves, sends, and gives the lines that became of it. @param lines how many there will be */
const logged = async (
  args: readonly string[],
  lines: number,
  send: (server: TestServer) => Promise<unknown>,
): Promise<readonly Line[]> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-request-log-'))
  try {
    const file = join(dir, 'requests')
    await writeFile(file, '')
    const keys = await mkdtemp(join(dir, 'keys-'))
    await writeFile(join(keys, '2026-11'), `${key}\n`)
    {
      await using server = await exampleServer([
        ...['--request-log-file', file, '--request-log-keys', keys],
        ...args,
      ])
      await send(server)
      const written = async (): Promise<number> => {
        const text = await (await server.get('/metrics')).text()
        assert.match(text, /^gantry_request_log_dropped_total 0$/m)
        return Number(/^gantry_request_log_lines_total (\d+)/m.exec(text)?.[1])
      }
      while ((await written()) < lines) await turn()
    }
    const text = await readFile(file, 'utf8')
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
  } finally {
    await rm(dir, { recursive: true })
  }
}

const ask = (server: TestServer): Promise<Response> => server.post('/predict', { text: question }, traced)
const only = async (mode: string, ...args: string[]): Promise<Line> => {
  const [line, ...more] = await logged(['--request-log', mode, ...args], 1, ask)
  assert.equal(more.length, 0)
  return line ?? assert.fail('no line')
}

describe('a line of the request log', () => {
  test('says in mode metadata what was asked, when, how long it took, and nothing of the content', async () => {
    const line = await only('metadata')
    assert.equal(line['endpoint'], 'predict')
    assert.equal(line['model'], 'm')
    assert.equal(line['status'], 200)
    assert.equal(line['traceId'], traceId)
    assert.equal(line['parentId'], 'b7ad6b7169203331')
    assert.equal(line['requestBytes'], Buffer.byteLength(JSON.stringify({ text: question })))
    assert.match(String(line['timestamp']), /^\d{4}-\d\d-\d\dT/)
    assert.equal(typeof line['totalMs'], 'number')
    assert.equal('request' in line || 'response' in line, false)
    assert.doesNotMatch(JSON.stringify(line), new RegExp(question))
  })

  test('holds the keyed hash of the sensitive field in mode hashed, and the rest as it is', async () => {
    const line = await only('hashed', '--sensitive-fields', 'text')
    const hash = createHmac('sha256', key).update(question).digest('hex')
    assert.deepEqual(line['request'], { text: `hmac-sha256:${hash}` })
    assert.equal(line['keyId'], '2026-11')
    assert.equal(typeof (line['response'] as { label: string }).label, 'string')
  })

  test('holds a Fernet token of the sensitive field in mode encrypted', async () => {
    const line = await only('encrypted', '--sensitive-fields', 'text')
    assert.match((line['request'] as { text: string }).text, /^gAAAAA[\w-]{90,}={0,2}$/)
    assert.doesNotMatch(JSON.stringify(line), new RegExp(question))
  })

  test('hides everything where no field is named', async () => {
    const line = await only('hashed')
    assert.match(String(line['request']), /^hmac-sha256:[0-9a-f]{64}$/)
    assert.match(String(line['response']), /^hmac-sha256:[0-9a-f]{64}$/)
  })

  test('holds everything in mode full', async () => {
    const line = await only('full')
    assert.deepEqual(line['request'], { text: question })
  })

  test('tells why a request failed', async () => {
    const [line] = await logged(['--request-log', 'metadata'], 1, (server) => server.post('/predict', '{'))
    assert.equal(line?.['status'], 400)
    assert.equal(line?.['kind'], 'malformed')
  })

  test('is written for the share of traces that is asked for, by their ids', async () => {
    const send = async (server: TestServer): Promise<void> => {
      for (const id of ['f'.repeat(32), `${'f'.repeat(18)}${'1'.repeat(14)}`])
        await server.post('/predict', { text: id }, { traceparent: `00-${id}-b7ad6b7169203331-01` })
    }
    const lines = await logged(['--request-log', 'full', '--request-log-sample-rate', '0.5'], 1, send)
    assert.deepEqual(
      lines.map(({ traceId: found }) => found),
      [`${'f'.repeat(18)}${'1'.repeat(14)}`],
    )
  })
})

describe('the trace of a request', () => {
  test('comes back with the server as its next parent, also where nothing is logged', async () => {
    await using server = await exampleServer()
    const answered = (await ask(server)).headers.get('traceparent') ?? ''
    assert.match(answered, new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
    assert.notEqual(answered, traced.traceparent)
    const plain = await server.post('/predict', { text: question })
    assert.equal(plain.headers.get('traceparent'), null)
  })
})

test('GET /stats sums up what was asked', async () => {
  await using server = await exampleServer()
  await ask(server)
  await server.post('/predict', '{')
  const stats = (await (await server.get('/stats')).json()) as Readonly<Record<string, unknown>>
  assert.equal(stats['request_count'], 2)
  assert.equal(stats['error_rate'], 0.5)
  assert.deepEqual(stats['errors'], { malformed: 1 })
  assert.ok(Number(stats['avg_response_time']) > 0)
  assert.deepEqual(stats['units'], { avg_response_time: 'seconds', error_rate: 'share' })
})

test('over gRPC a line holds what was answered, though it leaves as bytes', async () => {
  const contents = { bytes_contents: [Buffer.from(question)] }
  const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1], contents }]
  const [line] = await logged(['--request-log', 'full'], 1, async (server) => {
    const client = inference(server)
    await call(client, 'ModelInfer', {
      model_name: 'm',
      inputs,
      outputs: [{ name: 'label' }, { name: 'score' }],
    })
    client.close()
  })
  const { request, response } = line as unknown as {
    readonly request: { readonly inputs: readonly [{ readonly data: unknown }] }
    readonly response: {
      readonly outputs: readonly [{ readonly name: string; readonly data: readonly unknown[] }]
    }
  }
  assert.deepEqual(request.inputs[0].data, [question])
  assert.deepEqual(
    response.outputs.map(({ name, data }) => [name, typeof data[0]]),
    [
      ['label', 'string'],
      ['score', 'number'],
    ],
  )
})

test('a copy that a gateway sent for comparison is marked, and counts as no request', async () => {
  const send = async (server: TestServer): Promise<void> => {
    await server.post('/predict', { text: question }, { ...traced, 'x-gantry-shadow': 'true' })
    await server.post('/predict', { text: '' }, { ...traced, 'x-gantry-shadow': 'true' })
    await ask(server)
    const text = await (await server.get('/metrics')).text()
    assert.match(text, /^gantry_requests_total\{[^}]*outcome="answered"\} 1$/m)
    assert.doesNotMatch(text, /^gantry_requests_total\{[^}]*outcome="failed"\} [1-9]/m)
    assert.match(text, /^gantry_shadow_copies_total\{outcome="answered"\} 1$/m)
    assert.match(text, /^gantry_shadow_copies_total\{outcome="failed"\} 1$/m)
  }
  const lines = await logged(['--request-log', 'metadata'], 3, send)
  assert.deepEqual(
    lines.map(({ shadow }) => shadow),
    [true, true, undefined],
  )
})
