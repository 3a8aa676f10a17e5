/** Messages that are little on the wire and a lot in memory, sent to the program as its users start it. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { ClientHttp2Session } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { status } from '@grpc/grpc-js'
import { exchange, frame, multiplied, openSession } from '../testing/grpc-frames.ts'
import { identity, modelFolder } from '../testing/models.ts'
import {
  freePort,
  mainThreadMs,
  mostMemory,
  type Program,
  ready,
  serveArgs,
  start,
} from '../testing/program.ts'

const mib = 2 ** 20

interface Effect {
  readonly code: number
  readonly details: string
  readonly busyMs: number
  readonly grownBytes: number
}

for (const guarded of [true, false]) {
  describe(guarded ? 'a caller without a key' : 'a server without keys', () => {
    const closing: (() => unknown)[] = []
    let program: Program
    let url = ''
    let session: ClientHttp2Session

    before(async () => {
      const folder = await modelFolder(identity('INT64'))
      closing.push(() => folder[Symbol.asyncDispose]())
      const dir = await mkdtemp(join(tmpdir(), 'gantry-multiplied-'))
      closing.push(() => rm(dir, { recursive: true }))
      const keys = join(dir, 'keys')
      await mkdir(keys)
      await writeFile(join(keys, 'shop'), 'shop-0123456789abcdef')
      const grpcPort = await freePort()
      const port = ['--grpc-port', String(grpcPort)]
      program = start(serveArgs(folder.dir, ...port, '--name', 'm', ...(guarded ? ['--api-keys', keys] : [])))
      closing.push(() => program[Symbol.asyncDispose]())
      url = `http://127.0.0.1:${await ready(program)}`
      session = openSession(grpcPort)
      closing.push(() => session.destroy())
      await once(session, 'connect')
      // The library has loaded before anything is measured.
      await exchange(session, frame(Buffer.alloc(0)))
      await fetch(`${url}/v2/health/live`)
    })
    after(async () => {
      for (const close of closing.toReversed()) await close()
    })

    const effectOf = async (message: Buffer): Promise<Effect> => {
      const [memory, busyMs] = [await mostMemory(program), await mainThreadMs(program)]
      const { code, details } = await exchange(session, frame(message))
      const answered = await fetch(`${url}/v2/health/live`)
      assert.equal(answered.status, 200)
      await answered.arrayBuffer()
      return {
        ...{ code, details },
        busyMs: (await mainThreadMs(program)) - busyMs,
        grownBytes: (await mostMemory(program)) - memory,
      }
    }

    const refusals = guarded ? [status.UNAUTHENTICATED] : [status.RESOURCE_EXHAUSTED, status.INVALID_ARGUMENT]
    for (const [what, message] of Object.entries(multiplied(12)))
      test(`sends 12 MiB of ${what}, and holds no probe for half a second, nor takes 100 MiB`, async () => {
        const { code, details, busyMs, grownBytes } = await effectOf(message)
        assert.ok(refusals.includes(code), `${code} ${details}`)
        assert.ok(grownBytes < 100 * mib, `${Math.round(grownBytes / mib)} MiB more`)
        // A probe waits for this thread, so it waits no longer than all of this took.
        assert.ok(busyMs < 500, `the thread of the probes was busy for ${busyMs} ms`)
      })
  })
}
