/** ModelStreamInfer: many requests in one stream, answered as each is done. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Client, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { inputFailed } from '../failures/errors.ts'
import { call, headers, inference, type Message } from '../testing/grpc.ts'
import { encodeInfer, endingOf, frame, methodPath, openCall, openSession } from '../testing/grpc-frames.ts'
import { lookup, modelRepository, shifted, slow } from '../testing/models.ts'
import { folderServer, repositoryServer, type TestServer, testServer } from '../testing/server.ts'
import { until } from '../testing/until.ts'

interface Answer {
  readonly error_message?: string
  readonly infer_response: {
    readonly id: string
    readonly model_version: string
    readonly parameters: { readonly triton_final_response: { readonly bool_param: boolean } }
    readonly outputs?: readonly { readonly name: string }[]
    readonly raw_output_contents?: readonly Buffer[]
  }
}

interface Stream {
  readonly write: (request: Message) => boolean
  readonly end: () => void
  readonly cancel: () => void
  readonly on: (event: string, listener: (value: never) => void) => unknown
}

const open = (client: Client, metadata = new Metadata()): Stream =>
  (client as unknown as { ModelStreamInfer: (metadata: Metadata) => Stream }).ModelStreamInfer(metadata)

/** Answers as they come, and how the stream ended. */
const listen = (stream: Stream) => {
  const answers: Answer[] = []
  const ended = Promise.withResolvers<ServiceError | undefined>()
  stream.on('data', (answer) => void answers.push(answer))
  stream.on('end', () => ended.resolve(undefined))
  stream.on('error', (error) => ended.resolve(error))
  return { answers, ended: ended.promise }
}

const converse = async (server: TestServer, requests: readonly Message[]): Promise<readonly Answer[]> => {
  const client = inference(server)
  const stream = open(client)
  const { answers, ended } = listen(stream)
  for (const request of requests) stream.write(request)
  stream.end()
  assert.equal(await ended, undefined)
  client.close()
  return answers
}

const x = (id: number, value: number, more: Message = {}): Message => ({
  model_name: 'm',
  id: String(id),
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], contents: { fp32_contents: [value] } }],
  ...more,
})
const numberOf = ({ infer_response: { raw_output_contents: raw } }: Answer): unknown =>
  raw?.[0]?.readFloatLE()
const byId = (answers: readonly Answer[]): readonly Answer[] =>
  answers.toSorted((a, b) => Number(a.infer_response.id) - Number(b.infer_response.id))

test('every request is answered under its id, more of them than are taken at a time', async () => {
  await using server = await testServer(shifted(1))
  const answers = byId(
    await converse(
      server,
      Array.from({ length: 300 }, (_, index) => x(index, index * 10)),
    ),
  )
  assert.equal(answers.length, 300)
  for (const [index, answer] of answers.entries()) {
    assert.equal(answer.infer_response.id, String(index))
    assert.equal(numberOf(answer), index * 10 + 1)
    assert.equal(answer.infer_response.parameters.triton_final_response.bool_param, true)
    assert.ok(!answer.error_message)
  }
  const metrics = await (await server.get('/metrics')).text()
  assert.match(metrics, /^gantry_requests_total\{endpoint="grpc",outcome="answered"\} 300$/m)
})

test('an error is a message of its own and ends nothing', async () => {
  await using server = await testServer(shifted(1))
  const answers = byId(
    await converse(server, [
      x(1, 1),
      x(2, 2, { model_name: 'q' }),
      x(3, 3, { inputs: [] }),
      x(4, 4, { parameters: { stream: { string_param: 'yes' } } }),
      x(5, 5),
    ]),
  )
  assert.deepEqual(answers.map(numberOf), [2, undefined, undefined, undefined, 6])
  const sentences = answers.map(({ error_message = '' }) => error_message)
  assert.match(sentences[1] ?? '', /no model "q"/)
  assert.match(sentences[2] ?? '', /"x" is missing/)
  assert.match(sentences[3] ?? '', /stream has to be true or false/)
  assert.deepEqual([sentences[0], sentences[4]], ['', ''])
})

