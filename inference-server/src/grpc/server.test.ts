/** gRPC as an ordinary client sees it: real calls over TCP, real sessions. */
import assert from 'node:assert/strict'
import type { EventEmitter } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Client, Metadata, status } from '@grpc/grpc-js'
import { inputFailed } from '../failures/errors.ts'
import type { Datatype } from '../tensors/tensor.ts'
import { call, clientOf, inference, type Message, refusal } from '../testing/grpc.ts'
import { addition, identity, lookup } from '../testing/models.ts'
import { folderServer, type TestServer, testServer } from '../testing/server.ts'

describe('gRPC', () => {
  let server: TestServer
  let client: Client
  before(async () => {
    server = await testServer(addition(), ['--max-body-mib', '1'])
    client = inference(server)
  })
  after(async () => {
    client.close()
    await server[Symbol.asyncDispose]()
  })

  const tensor = (name: string, numbers: readonly number[]) => ({
    name,
    datatype: 'FP32',
    shape: [1, 3],
    contents: { fp32_contents: numbers },
  })
  const request = { model_name: 'm', id: '7', inputs: [tensor('b', [1, 2, 3]), tensor('a', [10, 20, 30])] }

  test('continues the trace of the caller', async () => {
    const metadata = new Metadata()
    metadata.set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
    const answered = await new Promise<Metadata>((resolve, reject) => {
      const methods = client as unknown as { ModelInfer: (...args: readonly unknown[]) => EventEmitter }
      const sent = methods.ModelInfer(request, metadata, (error: unknown) => error && reject(error))
      sent.on('metadata', resolve)
    })
    assert.match(
      String(answered.get('traceparent')[0]),
      /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/,
    )
  })

  test('says that it is live and ready, and what it serves', async () => {
    assert.deepEqual(await call(client, 'ServerLive'), { live: true })
    assert.deepEqual(await call(client, 'ServerReady'), { ready: true })
    assert.deepEqual(await call(client, 'ModelReady', { name: 'm' }), { ready: true })
    assert.deepEqual(await call(client, 'ModelReady', { name: 'nope' }), { ready: false })
    assert.deepEqual(await call(client, 'ModelReady', { name: 'm', version: '77' }), { ready: false })
    assert.deepEqual(await call(client, 'ServerMetadata'), {
      name: 'gantry',
      version: '0.0.0-test',
      extensions: ['binary_tensor_data'],
    })
    const { platform, inputs } = await call(client, 'ModelMetadata', { name: 'm', version: '1' })
    assert.equal(platform, 'onnx_onnxv1')
    assert.deepEqual(
      inputs,
      ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: ['-1', '3'] })),
    )
  })

  const raw = (...numbers: number[]) => Buffer.from(Float32Array.from(numbers).buffer)

  test('answers typed contents with raw contents, the only ones that every client reads', async () => {
    const answer = await call(client, 'ModelInfer', { ...request, outputs: [{ name: 'sum' }] })
    assert.deepEqual(answer, {
      model_name: 'm',
      model_version: '1',
      id: '7',
      outputs: [{ name: 'sum', datatype: 'FP32', shape: ['1', '3'] }],
      raw_output_contents: [raw(11, 22, 33)],
    })
  })

  test('answers raw contents with raw contents', async () => {
    const inputs = ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [1, 3] }))
    const answer = await call(client, 'ModelInfer', {
      model_name: 'm',
      inputs,
      raw_input_contents: [raw(10, 20, 30), raw(1, 2, 3)],
    })
    assert.deepEqual(answer['raw_output_contents'], [raw(11, 22, 33), raw(9, 18, 27)])
  })

  const refusals: readonly { title: string; change: Message; code: status; sentence: RegExp }[] = [
    { title: 'another model', change: { model_name: 'q' }, code: status.NOT_FOUND, sentence: /no model "q"/ },
    {
      title: 'another version',
      change: { model_version: '9' },
      code: status.NOT_FOUND,
      sentence: /no version "9"/,
    },
    { title: 'no inputs', change: { inputs: [] }, code: status.INVALID_ARGUMENT, sentence: /"a" is missing/ },
    {
      title: 'a wrong datatype',
      change: { inputs: [{ ...tensor('a', [1, 2, 3]), datatype: 'INT64' }, tensor('b', [1, 2, 3])] },
      code: status.INVALID_ARGUMENT,
      sentence: /"a" has datatype INT64/,
    },
    {
      title: 'a wrong shape',
      change: { inputs: [{ ...tensor('a', [1, 2, 3]), shape: [3] }, tensor('b', [1, 2, 3])] },
      code: status.INVALID_ARGUMENT,
      sentence: /"a" has shape \[3\]/,
    },
    {
      title: 'a negative length',
      change: { inputs: [{ ...tensor('a', [1, 2, 3]), shape: [-1, 3] }, tensor('b', [1, 2, 3])] },
      code: status.INVALID_ARGUMENT,
      sentence: /shape of input "a"/,
    },
    {
      title: 'too few elements',
      change: { inputs: [tensor('a', [1]), tensor('b', [1, 2, 3])] },
      code: status.INVALID_ARGUMENT,
      sentence: /"a" has 1 elements in fp32_contents/,
    },
    {
      title: 'too few raw contents',
      change: { raw_input_contents: [Buffer.alloc(12)] },
      code: status.INVALID_ARGUMENT,
      sentence: /2 inputs but 1 raw_input_contents/,
    },
    {
      title: 'an unknown output',
      change: { outputs: [{ name: 'q' }] },
      code: status.INVALID_ARGUMENT,
      sentence: /no output "q"/,
    },
    {
      title: 'a message beyond the limit',
      change: { id: 'x'.repeat(2 ** 20) },
      code: status.RESOURCE_EXHAUSTED,
      sentence: /larger than the limit of 1048576 bytes/,
    },
  ]
  for (const { title, change, code, sentence } of refusals) {
    test(`refuses ${title}`, async () => {
      const error = await refusal(call(client, 'ModelInfer', { ...request, ...change }))
      assert.equal(error.code, code)
      assert.match(error.details, sentence)
    })
  }

  test('says what is wrong in a sentence that clients take, however long the name in it', async () => {
    const error = await refusal(call(client, 'ModelInfer', { ...request, model_name: '模'.repeat(100_000) }))
    assert.equal(error.code, status.NOT_FOUND)
    assert.match(error.details, /^there is no model "模+…$/)
  })

  test('answers the health service, once and as a stream', async () => {
    const health = clientOf('health.proto', ['grpc', 'health', 'v1', 'Health'], server.serving.grpcPort)
    assert.deepEqual(await call(health, 'Check'), { status: 'SERVING' })
    assert.equal((await refusal(call(health, 'Check', { service: 'q' }))).code, status.NOT_FOUND)
    const watch = (
      health as unknown as { Watch: (request: Message) => AsyncIterable<Message> & { cancel: () => void } }
    ).Watch({})
    for await (const answer of watch) {
      assert.deepEqual(answer, { status: 'SERVING' })
      break
    }
    health.close()
  })

  test('counts its requests', async () => {
    await call(client, 'ModelInfer', request)
    assert.match(
      await (await server.get('/metrics')).text(),
      /^gantry_requests_total\{endpoint="grpc",outcome="answered"\} [1-9]/m,
    )
  })
})

