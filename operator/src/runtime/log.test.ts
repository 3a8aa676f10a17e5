import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { setImmediate as settle } from 'node:timers/promises'
import { isLogLine } from '@gantry/contract/documents.ts'
import type { LogLevel } from '@gantry/contract/log.ts'
import { createLog } from './log.ts'

const logging = (level: LogLevel) => {
  const stream = new PassThrough({ encoding: 'utf8' })
  const read = async (): Promise<readonly Record<string, unknown>[]> => {
    await settle()
    const text: string = stream.read() ?? ''
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  }
  return { log: createLog(level, stream), read }
}

test('a line is one JSON object: timestamp, level, message, then the fields', async () => {
  const { log, read } = logging('info')
  log.warn('the pass failed', { key: 'shop/m', reason: 'ApiUnavailable', durationMs: 12 })
  const [line] = await read()
  assert.ok(isLogLine(line))
  const { timestamp, ...rest } = line as Record<string, unknown>
  assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.deepEqual(rest, {
    level: 'warn',
    message: 'the pass failed',
    key: 'shop/m',
    reason: 'ApiUnavailable',
    durationMs: 12,
  })
})

test('an error is written with what caused it, each thing once', async () => {
  const { log, read } = logging('info')
  const cause = new Error('connect ECONNREFUSED 10.0.0.1:443')
  log.error('x', { error: new Error('could not apply', { cause: new Error('no answer', { cause }) }) })
  log.error('x', { error: new Error(`broken: ${cause.message}`, { cause }) })
  const [first, second] = await read()
  assert.equal(first?.['error'], 'could not apply: no answer: connect ECONNREFUSED 10.0.0.1:443')
  assert.equal(second?.['error'], 'broken: connect ECONNREFUSED 10.0.0.1:443')
})

test('what is below the level is not written', async () => {
  const { log, read } = logging('warn')
  log.debug('a')
  log.info('b')
  log.warn('c')
  log.error('d')
  assert.deepEqual(
    (await read()).map(({ message }) => message),
    ['c', 'd'],
  )
})

test('a line holds visible characters alone, cut where a stranger wrote much', async () => {
  const { log, read } = logging('info')
  const hostile = `\u009b2Jno\u202e\r\n${'x'.repeat(100_000)}`
  log.warn(hostile, {
    error: new Error(hostile),
    nested: { list: [hostile] },
    stack: `Error: a\u009b\n    at b`,
  })
  const [line] = await read()
  const text = /^\ufffd2Jno\ufffd x{4000,4096}…$/
  assert.match(String(line?.['message']), text)
  assert.match(String(line?.['error']), text)
  assert.match(JSON.stringify(line?.['nested']), /^\{"list":\["\ufffd2Jno\ufffd x+…"\]\}$/)
  assert.equal(line?.['stack'], 'Error: a\ufffd\n at b')
})
