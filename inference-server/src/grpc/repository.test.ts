/** The calls of a model repository over gRPC, as Triton's clients send them. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Client, status } from '@grpc/grpc-js'
import { call, headers, inference, type Message, refusal } from '../testing/grpc.ts'
import { modelRepository, shifted } from '../testing/models.ts'
import { repositoryServer, testServer } from '../testing/server.ts'

const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 1], contents: { fp32_contents: [100] } }]

const answerOf = async (client: Client, version = ''): Promise<readonly unknown[]> => {
  const answer = await call(client, 'ModelInfer', { model_name: 'm', model_version: version, inputs })
  const [output] = answer['raw_output_contents'] as readonly Buffer[]
  return [answer['model_version'], output?.readFloatLE()]
}
const change = (client: Client, verb: 'Load' | 'Unload', parameters: Message): Promise<Message> =>
  call(client, `RepositoryModel${verb}`, { model_name: 'm', parameters })
const version = (name: string): Message => ({ version: { string_param: name } })

test('a version loads, answers, and goes', async () => {
  await using folder = await modelRepository({ 1: shifted(1), 2: shifted(2) })
  await using server = await repositoryServer(folder.dir, ['--versions', '1', '--load-unload'])
  const client = inference(server)
  assert.deepEqual(await change(client, 'Load', version('2')), {})
  assert.deepEqual(await answerOf(client), ['2', 102])
  assert.deepEqual(await answerOf(client, '1'), ['1', 101])
  assert.deepEqual((await call(client, 'ModelMetadata', { name: 'm' }))['versions'], ['1', '2'])
  assert.deepEqual(await call(client, 'RepositoryIndex'), {
    models: [
      { name: 'm', version: '1', state: 'READY', reason: '' },
      { name: 'm', version: '2', state: 'READY', reason: '' },
    ],
  })
  await change(client, 'Unload', { ...version('2'), unload_dependents: { bool_param: false } })
  assert.deepEqual(await answerOf(client), ['1', 101])
  assert.deepEqual(await call(client, 'RepositoryIndex', { ready: true }), {
    models: [{ name: 'm', version: '1', state: 'READY', reason: '' }],
  })
  const gone = await refusal(answerOf(client, '2'))
  assert.equal(gone.code, status.NOT_FOUND)
  assert.deepEqual(await call(client, 'ModelReady', { name: 'm', version: '2' }), { ready: false })
  await change(client, 'Unload', {})
  assert.equal((await refusal(answerOf(client))).code, status.UNAVAILABLE)
  assert.deepEqual(await call(client, 'ModelReady', { name: 'm' }), { ready: false })
  assert.deepEqual(await call(client, 'ServerReady'), { ready: true })
  client.close()
})

test('what is wrong is refused with a sentence', async () => {
  await using folder = await modelRepository({ 1: shifted(1), 2: 'this is no protobuf' })
  await using server = await repositoryServer(folder.dir, ['--versions', '1', '--load-unload'])
  const client = inference(server)
  const cases: readonly (readonly [Message, status, RegExp])[] = [
    [version('7'), status.NOT_FOUND, /no version "7"/],
    [version('2'), status.INVALID_ARGUMENT, /cannot be served: the file is not an ONNX model/],
    [{ config: { string_param: '{}' } }, status.INVALID_ARGUMENT, /no parameter config/],
    [{ version: { bytes_param: Buffer.from('1') } }, status.INVALID_ARGUMENT, /name of a version/],
  ]
  for (const [parameters, code, sentence] of cases) {
    const error = await refusal(change(client, 'Load', parameters))
    assert.equal(error.code, code)
    assert.match(error.details, sentence)
  }
  const other = await refusal(call(client, 'RepositoryModelUnload', { model_name: 'q' }))
  assert.equal(other.code, status.NOT_FOUND)
  assert.deepEqual(await answerOf(client), ['1', 101])
  client.close()
})

test('one model alone is listed, and not to be changed', async () => {
  await using server = await testServer(shifted(1))
  const client = inference(server)
  assert.deepEqual(await call(client, 'RepositoryIndex'), {
    models: [{ name: 'm', version: '1', state: 'READY', reason: '' }],
  })
  for (const verb of ['Load', 'Unload'] as const) {
    const error = await refusal(change(client, verb, {}))
    assert.equal(error.code, status.PERMISSION_DENIED)
    assert.match(error.details, /--repository DIR --load-unload/)
  }
  client.close()
})

test('where keys are asked for, each of the calls asks for one', async () => {
  const keys = await mkdtemp(join(tmpdir(), 'gantry-keys-'))
  await writeFile(join(keys, 'shop'), 'shop-0123456789abcdef')
  await using folder = await modelRepository({ 1: shifted(1) })
  await using server = await repositoryServer(folder.dir, ['--load-unload', '--api-keys', keys])
  const client = inference(server)
  const key = headers({ authorization: 'Bearer shop-0123456789abcdef' })
  for (const method of ['RepositoryIndex', 'RepositoryModelLoad', 'RepositoryModelUnload']) {
    const request = { model_name: 'm' }
    assert.equal((await refusal(call(client, method, request))).code, status.UNAUTHENTICATED)
    await call(client, method, request, key)
  }
  client.close()
  await rm(keys, { recursive: true })
})