const texts = Buffer.from([0, 0, 0, 0, 6, 0, 0, 0, ...Buffer.from('你好')])
const typed: readonly (readonly [Datatype, string, readonly unknown[], ArrayBufferView])[] = [
  ['BOOL', 'bool_contents', [true, false], Uint8Array.of(1, 0)],
  ['INT8', 'int_contents', [-128, 127], Int8Array.of(-128, 127)],
  ['INT16', 'int_contents', [-32_768, 32_767], Int16Array.of(-32_768, 32_767)],
  ['INT32', 'int_contents', [-2_147_483_648, 7], Int32Array.of(-2_147_483_648, 7)],
  ['INT64', 'int64_contents', ['-9223372036854775808', '7'], BigInt64Array.of(-(2n ** 63n), 7n)],
  ['UINT8', 'uint_contents', [0, 255], Uint8Array.of(0, 255)],
  ['UINT16', 'uint_contents', [0, 65_535], Uint16Array.of(0, 65_535)],
  ['UINT32', 'uint_contents', [0, 4_294_967_295], Uint32Array.of(0, 4_294_967_295)],
  ['UINT64', 'uint64_contents', ['0', '18446744073709551615'], BigUint64Array.of(0n, 2n ** 64n - 1n)],
  ['FP32', 'fp32_contents', [0.5, Number.POSITIVE_INFINITY], Float32Array.of(0.5, Number.POSITIVE_INFINITY)],
  ['FP64', 'fp64_contents', [0.1, Number.NaN], Float64Array.of(0.1, Number.NaN)],
  ['BYTES', 'bytes_contents', [Buffer.from(''), Buffer.from('你好')], texts],
]
for (const [datatype, member, values, bytes] of typed) {
  test(`${datatype} passes through ${member} unchanged`, async () => {
    await using server = await testServer(identity(datatype))
    const client = inference(server)
    const inputs = [{ name: 'x', datatype, shape: [1, 2], contents: { [member]: values } }]
    const { outputs, raw_output_contents } = await call(client, 'ModelInfer', { model_name: 'm', inputs })
    assert.deepEqual(outputs, [{ name: 'y', datatype, shape: ['1', '2'] }])
    assert.deepEqual(raw_output_contents, [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)])
    client.close()
  })
}