test('a run that fails is a message too, with its cause in the log only', async () => {
  await using server = await testServer(lookup())
  const index = (id: number, value: string): Message => ({
    model_name: 'm',
    id: String(id),
    inputs: [{ name: 'index', datatype: 'INT64', shape: [1], contents: { int64_contents: [value] } }],
  })
  const answers = byId(await converse(server, [index(1, '9'), index(2, '2')]))
  assert.equal(answers[0]?.error_message, inputFailed)
  assert.equal(numberOf(answers[1] as Answer), 30)
})

test('quick answers do not wait for slow ones before them', async () => {
  await using folder = await modelRepository({ 1: shifted(1), 2: slow(40) })
  await using server = await repositoryServer(folder.dir, ['--versions', 'all'])
  const answers = await converse(server, [x(1, 1, { model_version: '2' }), x(2, 2, { model_version: '1' })])
  assert.deepEqual(
    answers.map(({ infer_response: { id, model_version } }) => [id, model_version]),
    [
      ['2', '1'],
      ['1', '2'],
    ],
  )
})

test('a caller that leaves is not computed for any more', async () => {
  await using server = await testServer(slow(2), ['--max-rows', '1'])
  const client = inference(server)
  const stream = open(client)
  const { ended } = listen(stream)
  for (let id = 0; id < 20; id++) stream.write(x(id, id))
  await until(() => server.serving.queueLength() > 0)
  stream.cancel()
  assert.equal((await ended)?.code, status.CANCELLED)
  await until(() => server.serving.queueLength() === 0)
  const failed = /^gantry_request_errors_total\{kind="cancelled"\} (\d+)$/m
  assert.ok(Number(failed.exec(await (await server.get('/metrics')).text())?.[1]) > 0)
  client.close()
})

test('no more than a bounded number of requests of a stream is in the server', async () => {
  await using server = await testServer(slow(1), ['--max-rows', '1', '--max-queue', '1000'])
  const client = inference(server)
  const stream = open(client)
  const { answers, ended } = listen(stream)
  for (let id = 0; id < 120; id++) stream.write(x(id, id))
  stream.end()
  let most = 0
  await until(() => {
    most = Math.max(most, server.serving.queueLength())
    return answers.length === 120
  })
  assert.equal(await ended, undefined)
  assert.ok(most > 16 && most <= 64, `${most} waited`)
  assert.ok(answers.every(({ error_message }) => !error_message))
  client.close()
})

test('a message beyond the limit ends the stream, and nothing else', async () => {
  await using server = await testServer(shifted(1), ['--max-body-mib', '1'])
  const client = inference(server)
  const stream = open(client)
  const { ended } = listen(stream)
  stream.write({ ...x(1, 1), id: 'x'.repeat(2 ** 20) })
  assert.equal((await ended)?.code, status.RESOURCE_EXHAUSTED)
  assert.deepEqual((await converse(server, [x(1, 1)])).map(numberOf), [2])
  client.close()
})

test('a server that shuts down answers what it has read, and says that it goes', async () => {
  const server = await testServer(slow(4), ['--max-rows', '1'])
  const client = inference(server)
  const stream = open(client)
  const { answers, ended } = listen(stream)
  for (let id = 0; id < 5; id++) stream.write(x(id, id))
  await until(() => server.serving.queueLength() === 4)
  await server[Symbol.asyncDispose]()
  assert.equal((await ended)?.code, status.UNAVAILABLE)
  assert.equal(answers.length, 5)
  assert.ok(answers.every(({ error_message }) => !error_message))
  client.close()
})

test('a stream without a key is refused where keys are asked for', async () => {
  const keys = await mkdtemp(join(tmpdir(), 'gantry-keys-'))
  await writeFile(join(keys, 'shop'), 'shop-0123456789abcdef')
  await using server = await testServer(shifted(1), ['--api-keys', keys])
  const client = inference(server)
  assert.equal((await listen(open(client)).ended)?.code, status.UNAUTHENTICATED)
  const stream = open(client, headers({ 'x-api-key': 'shop-0123456789abcdef' }))
  const { answers, ended } = listen(stream)
  stream.write(x(1, 1))
  stream.end()
  assert.equal(await ended, undefined)
  assert.deepEqual(answers.map(numberOf), [2])
  client.close()
  await rm(keys, { recursive: true })
})

