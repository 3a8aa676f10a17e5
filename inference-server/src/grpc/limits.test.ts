/** What a gRPC caller may take of the server: room, time and streams. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import {
  type Ending,
  encodeInfer,
  endingOf,
  exchange,
  frame,
  methodPath,
  openCall,
  openSession,
  oneRow as right,
} from '../testing/grpc-frames.ts'
import { identity, shifted, slow } from '../testing/models.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const mib = 2 ** 20
const bytes = (size: number) => encodeInfer({ model_name: 'm', raw_input_contents: [Buffer.alloc(size)] })
const conversation = { ':path': methodPath('ModelStreamInfer') }

/** The head of a message, and all of it but the last bytes. */
const begun = (message: Buffer): Buffer => frame(message).subarray(0, -10)

const sessionOf = async (server: TestServer): Promise<ClientHttp2Session> => {
  const session = openSession(server.serving.grpcPort)
  // The library has loaded by then.
  await once(session, 'remoteSettings')
  return session
}

/** Settles once the server has read what was written. */
const written = (stream: ClientHttp2Stream, body: Buffer): Promise<void> =>
  new Promise((resolve) => {
    stream.write(body, () => resolve())
  })

const isOpen = async (ending: Promise<Ending>): Promise<boolean> =>
  (await Promise.race([ending, pause(300)])) === undefined

/** Time passes for the server, which asks how late it is. */
const clockOf = (context: TestContext) => {
  let aheadMs = 0
  const now = performance.now.bind(performance)
  context.mock.method(performance, 'now', () => now() + aheadMs)
  return (ms: number): void => {
    aheadMs += ms
  }
}

test('a connection has at most 100 calls at a time', async () => {
  await using server = await testServer(shifted(1))
  const session = openSession(server.serving.grpcPort)
  const [settings] = await once(session, 'remoteSettings')
  assert.equal(settings.maxConcurrentStreams, 100)
  session.destroy()
})

test('a message that says it is larger than the limit is refused before it is sent', async () => {
  await using server = await testServer(shifted(1), ['--max-body-mib', '1'])
  const session = await sessionOf(server)
  const stream = openCall(session)
  const ending = endingOf(stream)
  stream.write(frame(Buffer.alloc(0), 0, mib + 1))
  const { code, details, rstCode } = await ending
  assert.equal(code, status.RESOURCE_EXHAUSTED)
  assert.match(details, /limit of 1048576 bytes.*--max-body-mib/)
  assert.equal(rstCode, 0)
  session.destroy()
})

for (const method of ['ServerReady', 'ModelMetadata', 'RepositoryModelLoad'])
  test(`a message of 300 KiB is refused by ${method}, which takes a name or nothing`, async () => {
    await using server = await testServer(shifted(1))
    const session = await sessionOf(server)
    const { code } = await exchange(session, frame(Buffer.alloc(300 * 1024)), {
      ':path': methodPath(method),
    })
    assert.equal(code, status.RESOURCE_EXHAUSTED)
    session.destroy()
  })

test('a call that is refused takes no more of its message', async () => {
  const keys = await mkdtemp(join(tmpdir(), 'gantry-keys-'))
  await writeFile(join(keys, 'shop'), 'shop-0123456789abcdef')
  await using server = await testServer(shifted(1), ['--api-keys', keys])
  const session = await sessionOf(server)
  for (const path of [
    'ModelInfer',
    'ModelStreamInfer',
    'RepositoryIndex',
    'RepositoryModelLoad',
    'Nothing',
  ]) {
    const stream = openCall(session, { ':path': methodPath(path) })
    const ending = endingOf(stream)
    const body = setInterval(() => stream.write(Buffer.alloc(1000)), 5)
    stream.once('close', () => clearInterval(body))
    const { code, rstCode } = await ending
    assert.equal(code, path === 'Nothing' ? status.UNIMPLEMENTED : status.UNAUTHENTICATED, path)
    assert.equal(rstCode, 0, path)
  }
  session.destroy()
  await rm(keys, { recursive: true })
})