test('a model without inputs is answered in raw contents, too', async () => {
  await using server = await testServer({
    inputs: [],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [2] }],
    constants: [{ name: 'c', shape: [2], data: Float32Array.of(1, 2) }],
    nodes: [{ op: 'Neg', inputs: ['c'], outputs: ['y'] }],
  })
  const client = inference(server)
  const answer = await call(client, 'ModelInfer', { model_name: 'm' })
  assert.deepEqual(answer['outputs'], [{ name: 'y', datatype: 'FP32', shape: ['2'] }])
  assert.deepEqual(answer['raw_output_contents'], [Buffer.from(Float32Array.of(-1, -2).buffer)])
  client.close()
})

test('FP16 passes through raw contents, which alone can carry it', async () => {
  await using server = await testServer(identity('FP16'))
  const client = inference(server)
  const raw = Buffer.from(Uint16Array.of(0x3c00, 0xc000).buffer)
  const inputs = [{ name: 'x', datatype: 'FP16', shape: [1, 2] }]
  const answer = await call(client, 'ModelInfer', { model_name: 'm', inputs, raw_input_contents: [raw] })
  assert.deepEqual(answer['raw_output_contents'], [raw])
  const error = await refusal(
    call(client, 'ModelInfer', { model_name: 'm', inputs: [{ ...inputs[0], contents: {} }] }),
  )
  assert.match(error.details, /FP16, which only raw_input_contents can carry/)
  client.close()
})

test('a task takes its items and parameters, and names the one that is wrong', async () => {
  const folder = fileURLToPath(new URL('../../golden/models/question-answering', import.meta.url))
  await using server = await folderServer(folder, ['--task', 'question-answering'])
  const client = inference(server)
  const input = (name: string, content: string) => ({
    name,
    datatype: 'BYTES',
    shape: [1],
    contents: { bytes_contents: [Buffer.from(content)] },
  })
  const inputs = [input('question', 'Where does Greta live?'), input('context', 'Greta lives in Oslo.')]
  const ask = (parameters: Message) => call(client, 'ModelInfer', { model_name: 'm', inputs, parameters })
  const answersTo = async (parameters: Message): Promise<number> => {
    const { outputs, raw_output_contents } = (await ask(parameters)) as {
      outputs: { name: string }[]
      raw_output_contents: Buffer[]
    }
    const place = outputs.findIndex(({ name }) => name === 'answers')
    return JSON.parse(String(raw_output_contents[place]?.subarray(4))).length
  }
  assert.equal(await answersTo({}), 1)
  assert.equal(await answersTo({ top_k: { int64_param: 3 }, align_to_words: { bool_param: false } }), 3)
  const error = await refusal(ask({ top_k: { string_param: 'many' } }))
  assert.deepEqual(
    [error.code, error.details],
    [status.INVALID_ARGUMENT, 'top_k has to be a whole number from 1 to 100'],
  )
  client.close()
})

