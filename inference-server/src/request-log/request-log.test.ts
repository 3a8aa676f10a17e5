import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { StartError } from '../failures/errors.ts'
import type { Log } from '../process/log.ts'
import { newTrace } from '../requests/traceparent.ts'
import type { Entry } from './entry.ts'
import { openRequestLog } from './open.ts'
import { createRequestLog, type Writer } from './request-log.ts'
import type { Batch, Written } from './writer.ts'

const entry = (over: Partial<Entry> = {}): Entry => ({
  ...{ at: 0, endpoint: 'infer', trace: newTrace(), status: 200 },
  ...over,
})
const silent: Log = {
  ...{ error: () => {}, warn: () => {}, info: () => {}, debug: () => {} },
  flush: async () => {},
}

/** A thread that answers when it is told to. */
const slowWriter = () => {
  const batches: Batch[] = []
  let listener = (_written: Written): void => {}
  let fail = (_error: Error): void => {}
  const writer = {
    postMessage: (batch: Batch) => void batches.push(batch),
    on: (event: string, given: never) => {
      if (event === 'message') listener = given
      else fail = given
    },
    terminate: async () => {},
  } as unknown as Writer
  return {
    writer,
    batches,
    finish: (trouble?: string) =>
      listener({ lines: batches.at(-1)?.entries.length ?? 0, ...(trouble !== undefined && { trouble }) }),
    fail: (error: Error) => fail(error),
  }
}

describe('the ring', () => {
  const ring = (log: Log = silent) => {
    const thread = slowWriter()
    const requestLog = createRequestLog({ sampleRate: 1, contents: true, spawn: () => thread.writer, log })
    return { ...thread, requestLog }
  }

  test('gives the thread one batch at a time', () => {
    const { requestLog, batches, finish } = ring()
    for (let count = 0; count < 10; count++) requestLog.record(entry())
    assert.deepEqual(
      batches.map(({ entries }) => entries.length),
      [1],
    )
    finish()
    assert.deepEqual(
      batches.map(({ entries }) => entries.length),
      [1, 9],
    )
    finish()
    assert.equal(requestLog.written(), 10)
  })

  test('is bounded in entries, counts what it drops, and says so in the log', () => {
    const { requestLog, batches, finish } = ring()
    for (let count = 0; count < 5000; count++) requestLog.record(entry())
    assert.equal(requestLog.dropped(), 5000 - 4096 - 1)
    finish()
    assert.equal(batches.at(-1)?.dropped, 5000 - 4096 - 1)
    finish()
    assert.equal(batches.at(-1)?.dropped, 0)
  })

  test('tells the thread what a version answers to once, and again when it is another one', () => {
    const { requestLog, batches, finish } = ring()
    const names = {
      inputs: ['a'],
      outputs: [],
      fields: [],
      lists: [],
      parameters: [],
      results: [],
      labels: [],
    }
    for (const declared of [names, names, { ...names }]) {
      requestLog.record(entry({ version: '1', declared }))
      finish()
    }
    assert.deepEqual(
      batches.map(({ declared }) => declared.length),
      [1, 0, 1],
    )
    assert.ok(batches.every(({ entries }) => entries.every((one) => !('declared' in one))))
  })

  test('is bounded in bytes', () => {
    const { requestLog } = ring()
    for (let count = 0; count < 300; count++) requestLog.record(entry({ request: new Uint8Array(64 * 1024) }))
    assert.equal(requestLog.dropped(), 300 - 256 - 1)
  })

  test('takes what comes again once the thread has caught up', () => {
    const { requestLog, finish } = ring()
    for (let count = 0; count < 5000; count++) requestLog.record(entry())
    const { length } = Array.from({ length: 100 }, () => finish())
    assert.equal(length, 100)
    const before = requestLog.dropped()
    requestLog.record(entry())
    assert.equal(requestLog.dropped(), before)
  })

  test('goes on counting when the thread has ended, and says why once', () => {
    const errors: string[] = []
    const { requestLog, fail } = ring({ ...silent, error: (message) => void errors.push(message) })
    requestLog.record(entry())
    requestLog.record(entry())
    fail(new Error('disk full'))
    requestLog.record(entry())
    assert.equal(requestLog.dropped(), 3)
    assert.equal(errors.length, 1)
  })

  test('reports keys that cannot be used once, not with each batch', () => {
    const errors: string[] = []
    const { requestLog, finish } = ring({ ...silent, error: (message) => void errors.push(message) })
    for (let count = 0; count < 3; count++) {
      requestLog.record(entry())
      finish('no Fernet key')
    }
    assert.equal(errors.length, 1)
  })
})

test('a reader that does not read costs lines, never a wait; what was taken is written once it reads', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-pipe-'))
  const path = join(dir, 'pipe')
  assert.equal(spawnSync('mkfifo', [path]).status, 0)
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const requestLog = openRequestLog(
    { ...{ mode: 'metadata', sampleRate: 1, keys: undefined }, ...{ sensitiveFields: [], path } },
    { name: 'm', version: '1' },
    silent,
  )
  const offered = 8000
  for (let count = 0; count < offered; count++) requestLog.record(entry())
  assert.ok(requestLog.dropped() > 0)
  const chunk = Buffer.alloc(65_536)
  let text = ''
  const read = (): void => {
    try {
      text += chunk.toString('utf8', 0, readSync(reader, chunk))
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN')
    }
  }
  while (requestLog.written() + requestLog.dropped() < offered) {
    read()
    await turn()
  }
  await requestLog.close(60_000)
  read()
  closeSync(reader)
  await rm(dir, { recursive: true })
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { message: string; dropped?: number })
  assert.equal(lines.filter(({ message }) => message === 'request').length, requestLog.written())
  assert.equal(lines.find(({ dropped }) => dropped !== undefined)?.dropped, requestLog.dropped())
})

test('a file that cannot be written is told before anything is served', () => {
  const config = { mode: 'metadata', keys: undefined, sampleRate: 1, sensitiveFields: [] } as const
  for (const path of ['/nope/requests.log', tmpdir()])
    assert.throws(
      () => openRequestLog({ ...config, path }, { name: 'm', version: '1' }, silent),
      (error) =>
        error instanceof StartError &&
        error.message.startsWith(`the request log cannot be written to ${path} (E`) &&
        error.message.endsWith('with --request-log-file'),
    )
})
