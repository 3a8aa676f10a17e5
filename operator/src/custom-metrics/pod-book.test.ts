/** The order in which pods are asked. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LivePod } from '@gantry/kube/live.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { createPodBook } from './pod-book.ts'

const never = new AbortController().signal
const podOf = (namespace: string, name: string): LivePod => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { namespace, name, uid: `${namespace}/${name}` },
})

test('pods of one namespace that answer late do not keep those of another one waiting behind all of them', async () => {
  const asked: string[] = []
  const answers: (() => void)[] = []
  const book = createPodBook({
    clock: manualClock(),
    ask: ({ metadata }) =>
      new Promise((resolve) => {
        asked.push(metadata.namespace ?? '')
        answers.push(() => resolve(undefined))
      }),
  })
  const reads = Array.from({ length: 1000 }, (_, at) => book.read(podOf('slow', `pod-${at}`), never))
  for (let at = 0; at < 3; at += 1) reads.push(book.read(podOf('shop', `pod-${at}`), never))
  const atOnce = asked.length
  assert.ok(atOnce > 0 && atOnce < 1000)
  for (let at = 0; at < 6; at += 1) {
    answers.shift()?.()
    await new Promise(setImmediate)
  }
  assert.equal(asked.filter((namespace) => namespace === 'shop').length, 3)
  while (answers.length > 0) {
    answers.shift()?.()
    await new Promise(setImmediate)
  }
  await Promise.all(reads)
  assert.equal(asked.length, 1003)
})
