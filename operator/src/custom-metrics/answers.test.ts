import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { keptLabelPrefixes } from '../runtime/kept.ts'
import { type Answer, createAnswers } from './answers.ts'
import { createPodBook } from './pod-book.ts'
import { type Reading, readingOf } from './reading.ts'

const pod = (name: string, more: Partial<LivePod['metadata']> = {}): LivePod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...{ name, namespace: 'shop', uid: `uid-${name}` },
    labels: { [labels.model]: 'intents', [labels.component]: components.server },
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'intents', uid: 'r', controller: true },
    ],
    ...more,
  },
})

const text = (lines: readonly string[], startedAt = 1_764_000_000): string =>
  [`process_start_time_seconds ${startedAt}`, ...lines, ''].join('\n')

const world = (pods: readonly LivePod[], say: (name: string) => string | undefined) => {
  const clock = manualClock()
  const asked: string[] = []
  const cache: Cache = {
    get: () => undefined,
    all: () => pods as never,
    labelled: (_, namespace, label, value) =>
      pods.filter(
        ({ metadata }) => metadata.namespace === namespace && metadata.labels?.[label] === value,
      ) as never,
    put: () => {},
  }
  const ask = async ({ metadata }: LivePod): Promise<Reading | undefined> => {
    asked.push(metadata.name)
    const said = say(metadata.name)
    return said === undefined
      ? undefined
      : readingOf(said, { atMs: clock.elapsed(), wallMs: Date.parse('2026-11-26T10:00:00.9Z') })
  }
  const book = createPodBook({ clock, ask })
  const answer = createAnswers({ cache, book, access: async () => true, keptLabels: keptLabelPrefixes })
  const user = { user: 'scaler', groups: [], extra: {} }
  const get = async (path: string, version = 'v1beta2'): Promise<Answer> =>
    answer(user, `/apis/custom.metrics.k8s.io/${version}/namespaces/shop/pods/${path}`)
  /** The values by pod. */
  const values = async (metric: string): Promise<Readonly<Record<string, string>>> => {
    const given = await get(`*/${metric}?labelSelector=gantry.dev%2Fmodel%3Dintents`)
    assert.ok(given.code === 200, JSON.stringify(given))
    const { items } = given.body as {
      readonly items: readonly {
        readonly describedObject: { readonly name: string }
        readonly value: string
      }[]
    }
    return Object.fromEntries(items.map(({ describedObject, value }) => [describedObject.name, value]))
  }
  return { clock, asked, get, values, book }
}

test('each pod that answers has its value; others are left out and never counted as 0', async () => {
  const foreign = pod('foreign', {
    labels: { [labels.model]: 'other', [labels.component]: components.server },
  })
  const job = pod('job', { ownerReferences: [] })
  const { values } = world([pod('a'), pod('b'), pod('old'), foreign, job], (name) => {
    if (name === 'b') return undefined
    return name === 'old'
      ? text(['gantry_queue_length 1'])
      : text([
          'gantry_queue_length{version="1"} 3',
          'gantry_queue_length{version="2"} 4',
          'gantry_requests_in_flight 9',
        ])
  })
  assert.deepEqual(await values('gantry_queue_length'), { a: '7', old: '1' })
  assert.deepEqual(await values('gantry_requests_in_flight'), { a: '9' })
})

test('a pod is asked once in five seconds, however many autoscalers ask', async () => {
  const { values, asked, clock } = world([pod('a')], () => text(['gantry_queue_length 2']))
  await Promise.all([values('gantry_queue_length'), values('gantry_queue_length')])
  await values('gantry_requests_in_flight')
  assert.equal(asked.length, 1)
  await clock.advance(5_000)
  await values('gantry_queue_length')
  assert.equal(asked.length, 2)
})

test('a rate is the increase between two answers, says its window, and begins anew with the server', async () => {
  let tokens = 0
  let startedAt = 1
  const said = () =>
    text(
      [
        '# TYPE gantry_tokens_total counter',
        ...(tokens > 0
          ? [
              `gantry_tokens_total{direction="generated"} ${tokens}`,
              'gantry_tokens_total{direction="prompt"} 5000',
            ]
          : []),
      ],
      startedAt,
    )
  const { values, get, clock } = world([pod('a')], said)
  assert.deepEqual(await values('gantry_tokens_per_second'), {})
  await clock.advance(6_000)
  tokens = 30
  assert.deepEqual(await values('gantry_tokens_per_second'), {}, 'six seconds are too short')
  await clock.advance(6_000)
  tokens = 45
  assert.deepEqual(await values('gantry_tokens_per_second'), { a: '3750m' })
  const answer = await get('a/gantry_tokens_per_second', 'v1beta1')
  assert.deepEqual(answer.code === 200 && answer.body, {
    ...{ kind: 'MetricValueList', apiVersion: 'custom.metrics.k8s.io/v1beta1', metadata: {} },
    items: [
      {
        describedObject: { kind: 'Pod', namespace: 'shop', name: 'a', apiVersion: '/v1' },
        ...{ metricName: 'gantry_tokens_per_second', selector: null },
        ...{ timestamp: '2026-11-26T10:00:00Z', window: 12, value: '3750m' },
      },
    ],
  })
  await clock.advance(15_000)
  startedAt = 2
  tokens = 400
  assert.deepEqual(await values('gantry_tokens_per_second'), {}, 'it counts from zero again')
  await clock.advance(15_000)
  assert.deepEqual(await values('gantry_tokens_per_second'), { a: '0' })
})

test('what cannot be answered is refused with a sentence', async () => {
  const { get } = world([pod('a')], () => text(['gantry_queue_length 2']))
  const refusal = async (path: string): Promise<readonly [number, string]> => {
    const given = await get(path)
    return [given.code, given.code === 200 ? '' : given.message]
  }
  for (const [path, code, sentence] of [
    ['*/queue', 404, /there is no metric queue: pods have gantry_queue_length, gantry_requests_in_flight/],
    ['*/gantry_queue_length?metricLabelSelector=a%3Db', 400, /has no labels: leave metric\.selector out/],
    ['*/gantry_queue_length?labelSelector=team%3Db', 400, /asks for the label team/],
    ['*/gantry_queue_length?labelSelector=a%3E3', 400, /no selector of labels/],
    ['b/gantry_queue_length', 404, /pod shop\/b has no gantry_queue_length/],
    ['%ff/gantry_queue_length', 404, /there is \/apis\/custom\.metrics\.k8s\.io\/v1beta2/],
    ['a/gantry_queue_length/more', 404, /there is \/apis/],
  ] as const) {
    const [given, message] = await refusal(path)
    assert.equal(given, code, path)
    assert.match(message, sentence)
  }
})

test('pods that nobody asks about any more are forgotten', async () => {
  const { book, clock } = world([], () => text(['gantry_queue_length 2']))
  const { signal } = new AbortController()
  for (let one = 0; one < 100; one += 1) await book.read(pod(`p${one}`), signal)
  assert.equal(book.size(), 100)
  await clock.advance(601_000)
  await book.read(pod('last'), signal)
  assert.equal(book.size(), 1)
})
