import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { createProgressBook, progressIn } from './import-progress.ts'

const line = (fields: object): string => `${JSON.stringify({ level: 'info', timestamp: 'now', ...fields })}\n`
const told = (bytes: number, totalBytes?: number): string =>
  line({ message: 'import progress', bytes, totalBytes })
const pod = (uid: string): LivePod =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: uid, namespace: 'demo', uid } }) as LivePod

describe('the log of an import tells how far it is', () => {
  test('by its last line about it', () => {
    const log = told(1, 10) + told(7, 10) + line({ message: 'the source is a model' })
    assert.deepEqual(progressIn(log), { bytes: 7, totalBytes: 10 })
    assert.deepEqual(progressIn(told(7)), { bytes: 7 })
  })

  for (const [what, log] of [
    ['has no such line', 'import failed\n'],
    ['is cut off', told(7, 10).slice(0, -20)],
    ['has negative bytes', told(-1)],
    ['has bytes that no number holds', told(2 ** 60)],
    ['has a text for bytes', line({ message: 'import progress', bytes: '7' })],
    ['quotes the words elsewhere', line({ message: 'a file is called import progress', bytes: 7 })],
  ] as const)
    test(`but not where it ${what}`, () => {
      assert.equal(progressIn(log), undefined)
    })
})

test('a pod is asked once in ten seconds, however many passes there are, and keeps what it said last', async () => {
  let [at, asked] = [0, 0]
  let log: string | undefined = told(1, 10)
  const kube = {
    log: async () => {
      asked += 1
      if (log === undefined) throw new ApiError(400, 'BadRequest', 'the container is waiting to start')
      return log
    },
  }
  const book = createProgressBook(() => at)
  assert.deepEqual(await book.of(kube, pod('a')), { bytes: 1, totalBytes: 10 })
  log = told(2, 10)
  at = 9_999
  assert.deepEqual(await book.of(kube, pod('a')), { bytes: 1, totalBytes: 10 })
  assert.equal(asked, 1)
  at = 10_000
  assert.deepEqual(await book.of(kube, pod('a')), { bytes: 2, totalBytes: 10 })
  log = undefined
  at = 20_000
  assert.deepEqual(await book.of(kube, pod('a')), { bytes: 2, totalBytes: 10 })
  assert.equal(await book.of(kube, pod('b')), undefined, 'another pod begins from nothing')
})
