/** Attacks on HTTP/2 itself that are known by name, against the program as its users start it: it goes on, and stays small. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { status } from '@grpc/grpc-js'
import { endingOf, exchange, frame, openCall, openSession, oneRow as right } from '../testing/grpc-frames.ts'
import { identity, modelFolder } from '../testing/models.ts'
import { freePort, mostMemory, type Program, ready, serveArgs, start } from '../testing/program.ts'

const mib = 2 ** 20

const types = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  windowUpdate: 8,
  continuation: 9,
} as const
const flags = { none: 0, endStream: 1, endHeaders: 4 } as const

/** A frame of HTTP/2. */
const http2Frame = (
  type: number,
  flag: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flag, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
const preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  http2Frame(types.settings, 0, 0),
])

/** A header that is not in the table, and does not go there. */
const literal = (name: string, value: string): Buffer => {
  const text = (content: string): Buffer =>
    Buffer.concat([Buffer.from([content.length]), Buffer.from(content)])
  return Buffer.concat([Buffer.from([0]), text(name), text(value)])
}
const callHeaders = Buffer.concat([
  Buffer.from([0x83, 0x86]), // :method POST, :scheme http
  literal(':path', '/inference.GRPCInferenceService/ModelInfer'),
  literal(':authority', 'm'),
  literal('content-type', 'application/grpc'),
  literal('te', 'trailers'),
])
const repeat = (count: number, of: (index: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, index) => of(index)))
/** The stream that a caller opens as its nth. */
const streamOf = (index: number): number => index * 2 + 1

/** A header of 4000 letters goes to the table, and a thousand references to it ask for 4 MB. */
const bomb = (): Buffer => {
  const letters = Buffer.alloc(4000, 'x')
  const stored = Buffer.concat([Buffer.from([0x40, 1, 120, 0x7f, 0xa1, 0x1e]), letters])
  return Buffer.concat([callHeaders, stored, Buffer.alloc(10_000, 0xbe)])
}

const attacks: Readonly<Record<string, () => Buffer>> = {
  'rapid resets': () =>
    repeat(3000, (index) =>
      Buffer.concat([
        http2Frame(types.headers, flags.endHeaders, streamOf(index), callHeaders),
        http2Frame(types.reset, 0, streamOf(index), Buffer.from([0, 0, 0, 8])),
      ]),
    ),
  'a flood of SETTINGS': () => repeat(20_000, () => http2Frame(types.settings, 0, 0)),
  'a flood of PING': () => repeat(20_000, () => http2Frame(types.ping, 0, 0, Buffer.alloc(8))),
  'a flood of WINDOW_UPDATE': () =>
    repeat(20_000, () => http2Frame(types.windowUpdate, 0, 0, Buffer.from([0, 0, 0, 1]))),
  'a flood of empty DATA': () =>
    Buffer.concat([
      http2Frame(types.headers, flags.endHeaders, 1, callHeaders),
      repeat(50_000, () => http2Frame(types.data, 0, 1)),
    ]),
  'a flood of CONTINUATION without content': () =>
    Buffer.concat([
      http2Frame(types.headers, 0, 1, callHeaders),
      repeat(50_000, () => http2Frame(types.continuation, 0, 1)),
    ]),
  'a flood of CONTINUATION with content': () =>
    Buffer.concat([
      http2Frame(types.headers, 0, 1, callHeaders),
      repeat(5000, () => http2Frame(types.continuation, 0, 1, literal('x', 'y'.repeat(100)))),
    ]),
  'an HPACK bomb': () => http2Frame(types.headers, flags.endHeaders, 1, bomb()),
  'more calls than are allowed': () =>
    repeat(1000, (index) => http2Frame(types.headers, flags.endHeaders, streamOf(index), callHeaders)),
  'a message that says it has 4 GiB': () =>
    Buffer.concat([
      http2Frame(types.headers, flags.endHeaders, 1, callHeaders),
      http2Frame(types.data, 0, 1, Buffer.from([0, 255, 255, 255, 255])),
    ]),
  'a dependency of a stream on itself': () => http2Frame(2, 0, 1, Buffer.from([0, 0, 0, 1, 0])),
  'a frame larger than allowed': () => http2Frame(types.data, 0, 1, Buffer.alloc(100_000)),
}

describe('the program', () => {
  const closing: (() => unknown)[] = []
  let program: Program
  let grpcPort = 0
  let url = ''
  before(async () => {
    const folder = await modelFolder(identity('FP32'))
    closing.push(() => folder[Symbol.asyncDispose]())
    grpcPort = await freePort()
    program = start(serveArgs(folder.dir, '--name', 'm', '--grpc-port', String(grpcPort)))
    closing.push(() => program[Symbol.asyncDispose]())
    url = `http://127.0.0.1:${await ready(program)}`
    await serves()
  })
  after(async () => {
    for (const close of closing.toReversed()) await close()
  })

  const serves = async (): Promise<void> => {
    const session = openSession(grpcPort)
    assert.equal((await exchange(session, right)).code, status.OK)
    session.destroy()
    assert.equal((await fetch(`${url}/v2/health/ready`)).status, 200)
  }
  const attack = async (bytes: Buffer): Promise<Socket> => {
    const socket = connectTcp(grpcPort, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.resume()
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve())
      socket.write(Buffer.concat([preface, bytes]), () => resolve())
    })
    return socket
  }

  for (const [what, bytesOf] of Object.entries(attacks))
    test(`survives ${what}, from three at once, and answers others meanwhile`, async () => {
      const bytes = bytesOf()
      const before = await mostMemory(program)
      const sockets = await Promise.all(Array.from({ length: 3 }, () => attack(bytes)))
      await serves()
      await pause(300)
      await serves()
      for (const socket of sockets) socket.destroy()
      const grown = (await mostMemory(program)) - before
      assert.ok(grown < 100 * mib, `${Math.round(grown / mib)} MiB more`)
    })

  test('unpacks few compressed messages at a time, however many come', async () => {
    const bombs = frame(gzipSync(Buffer.alloc(60 * mib)), 1)
    const before = await mostMemory(program)
    const session = openSession(grpcPort)
    const endings = Array.from({ length: 20 }, async () => {
      const stream = openCall(session, { 'grpc-encoding': 'gzip' })
      stream.end(bombs)
      return endingOf(stream, 60_000)
    })
    for (const { code, details } of await Promise.all(endings))
      assert.ok([status.INVALID_ARGUMENT, status.RESOURCE_EXHAUSTED].includes(code), `${code} ${details}`)
    session.destroy()
    await serves()
    const grown = (await mostMemory(program)) - before
    assert.ok(grown < 500 * mib, `${Math.round(grown / mib)} MiB more`)
  })

  test('unpacks few compressed bodies at a time over HTTP, too', async () => {
    const body = gzipSync(Buffer.alloc(60 * mib))
    const before = await mostMemory(program)
    const answers = Array.from({ length: 20 }, () =>
      fetch(`${url}/v2/models/m/infer`, { method: 'POST', headers: { 'content-encoding': 'gzip' }, body }),
    )
    for (const { status: code } of await Promise.all(answers))
      assert.ok([400, 503].includes(code), String(code))
    await serves()
    const grown = (await mostMemory(program)) - before
    assert.ok(grown < 500 * mib, `${Math.round(grown / mib)} MiB more`)
  })
})
