import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import type { Fields, Log } from '../../process/log.ts'
import { countProgress } from '../sources/progress.ts'
import { progressText, tellProgress } from './tell-progress.ts'

const told = (isTTY: boolean, tell: (progress: ReturnType<typeof countProgress>, log: Log) => void) => {
  const [lines, drawn]: [[string, Fields | undefined][], string[]] = [[], []]
  const keep = (message: string, fields?: Fields): void => void lines.push([message, fields])
  const log = { error: keep, warn: keep, info: keep, debug: keep, flush: async () => undefined }
  const terminal = { isTTY, write: (text: string) => drawn.push(text) }
  mock.timers.enable({ apis: ['setInterval', 'Date'] })
  const progress = countProgress()
  const telling = tellProgress(progress, { log, terminal, nowMs: Date.now })
  tell(progress, telling.log)
  telling.stop()
  mock.timers.tick(60_000)
  mock.timers.reset()
  return { lines, drawn }
}

describe('how far an import is', () => {
  test('is a line of the log every five seconds, while something comes', () => {
    const { lines, drawn } = told(false, (progress) => {
      mock.timers.tick(10_000) // nothing has come
      progress.begin(300)
      progress.came(100)
      mock.timers.tick(5_000)
      mock.timers.tick(20_000)
      progress.came(150)
      mock.timers.tick(5_000)
    })
    assert.deepEqual(lines, [
      ['import progress', { bytes: 100, totalBytes: 300 }],
      ['import progress', { bytes: 250, totalBytes: 300 }],
    ])
    assert.deepEqual(drawn, [])
  })

  test('is a bar on a terminal, which gives way to the lines of the log and to the end', () => {
    const { lines, drawn } = told(true, (progress, log) => {
      progress.begin(2 ** 20)
      progress.came(2 ** 19)
      mock.timers.tick(200)
      log.warn('a line')
    })
    assert.deepEqual(lines, [['a line', undefined]])
    assert.deepEqual(drawn, [
      `\r\u001b[2K[${'#'.repeat(15)}${'-'.repeat(15)}] 50 % of 1.0 MiB, 2.5 MiB/s`,
      '\r\u001b[2K',
      '\r\u001b[2K',
    ])
  })

  test('has no percent where the source does not say its size, and never more than a hundred', () => {
    assert.equal(progressText({ bytes: 2048, totalBytes: undefined }, 1024), '2.0 KiB, 1.0 KiB/s')
    assert.match(progressText({ bytes: 30, totalBytes: 20 }, 1), /^\[#{30}\] 100 % of 20 B/)
    assert.match(progressText({ bytes: 0, totalBytes: 0 }, 0), /^0 B/)
  })
})
