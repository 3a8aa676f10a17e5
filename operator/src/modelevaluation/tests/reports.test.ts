/** The ConfigMap with the reports, and the price sheet that ranks them. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { LiveConfigMap, LivePod } from '@gantry/kube/live.ts'
import type { Draft } from '../../testing/cluster.ts'
import {
  type EvaluationCluster,
  evaluationCluster,
  settledEvaluation,
} from '../../testing/evaluation-cluster.ts'
import { modelEvaluation } from '../../testing/model-evaluation.ts'
import type { ModelEvaluationSpec } from '../model-evaluation.ts'

/** Bytes of a ConfigMap, as the API server counts them. */
const bytesOf = (map: LiveConfigMap | undefined): number => {
  const { data = {}, binaryData = {} } = (map ?? {}) as {
    data?: Record<string, string>
    binaryData?: Record<string, string>
  }
  const texts = Object.values(data).map((text) => Buffer.byteLength(text))
  const blobs = Object.values(binaryData).map((text) => Buffer.from(text, 'base64').length)
  return [...texts, ...blobs].reduce((sum, bytes) => sum + bytes, 0)
}

const names = Array.from({ length: 16 }, (_, index) => `candidate-${index}`)
const many = (): ModelEvaluationSpec['candidates'] =>
  names.map((name) => ({
    name,
    task: 'text-classification',
    source: { uri: `https://models.example/${name}` },
  }))

test('reports and records whose names are not ASCII fit into one ConfigMap, whose limit is in bytes', async () => {
  const cluster = await settledEvaluation({ evaluation: modelEvaluation({ candidates: many() }) })
  const reports = names.map((name) => [name, randomBytes(58_200)] as const)
  cluster.edit(
    'ConfigMap',
    ({ data, binaryData }: Draft) => {
      for (const [name, bytes] of reports) {
        const record = JSON.parse(data[`${name}.json`])
        record.dataset.source = '商'.repeat(2048)
        record.report = createHash('sha256').update(bytes).digest('hex')
        data[`${name}.json`] = `${JSON.stringify(record)}\n`
        binaryData[`${name}.json.gz`] = bytes.toString('base64')
      }
    },
    'intents-report',
  )
  cluster.edit('ModelEvaluation', ({ spec }) => {
    spec.weights = { accuracy: 1, cost: 0, throughput: 0 }
  })
  await cluster.settle()
  const map = cluster.reports()
  assert.ok(bytesOf(map) > 700_000, `${bytesOf(map)} bytes`)
  assert.ok(bytesOf(map) <= 1_048_576, `${bytesOf(map)} bytes`)
})

const prices = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'gantry-prices', namespace: 'demo' } },
  data: { 'prices.yaml': 'currency: EUR\nnodes: [{perHour: 2}]\n' },
}

/** How often each ConfigMap and node is read from now on. */
const countReads = ({ world }: EvaluationCluster): ReadonlyMap<string, number> => {
  const reads = new Map<string, number>()
  const { kube } = world
  const { get } = kube
  Object.assign(kube, {
    get: (...asked: Parameters<typeof get>) => {
      reads.set(asked[2], (reads.get(asked[2]) ?? 0) + 1)
      return get(...asked)
    },
  })
  return reads
}

test('a pass reads the price sheet once', async () => {
  const evaluation = modelEvaluation({ costModel: { prices: { configMapRef: { name: 'gantry-prices' } } } })
  const node = { name: 'node-1', labels: {}, allocatable: { cpu: 2, memory: 8e9 } }
  const cluster = evaluationCluster({ evaluation, nodes: [node] })
  cluster.store.store(prices)
  await cluster.settle(10_000)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  const reads = countReads(cluster)
  await cluster.pass()
  assert.deepEqual([...reads], [['gantry-prices', 1]])
})

test('the log of no other pod is read than of the Jobs of the evaluation, once each, whatever labels a pod has', async () => {
  const cluster = evaluationCluster()
  const read: string[] = []
  const { kube } = cluster.world
  const { log } = kube
  Object.assign(kube, {
    log: (...asked: Parameters<typeof log>) => {
      read.push(asked[1])
      return log(...asked)
    },
  })
  await cluster.pass()
  cluster.step()
  const [ours] = cluster.all<LivePod>('Pod')
  assert.ok(ours)
  const owner = {
    ...{ apiVersion: 'batch/v1', kind: 'Job', name: 'theirs' },
    uid: 'uid-of-theirs',
    controller: true,
  }
  const metadata = { ...ours.metadata, name: 'stranger', uid: 'uid-of-stranger', ownerReferences: [owner] }
  const message = JSON.stringify({ outcome: 'measured' })
  const containerStatuses = [{ name: 'evaluate', state: { terminated: { exitCode: 0, message } } }]
  cluster.store.store({ ...ours, metadata, status: { phase: 'Succeeded', containerStatuses } } as LivePod)
  await cluster.settle()
  assert.equal(cluster.status().progress, '3/3')
  assert.equal(read.length, 3)
  assert.equal(new Set(read).size, 3)
  assert.ok(
    read.every((pod) => pod.startsWith('intents-measure-')),
    read.join(),
  )
})