test('a message that has not arrived after two minutes is given up, at every stage of the call', async (context) => {
  await using server = await testServer(shifted(1))
  const session = await sessionOf(server)
  const pass = clockOf(context)
  const bodies: readonly (readonly [string, Buffer | undefined, OutgoingHttpHeaders])[] = [
    ['headers only', undefined, {}],
    ['half a head', right.subarray(0, 3), {}],
    ['half a message', right.subarray(0, 12), {}],
    ['a message without the end of its call', right, {}],
    ['half a message of a stream', right.subarray(0, 12), conversation],
    [
      'a message of a stream, and half of another',
      Buffer.concat([right, right.subarray(0, 12)]),
      conversation,
    ],
  ]
  const endings = bodies.map(([, body, more]) => {
    const stream = openCall(session, more)
    if (body) stream.write(body)
    return endingOf(stream)
  })
  assert.ok((await Promise.all(endings.map(isOpen))).every(Boolean))
  pass(110_000)
  assert.ok((await Promise.all(endings.map(isOpen))).every(Boolean))
  pass(11_000)
  for (const [index, ending] of endings.entries()) {
    const { code, details } = await ending.catch(() => assert.fail(`${bodies[index]?.[0]} does not end`))
    assert.equal(code, status.DEADLINE_EXCEEDED, bodies[index]?.[0])
    assert.match(details, /not arrived within 120 seconds/)
  }
  session.destroy()
})

test('a stream of requests may be silent between two of them for as long as it likes', async (context) => {
  await using server = await testServer(shifted(1))
  const session = await sessionOf(server)
  const pass = clockOf(context)
  const stream = openCall(session, conversation)
  const ending = endingOf(stream)
  let answers = 0
  stream.on('data', () => {
    answers += 1
  })
  for (let round = 1; round <= 3; round++) {
    await written(stream, right)
    while (answers < round) await pause(5)
    pass(600_000)
    assert.ok(await isOpen(ending))
  }
  stream.end()
  assert.equal((await ending).code, status.OK)
  session.destroy()
})

test('where bytes in flight are too many, the message that began first and is not whole makes room', async () => {
  await using server = await testServer(identity('FP32'), ['--max-body-mib', '1', '--max-in-flight-mib', '2'])
  const session = await sessionOf(server)
  const endings: Promise<Ending>[] = []
  for (let count = 0; count < 3; count++) {
    const stream = openCall(session)
    endings.push(endingOf(stream))
    await written(stream, begun(bytes(900 * 1024)))
  }
  const [first, ...others] = endings
  const { code, details, fields } = (await first) as Ending
  assert.equal(code, status.RESOURCE_EXHAUSTED)
  assert.match(details, /--max-in-flight-mib/)
  assert.deepEqual([fields['grpc-retry-pushback-ms'], fields['retry-after']], ['1000', '1'])
  assert.ok((await Promise.all(others.map(isOpen))).every(Boolean))
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 1], contents: { fp32_contents: [1] } }]
  const { code: small } = await exchange(session, frame(encodeInfer({ model_name: 'm', inputs })))
  assert.equal(small, status.OK, 'a small request is answered all the same')
  session.destroy()
})

interface HttpAnswer {
  readonly code: number | undefined
  readonly retryAfter: unknown
  readonly text: string
}

/** A body over HTTP that is never sent to its end. */
const beginHttp = (server: TestServer, size: number) => {
  const request = httpRequest(`${server.url}/v2/models/m/infer`, {
    method: 'POST',
    headers: { 'content-length': size + 10, 'content-type': 'application/octet-stream' },
  })
  const answer = Promise.withResolvers<HttpAnswer>()
  request.on('error', () => {})
  request.on('response', async (response) => {
    let text = ''
    for await (const chunk of response) text += chunk
    answer.resolve({ code: response.statusCode, retryAfter: response.headers['retry-after'], text })
  })
  request.write(Buffer.alloc(size))
  return { answer: answer.promise, leave: () => request.destroy() }
}

test('HTTP and gRPC share the bytes in flight', async () => {
  await using server = await testServer(identity('FP32'), ['--max-body-mib', '1', '--max-in-flight-mib', '2'])
  const session = await sessionOf(server)
  const beginGrpc = async () => {
    const stream = openCall(session)
    const ending = endingOf(stream)
    await written(stream, begun(bytes(900 * 1024)))
    return { ending }
  }
  const first = beginHttp(server, 900 * 1024)
  await pause(200)
  await beginGrpc()
  await beginGrpc()
  const { code, retryAfter, text } = await first.answer
  assert.deepEqual([code, retryAfter], [503, '1'])
  assert.match(text, /--max-in-flight-mib/)
  const last = await beginGrpc()
  const others = [1, 2, 3].map(() => beginHttp(server, 900 * 1024))
  assert.equal((await last.ending).code, status.RESOURCE_EXHAUSTED)
  for (const { leave } of others) leave()
  session.destroy()
})

