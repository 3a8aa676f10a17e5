/** The server over real HTTP with real sessions on tiny models. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { inputFailed } from '../failures/errors.ts'
import { datatypes } from '../tensors/tensor.ts'
import { addition, identity, lookup, mlp, slow } from '../testing/models.ts'
import { type TestServer, testServer } from '../testing/server.ts'
import { until } from '../testing/until.ts'

const infer = '/v2/models/m/infer'
const x = (value: number, name = 'x') => ({ name, datatype: 'FP32', shape: [1, 1], data: [value] })
const json = { 'content-type': 'application/json' }
type Body = Readonly<Record<string, unknown>>
const bodyOf = async (response: Response): Promise<Body> => (await response.json()) as Body

describe('a served model', () => {
  let server: TestServer
  before(async () => {
    server = await testServer(addition(), ['--max-body-mib', '1'])
  })
  after(() => server[Symbol.asyncDispose]())

  const sum = {
    id: 'one',
    inputs: [
      { name: 'b', datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] },
      { name: 'a', datatype: 'FP32', shape: [1, 3], data: [10, 20, 30] },
    ],
  }
  const outputs = [
    { name: 'sum', datatype: 'FP32', shape: [1, 3], data: [11, 22, 33] },
    { name: 'difference', datatype: 'FP32', shape: [1, 3], data: [9, 18, 27] },
  ]

  test('answers with all its outputs, its name, its version and the id', async () => {
    const response = await server.post(infer, sum, json)
    assert.equal(response.status, 200)
    assert.deepEqual(await bodyOf(response), { model_name: 'm', model_version: '1', id: 'one', outputs })
  })

  test('says where the time went', async () => {
    const response = await server.post(infer, sum, json)
    assert.match(
      response.headers.get('server-timing') ?? '',
      /^preprocess;dur=[\d.]+, queue;dur=[\d.]+, infer;dur=[\d.]+, postprocess;dur=[\d.]+$/,
    )
    await response.arrayBuffer()
  })

  test('answers under its version, and with the outputs that are asked for', async () => {
    const response = await server.post('/v2/models/m/versions/1/infer?x=1', {
      ...sum,
      outputs: [{ name: 'sum' }],
    })
    assert.deepEqual((await bodyOf(response))['outputs'], [outputs[0]])
  })

  test('reads and writes binary tensors', async () => {
    const header = Buffer.from(
      JSON.stringify({
        inputs: ['a', 'b'].map((name) => ({
          name,
          datatype: 'FP32',
          shape: [1, 3],
          parameters: { binary_data_size: 12 },
        })),
        outputs: [{ name: 'sum', parameters: { binary_data: true } }, { name: 'difference' }],
      }),
    )
    const numbers = Buffer.from(Float32Array.of(10, 20, 30, 1, 2, 3).buffer)
    const response = await server.post(infer, Buffer.concat([header, numbers]), {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(header.length),
    })
    assert.equal(response.status, 200)
    const length = Number(response.headers.get('inference-header-content-length'))
    const body = Buffer.from(await response.arrayBuffer())
    assert.deepEqual(JSON.parse(body.subarray(0, length).toString()).outputs, [
      { name: 'sum', datatype: 'FP32', shape: [1, 3], parameters: { binary_data_size: 12 } },
      outputs[1],
    ])
    assert.deepEqual([...new Float32Array(Uint8Array.from(body.subarray(length)).buffer)], [11, 22, 33])
  })

  test('reads compressed bodies, and refuses what it cannot unpack or what unpacks beyond the limit', async () => {
    const packed = await server.post(infer, gzipSync(JSON.stringify(sum)), {
      ...json,
      'content-encoding': 'gzip',
    })
    assert.equal(packed.status, 200)
    assert.equal((await server.post(infer, 'no gzip', { ...json, 'content-encoding': 'gzip' })).status, 400)
    assert.equal((await server.post(infer, 'x', { ...json, 'content-encoding': 'br' })).status, 415)
    const bomb = gzipSync(Buffer.alloc(8 * 2 ** 20))
    assert.equal((await server.post(infer, bomb, { ...json, 'content-encoding': 'gzip' })).status, 413)
  })

  test('describes itself and its model, with what it really runs on', async () => {
    assert.deepEqual(await bodyOf(await server.get('/v2')), {
      name: 'gantry',
      version: '0.0.0-test',
      extensions: ['binary_tensor_data'],
    })
    const tensor = (name: string) => ({ name, datatype: 'FP32', shape: [-1, 3] })
    const { gantry, ...metadata } = await bodyOf(await server.get('/v2/models/m/versions/1'))
    assert.deepEqual(metadata, {
      name: 'm',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [tensor('a'), tensor('b')],
      outputs: [tensor('sum'), tensor('difference')],
    })
    const { version, device, ...rest } = gantry as { version: string; device: Body }
    assert.deepEqual(rest, { task: 'tensor', batching: { rows: 'independent', batched: true } })
    assert.equal(version, '1')
    assert.equal(device['requested'], 'auto')
    assert.equal(device['active'], 'cpu')
    assert.equal(typeof device['reason'], 'string')
  })

  test('is live and ready, as a server and as a model', async () => {
    for (const path of [
      '/v2/health/live',
      '/v2/health/ready',
      '/v2/models/m/ready',
      '/v2/models/m/versions/1/ready',
    ]) {
      assert.equal((await server.get(path)).status, 200, path)
    }
    assert.deepEqual(await bodyOf(await server.get('/v2/models')), { models: ['m'] })
  })

  test('counts what it did', async () => {
    await server.post(infer, sum, json)
    await server.post(infer, '{', json)
    const text = await (await server.get('/metrics')).text()
    for (const line of [
      /^gantry_requests_total\{endpoint="infer",outcome="answered"\} [1-9]/m,
      /^gantry_request_errors_total\{kind="malformed"\} [1-9]/m,
      /^gantry_request_duration_seconds_count [1-9]/m,
      /^gantry_batch_rows_bucket\{le="1"\} [1-9]/m,
      /^gantry_queue_length 0$/m,
      /^gantry_requests_in_flight 0$/m,
      /^gantry_model_info\{model="m",version="1",task="tensor",device="cpu",rows="independent",batched="true"\} 1$/m,
      /^process_resident_memory_bytes \d/m,
    ]) {
      assert.match(text, line)
    }
  })

  test('counts processor time from the start of the process, and no address space as heap', async () => {
    const { user, system } = process.cpuUsage()
    const text = await (await server.get('/metrics')).text()
    const [, seconds] = /^process_cpu_seconds_total (\S+)$/m.exec(text) ?? []
    assert.ok(Number(seconds) >= (user + system) / 1e6, seconds)
    assert.doesNotMatch(text, /process_heap_bytes/)
  })

  test('takes no notice of a slash at the end', async () => {
    assert.deepEqual((await bodyOf(await server.post(`${infer}/?x=1`, sum)))['outputs'], outputs)
    for (const path of ['/v2/health/live/', '/v2/health/ready/', '/v2/models/m/', '/metrics/'])
      assert.equal((await server.get(path)).status, 200, path)
  })

  const refusals: readonly {
    readonly title: string
    readonly path?: string
    readonly method?: string
    readonly body?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly status: number
    readonly error: RegExp
    readonly field?: string
  }[] = [
    { title: 'malformed JSON', body: '{"inputs":', status: 400, error: /not JSON/ },
    { title: 'no body', body: '', status: 400, error: /not JSON/ },
    {
      title: 'another model',
      path: '/v2/models/q/infer',
      body: '{}',
      status: 404,
      error: /no model "q" here; this server has "m"/,
    },
    {
      title: 'another version',
      path: '/v2/models/m/versions/9/infer',
      body: '{}',
      status: 404,
      error: /no version "9"/,
    },
    {
      title: 'metadata of another model',
      path: '/v2/models/q',
      method: 'GET',
      status: 404,
      error: /no model "q"/,
    },
    {
      title: 'a call of Triton that is not here',
      path: '/v2/models/m/config',
      body: '{}',
      status: 404,
      error: /nothing at \/v2\/models\/m\/config; GET \/openapi\.json lists what there is/,
    },
    { title: 'an unknown address', path: '/nothing', body: '{}', status: 404, error: /nothing at \/nothing/ },
    {
      title: 'an address that does not decode',
      path: '/v2/models/%zz/infer',
      body: '{}',
      status: 400,
      error: /does not decode/,
    },
    { title: 'GET on infer', method: 'GET', status: 405, error: /GET is not allowed here; use POST/ },
    { title: 'DELETE of a model', path: '/v2/models/m', method: 'DELETE', status: 405, error: /use GET/ },
    {
      title: 'a body beyond the limit',
      body: 'x'.repeat(2 ** 20 + 1),
      status: 413,
      error: /limit of 1048576 bytes/,
    },
    {
      title: 'a picture',
      body: 'x',
      headers: { 'content-type': 'image/png' },
      status: 415,
      error: /image\/png is not known here/,
    },
    {
      title: 'a wrong name',
      body: '{"inputs":[{"name":"c","datatype":"FP32","shape":[1],"data":[1]}]}',
      status: 422,
      error: /no input "c"/,
      field: 'c',
    },
    {
      title: 'a missing input',
      body: '{"inputs":[{"name":"a","datatype":"FP32","shape":[1,3],"data":[1,2,3]}]}',
      status: 422,
      error: /"b" is missing/,
      field: 'b',
    },
    {
      title: 'inputs whose rows differ',
      body: JSON.stringify({
        inputs: [
          { name: 'a', datatype: 'FP32', shape: [2, 3], data: [1, 2, 3, 4, 5, 6] },
          { name: 'b', datatype: 'FP32', shape: [3, 3], data: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
        ],
      }),
      status: 422,
      error: /axis 0 of input "b" is 3 long, but that of input "a" is 2; the model calls both "batch"/,
      field: 'b',
    },
    {
      title: 'a header length that is no number',
      body: '{}',
      headers: { ...json, 'inference-header-content-length': '-1' },
      status: 400,
      error: /number of bytes/,
    },
    {
      title: 'texts for a model of tensors',
      path: '/predict',
      body: '{"text":"a"}',
      status: 404,
      error:
        /^\/predict belongs to models with a task, and model "m" has none; send tensors to \/v2\/models\/m\/infer/,
    },
  ]
  for (const {
    title,
    path = infer,
    method = 'POST',
    body,
    headers = json,
    status,
    error,
    field,
  } of refusals) {
    test(`answers ${status} to ${title}`, async () => {
      const response = await fetch(server.url + path, {
        method,
        headers,
        ...(body !== undefined && { body }),
      })
      assert.equal(response.status, status)
      const answer = await bodyOf(response)
      assert.match(String(answer['error']), error)
      if (field !== undefined) assert.equal(answer['field'], field)
    })
  }

  test('answers 413 to a body that announces no length, and closes the connection', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    })
    const response = await fetch(server.url + infer, {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: json,
    })
    assert.equal(response.status, 413)
    assert.equal(response.headers.get('connection'), 'close')
  })

  test('answers 400 to what is not HTTP', async () => {
    const socket = connect(server.serving.port, '127.0.0.1')
    socket.write('nonsense\r\n\r\n')
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    assert.match(answer, /^HTTP\/1\.1 400 .*"error"/s)
  })
})

test('logs the cause of a failure, and tells the caller where to look without quoting it', async () => {
  await using server = await testServer(lookup())
  const beyond = { inputs: [{ name: 'index', datatype: 'INT64', shape: [1], data: [9] }] }
  const inChinese = await server.post(infer, beyond, { ...json, 'accept-language': 'zh-CN,zh;q=0.9' })
  assert.equal(inChinese.status, 500)
  assert.deepEqual(await bodyOf(inChinese), { error: '模型推理失败,请稍后重试' })
  assert.deepEqual(await bodyOf(await server.post(infer, beyond)), { error: inputFailed })
  const { level, fields } =
    server.lines.findLast(({ message }) => message === 'request failed') ?? assert.fail('no line')
  assert.equal(level, 'error')
  assert.match(String(fields['cause']), /out of data bounds/)
})

test('64-bit integers beyond 2^53 pass through JSON without loss', async () => {
  await using server = await testServer(identity('INT64'))
  const data = '[-9223372036854775808,9007199254740993,9223372036854775807]'
  const response = await server.post(
    infer,
    `{"inputs":[{"name":"x","datatype":"INT64","shape":[1,3],"data":${data}}]}`,
  )
  assert.ok((await response.text()).includes(`"data":${data}`))
})

test('every datatype passes through JSON and comes back the same in binary', async () => {
  for (const datatype of datatypes) {
    await using server = await testServer(identity(datatype))
    const data = datatype === 'BYTES' ? ['a', 'é'] : datatype === 'BOOL' ? [true, false] : [0, 1]
    const request = { inputs: [{ name: 'x', datatype, shape: [1, 2], data }] }
    const { outputs } = (await bodyOf(await server.post(infer, request))) as { outputs: Body[] }
    assert.deepEqual(outputs, [{ name: 'y', datatype, shape: [1, 2], data }])
    const binary = await server.post(infer, { ...request, parameters: { binary_data_output: true } })
    const length = Number(binary.headers.get('inference-header-content-length'))
    const body = Buffer.from(await binary.arrayBuffer())
    const [output] = JSON.parse(body.subarray(0, length).toString()).outputs
    const header = Buffer.from(
      JSON.stringify({ inputs: [{ name: 'x', datatype, shape: [1, 2], parameters: output.parameters }] }),
    )
    const back = await server.post(infer, Buffer.concat([header, body.subarray(length)]), {
      'inference-header-content-length': String(header.length),
    })
    assert.deepEqual(((await bodyOf(back)) as { outputs: Body[] }).outputs, outputs)
  }
})

test('callers share batches, and each gets the answer of running alone', async () => {
  await using server = await testServer(mlp())
  const request = (seed: number) => ({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 4], data: [seed, seed / 2, 1 - seed, 0.25] }],
  })
  const numbers = async (seed: number): Promise<number[]> => {
    const { outputs } = (await bodyOf(await server.post(infer, request(seed)))) as {
      outputs: { data: number[] }[]
    }
    return outputs[0]?.data ?? []
  }
  const seeds = Array.from({ length: 64 }, (_, index) => index / 32)
  const apart: number[][] = []
  for (const seed of seeds) apart.push(await numbers(seed))
  const together = await Promise.all(seeds.map(numbers))
  for (const [index, row] of together.entries()) {
    for (const [column, value] of row.entries()) {
      assert.ok(Math.abs(value - (apart[index]?.[column] ?? Number.NaN)) < 1e-5, `caller ${index}`)
    }
  }
  const metrics = await (await server.get('/metrics')).text()
  const batches = Number(/^gantry_batch_rows_count (\d+)/m.exec(metrics)?.[1])
  assert.ok(batches < 128, `${batches} batches for 128 requests`)
})

test('probes answer while the model runs; the queue is bounded; deadlines hold', async () => {
  await using server = await testServer(slow(750), ['--max-queue', '1', '--timeout-seconds', '0.5'])
  const ask = () => server.post(infer, { inputs: [x(1)] })
  // The first one runs far longer than its deadline, the second one waits for its own, a third one finds the queue full.
  const first = ask()
  await until(() => server.serving.longestRunMs() > 0)
  const second = ask()
  await until(() => server.serving.queueLength() > 0)
  const third = await ask()
  assert.equal(third.status, 429)
  assert.equal(third.headers.get('retry-after'), '1')
  assert.equal((await server.get('/v2/health/live')).status, 200)
  assert.equal((await server.get('/v2/health/ready')).status, 200)
  assert.deepEqual([(await first).status, (await second).status], [504, 504])
})

test('a run that does not come back fails liveness', async () => {
  await using server = await testServer(slow(30), ['--timeout-seconds', '0.01'])
  const asked = server.post(infer, { inputs: [x(1)] })
  await until(() => server.serving.longestRunMs() > 20)
  const live = await server.get('/v2/health/live')
  assert.equal(live.status, 503)
  assert.match(String((await bodyOf(live))['error']), /has not come back/)
  assert.equal((await asked).status, 504)
})

test('a request that waits when the server is told to stop is answered with Connection: close', async () => {
  const server = await testServer(slow(30))
  const answered = server.post(infer, { inputs: [x(1)] })
  await until(() => server.serving.longestRunMs() > 0)
  const stopped = server.serving.stop(0)
  const answer = await answered
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('connection'), 'close')
  await answer.text()
  await stopped
  await server[Symbol.asyncDispose]()
})

test('a caller who leaves is not computed', async () => {
  await using server = await testServer(slow(30), ['--max-rows', '1'])
  const first = server.post(infer, { inputs: [x(1)] })
  await until(() => server.serving.longestRunMs() > 0)
  const leaving = new AbortController()
  const left = fetch(server.url + infer, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ inputs: [x(2)] }),
    signal: leaving.signal,
  })
  await until(() => server.serving.queueLength() > 0)
  leaving.abort()
  await assert.rejects(left)
  assert.equal((await first).status, 200)
  await until(() => server.serving.queueLength() === 0)
  const metrics = await (await server.get('/metrics')).text()
  assert.match(metrics, /^gantry_request_errors_total\{kind="cancelled"\} 1$/m)
  assert.match(metrics, /^gantry_batch_rows_count 1$/m)
})