const writer = (): Promise<TestServer> =>
  folderServer(fileURLToPath(new URL('../../golden/models/text-generation-gpt2', import.meta.url)), [
    ...['--task', 'text-generation'],
  ])
const prompt = (id: number, parameters: Message, texts: readonly string[] = ['the cat']): Message => ({
  model_name: 'm',
  id: String(id),
  parameters: { max_new_tokens: { int64_param: 8 }, ...parameters },
  inputs: [
    {
      name: 'text',
      datatype: 'BYTES',
      shape: [texts.length],
      contents: { bytes_contents: texts.map((text) => Buffer.from(text)) },
    },
  ],
})
const streamed = { stream: { bool_param: true } }
const textOf = ({ infer_response: { raw_output_contents: raw } }: Answer): string =>
  String(raw?.[0]?.subarray(4))

test('a text comes in pieces that make up the whole one, the last marked as such', async () => {
  await using server = await writer()
  for (const parameters of [{}, { return_full_text: { bool_param: false } }]) {
    const [whole] = await converse(server, [prompt(1, parameters)])
    const pieces = await converse(server, [prompt(1, { ...parameters, ...streamed })])
    assert.ok(pieces.length > 3, `${pieces.length} pieces`)
    assert.equal(pieces.map(textOf).join(''), textOf(whole as Answer))
    assert.deepEqual(
      pieces.map(({ infer_response: { parameters } }) => parameters.triton_final_response.bool_param),
      pieces.map((_, index) => index === pieces.length - 1),
    )
    assert.ok(
      pieces.every(
        ({ infer_response: { id, outputs } }) => id === '1' && outputs?.[0]?.name === 'generated_text',
      ),
    )
  }
})

test('texts of one stream are written side by side', async () => {
  await using server = await writer()
  const answers = await converse(server, [prompt(1, streamed), prompt(2, streamed, ['the dog'])])
  const ids = answers.map(({ infer_response: { id } }) => id)
  assert.ok(ids.lastIndexOf('1') > ids.indexOf('2'), ids.join(''))
  for (const id of ['1', '2']) {
    const own = answers.filter(({ infer_response }) => infer_response.id === id)
    const [whole] = await converse(server, [prompt(3, {}, [id === '1' ? 'the cat' : 'the dog'])])
    assert.equal(own.map(textOf).join(''), textOf(whole as Answer))
  }
})

test('several texts of one request do not come in pieces; alone, a request for pieces is answered whole', async () => {
  await using server = await writer()
  const [refused] = await converse(server, [prompt(1, streamed, ['the cat', 'the dog'])])
  assert.match(refused?.error_message ?? '', /one text at a time/)
  const client = inference(server)
  const alone = await call(client, 'ModelInfer', prompt(1, streamed))
  const [whole] = await converse(server, [prompt(1, {})])
  assert.deepEqual(alone['outputs'], whole?.infer_response.outputs)
  client.close()
})

test('a message that cannot be read is answered by an error, and ends nothing', async () => {
  await using server = await testServer(shifted(1))
  const session = openSession(server.serving.grpcPort)
  const stream = openCall(session, { ':path': methodPath('ModelStreamInfer') })
  const ending = endingOf(stream)
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => void parts.push(part))
  stream.end(Buffer.concat([frame(Buffer.alloc(30, 255)), frame(encodeInfer(x(2, 2)))]))
  assert.equal((await ending).code, status.OK)
  const answers = Buffer.concat(parts)
  assert.match(String(answers), /the message is not the protobuf that this method takes/)
  assert.ok(answers.includes(Buffer.from(Float32Array.of(3).buffer)))
  session.destroy()
})