test('what was in flight counts no more once the call has ended, for every kind of end', async () => {
  await using server = await testServer(identity('FP32'), ['--max-body-mib', '1', '--max-in-flight-mib', '2'])
  const session = await sessionOf(server)
  const whole = (shape: number) =>
    frame(
      encodeInfer({
        model_name: 'm',
        inputs: [{ name: 'x', datatype: 'FP32', shape: [1, shape] }],
        raw_input_contents: [Buffer.alloc(shape * 4)],
      }),
    )
  for (let round = 0; round < 10; round++) {
    const left = openCall(session)
    left.on('error', () => {})
    await written(left, begun(bytes(900 * 1024)))
    left.destroy()
    assert.equal((await exchange(session, whole(200_000))).code, status.OK)
    assert.equal((await exchange(session, frame(bytes(900 * 1024)))).code, status.INVALID_ARGUMENT)
    const stream = openCall(session, conversation)
    const ending = endingOf(stream)
    stream.end(Buffer.concat([whole(200_000), whole(200_000), whole(200_000), whole(200_000)]))
    assert.equal((await ending).code, status.OK)
    const json = JSON.stringify({
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 100_000], data: new Array(100_000).fill(1) }],
    })
    assert.equal((await server.post('/v2/models/m/infer', json)).status, 200)
  }
  session.destroy()
})

test('a stream is read no further than its requests have room, and all of them are answered', async () => {
  await using server = await testServer(identity('FP32'), ['--max-body-mib', '1', '--max-in-flight-mib', '4'])
  const session = await sessionOf(server)
  const stream = openCall(session, conversation)
  const ending = endingOf(stream)
  let received = 0
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  const message = frame(
    encodeInfer({
      model_name: 'm',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 200_000] }],
      raw_input_contents: [Buffer.alloc(800_000)],
    }),
  )
  for (let count = 0; count < 30; count++) stream.write(message)
  stream.end()
  assert.equal((await ending).code, status.OK)
  assert.ok(received > 30 * 800_000)
  session.destroy()
})

test('answers that the client does not read are bounded over gRPC, too, alone and in streams', async () => {
  await using server = await testServer(identity('FP32', ['n']), ['--max-answer-mib', '1'])
  const request = frame(
    encodeInfer({
      model_name: 'm',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [250_000] }],
      raw_input_contents: [Buffer.alloc(1_000_000)],
    }),
  )
  const answered = /^gantry_requests_total\{endpoint="grpc",outcome="answered"\} (\d+)$/m
  const count = async (): Promise<number> =>
    Number(answered.exec(await (await server.get('/metrics')).text())?.[1] ?? 0)
  for (const more of [{}, conversation]) {
    const before = await count()
    const idle = await sessionOf(server)
    for (let caller = 0; caller < 2; caller++) {
      const stream = openCall(idle, more)
      stream.on('error', () => {})
      stream.end(request)
    }
    while ((await count()) < before + 2) await pause(20)
    const session = await sessionOf(server)
    const { code, details, fields } = await exchange(session, request)
    assert.equal(code, status.UNAVAILABLE)
    assert.match(details, /answers that are being sent hold/)
    assert.equal(fields['retry-after'], '1')
    idle.destroy()
    let last = code
    for (let attempt = 0; attempt < 100 && last !== status.OK; attempt++) {
      last = (await exchange(session, request)).code
      await pause(20)
    }
    assert.equal(last, status.OK)
    session.destroy()
  }
})

test('bodies that are whole and wait for the model count, too: the next one is 503 until they are answered', async () => {
  const args = ['--max-body-mib', '1', '--max-in-flight-mib', '2', '--max-rows', '1']
  await using server = await testServer(slow(60), args)
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }]
  const body = JSON.stringify({ inputs }) + ' '.repeat(900 * 1024)
  const answers = Array.from({ length: 6 }, () => server.post('/v2/models/m/infer', body))
  const codes = (await Promise.all(answers)).map(({ status: code }) => code)
  assert.deepEqual([...new Set(codes)].sort(), [200, 503])
  assert.equal((await server.post('/v2/models/m/infer', body)).status, 200)
})