test('a sequence is refused, and no sequence is not', async () => {
  await using server = await testServer(identity('FP32', ['batch', 1]))
  const client = inference(server)
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 1], contents: { fp32_contents: [1] } }]
  const ask = (parameters: Message): Promise<Message> =>
    call(client, 'ModelInfer', { model_name: 'm', inputs, parameters })
  const error = await refusal(ask({ sequence_id: { string_param: 'one' } }))
  assert.equal(error.code, status.INVALID_ARGUMENT)
  assert.match(error.details, /sequence_id: sequences are not supported/)
  await ask({ sequence_start: { bool_param: false }, sequence_end: { bool_param: false } })
  client.close()
})

test('a failed run is INTERNAL, with its cause in the log only', async () => {
  await using server = await testServer(lookup())
  const client = inference(server)
  const inputs = [{ name: 'index', datatype: 'INT64', shape: [1], contents: { int64_contents: ['9'] } }]
  const error = await refusal(call(client, 'ModelInfer', { model_name: 'm', inputs }))
  assert.equal(error.code, status.INTERNAL)
  assert.equal(error.details, inputFailed)
  assert.match(
    String(server.lines.find(({ message }) => message === 'request failed')?.fields['cause']),
    /out of data bounds/,
  )
  client.close()
})

test('a server with API keys asks for one before it infers, and describes itself without; its log speaks as over REST', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-grpc-'))
  const keys = join(dir, 'keys')
  const log = join(dir, 'requests')
  await mkdir(keys)
  await writeFile(join(keys, 'shop'), 'shop-0123456789abcdef')
  const args = ['--api-keys', keys, '--request-log', 'full', '--request-log-file', log]
  {
    await using server = await testServer(addition(), args)
    const client = inference(server)
    const tensor = (name: string) => ({
      ...{ name, datatype: 'FP32', shape: [1, 3], contents: { fp32_contents: [1, 2, 3] } },
    })
    const request = { model_name: 'm', inputs: [tensor('a'), tensor('b')] }
    const refused = await refusal(call(client, 'ModelInfer', request))
    assert.equal(refused.code, status.UNAUTHENTICATED)
    assert.match(refused.details, /Authorization: Bearer KEY/)
    const metadata = new Metadata()
    metadata.set('authorization', 'Bearer shop-0123456789abcdef')
    await new Promise((resolve, reject) => {
      const methods = client as unknown as { ModelInfer: (...args: readonly unknown[]) => void }
      methods.ModelInfer(request, metadata, (error: unknown, answer: unknown) =>
        error ? reject(error) : resolve(answer),
      )
    })
    assert.equal((await call(client, 'ModelMetadata', { name: 'm' }))['name'], 'm')
    assert.deepEqual(await call(client, 'ServerReady'), { ready: true })
    const lines = async (): Promise<string> => (await server.get('/metrics')).text()
    while (!/^gantry_request_log_lines_total 2$/m.test(await lines())) {
      assert.match(await lines(), /^gantry_request_log_dropped_total 0$/m)
      await turn()
    }
    client.close()
  }
  const [first, second] = (await readFile(log, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual([first.status, first.kind, first.caller], [401, 'unauthenticated', undefined])
  assert.deepEqual([second.status, second.endpoint, second.caller], [200, 'grpc', 'shop'])
  assert.deepEqual(second.request.inputs[0], {
    name: 'a',
    datatype: 'FP32',
    shape: ['1', '3'],
    data: [1, 2, 3],
  })
  assert.deepEqual(second.response.outputs[0].data, [2, 4, 6])
  await rm(dir, { recursive: true })
})
