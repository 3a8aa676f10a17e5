import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EvaluationFailure } from '@gantry/contract/evaluation.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import {
  type EvaluationClusterOptions,
  evaluationCluster,
  settledEvaluation,
} from '../../testing/evaluation-cluster.ts'
import { modelEvaluation } from '../../testing/model-evaluation.ts'

const failing = (
  reason: EvaluationFailure,
  retry: 'never' | 'backoff' = 'never',
): EvaluationClusterOptions => ({
  evaluates: () => ({
    kind: 'report',
    report: { outcome: 'failed', reason, message: 'It is wrong.', retry },
  }),
})

const reasonsOf = (cluster: Awaited<ReturnType<typeof settledEvaluation>>, name: string): string =>
  cluster
    .status()
    .ineligible?.find((one) => one.name === name)
    ?.reasons.join(' ') ?? ''

describe('a candidate', () => {
  test('that cannot load is ineligible with its sentence, and the others are ranked', async () => {
    const cluster = await settledEvaluation({
      evaluates: () => ({
        kind: 'candidates',
        of: (name) =>
          name === 'large' ? { name, reason: 'LoadFailed', message: 'No operator Foo.' } : undefined,
      }),
    })
    assert.equal(cluster.condition('Ready')?.status, 'True')
    assert.equal(cluster.status().results?.length, 2)
    assert.match(reasonsOf(cluster, 'large'), /No operator Foo/)
  })

  test('that needs more memory than its container may use is ineligible, and the field to raise is named', async () => {
    const cluster = await settledEvaluation({
      evaluates: ({ candidates }) =>
        candidates[0]?.name === 'large'
          ? {
              kind: 'status',
              status: {
                phase: 'Failed',
                containerStatuses: [
                  { name: 'evaluate', state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } },
                ],
              },
            }
          : undefined,
    })
    assert.equal(cluster.status().progress, '3/3')
    assert.match(
      reasonsOf(cluster, 'large'),
      /memory than its limit of 4Gi .*spec\.serve\.resources\.limits\.memory/,
    )
  })

  test('that takes longer than its pod may is ineligible', async () => {
    const cluster = await settledEvaluation({
      evaluates: ({ candidates }) =>
        candidates[0]?.name === 'large'
          ? { kind: 'status', status: { phase: 'Failed', reason: 'DeadlineExceeded' } }
          : undefined,
    })
    assert.match(reasonsOf(cluster, 'large'), /took longer than .* and was ended/)
  })

  test('whose source does not answer is tried again, and the others are measured meanwhile', async () => {
    let answers = false
    const cluster = evaluationCluster({
      evaluates: () => ({
        kind: 'candidates',
        of: (name) =>
          name === 'small' && !answers
            ? { name, reason: 'SourceUnreachable', message: 'No answer.', retry: 'backoff' }
            : undefined,
      }),
    })
    await cluster.settle(5_000)
    assert.equal(cluster.status().progress, '2/3')
    assert.equal(cluster.status().winner, undefined, 'no winner among some of the candidates')
    assert.equal(cluster.condition('Ready')?.reason, 'SourceUnreachable')
    assert.equal(cluster.condition('Reconciling')?.status, 'True')
    answers = true
    await cluster.settle()
    assert.equal(cluster.status().progress, '3/3')
  })

  test('that failed for good is tried again when its Job is deleted', async () => {
    let loads = false
    const cluster = await settledEvaluation({
      evaluates: () => ({
        kind: 'candidates',
        of: (name) =>
          name === 'large' && !loads ? { name, reason: 'LoadFailed', message: 'Not yet.' } : undefined,
      }),
    })
    loads = true
    for (const job of cluster.jobs()) cluster.store.erase(job)
    await cluster.settle()
    assert.equal(cluster.status().results?.length, 3)
    assert.equal(cluster.jobs().length, 1, 'what was measured is not measured anew')
  })
})

describe('a data set', () => {
  for (const reason of [
    'DatasetNotFound',
    'DatasetInvalid',
    'DatasetForbidden',
    'DatasetNotAllowed',
  ] as const)
    test(`that ends with ${reason} stops the evaluation, and another one is begun anew`, async () => {
      const wrong = modelEvaluation().spec.dataset
      const cluster = await settledEvaluation({
        evaluates: ({ dataset }) =>
          dataset.sourceName === `configmap://${wrong.configMapRef?.name}`
            ? { kind: 'report', report: { outcome: 'failed', reason, message: 'Line 3.', retry: 'never' } }
            : undefined,
      })
      assert.equal(cluster.condition('Stalled')?.reason, reason)
      assert.match(
        cluster.condition('Stalled')?.message ?? '',
        /Line 3\. To try again, .* delete job intents-/,
      )
      assert.equal(cluster.jobs().length, 1, 'the other candidates are not begun')
      cluster.edit('ModelEvaluation', ({ spec }) => {
        spec.dataset = { configMapRef: { name: 'right' } }
      })
      await cluster.settle()
      assert.equal(cluster.status().progress, '3/3')
    })

  test('that does not answer is asked for again ever later, by one candidate', async () => {
    const cluster = evaluationCluster(failing('DatasetUnreachable', 'backoff'))
    await cluster.settle(100_000)
    assert.equal(cluster.condition('Reconciling')?.reason, 'DatasetUnreachable')
    assert.equal(cluster.jobs().length, 1)
    cluster.writes.length = 0
    assert.equal((await cluster.pass()).kind, 'waiting')
    assert.deepEqual(cluster.writes, [])
  })
})

describe('a report', () => {
  test('whose log is gone is missing, and the measurement stands', async () => {
    const cluster = evaluationCluster()
    cluster.faults.logs = new Map()
    await cluster.settle()
    assert.equal(cluster.condition('Ready')?.status, 'True')
    assert.equal(cluster.status().results?.length, 3)
    const record = JSON.parse(cluster.reports()?.data?.['large.json'] ?? '')
    assert.match(record.missing, /could not be read/)
    cluster.writes.length = 0
    await cluster.pass()
    assert.deepEqual(cluster.writes, [], 'it is not read again and again')
  })

  test('of which the log has lost a line, or holds another one, is not taken', async () => {
    for (const spoil of [
      (log: string) => log.split('\n').slice(2).join('\n'),
      (log: string) => log.replace(/"data":"..../, '"data":"AAAA'),
    ]) {
      const cluster = evaluationCluster()
      const get = cluster.logs.get.bind(cluster.logs)
      cluster.faults.logs = { get: (pod: string) => spoil(get(pod) ?? '') } as never
      await cluster.settle()
      const { binaryData } = cluster.reports() as { binaryData?: object }
      assert.deepEqual(Object.keys(binaryData ?? {}), [])
      assert.equal(cluster.status().results?.length, 3)
    }
  })

  test('that somebody wrote into the ConfigMap in another form counts for nothing', async () => {
    const cluster = await settledEvaluation()
    const { results } = cluster.status()
    cluster.edit(
      'ConfigMap',
      ({ data }) => {
        data['large.json'] = '{"inputs": "x", "job": "y", "result": {"name": "large"}}'
        data['small.json'] = 'no JSON'
      },
      'intents-report',
    )
    await cluster.settle()
    assert.deepEqual(cluster.status().results, results)
  })
})

const pending = (conditions: object): Pick<EvaluationClusterOptions, 'stuck'> => ({
  stuck: ({ metadata, status }) =>
    metadata.namespace === 'demo' ? { phase: 'Pending', conditions: [conditions as never] } : status,
})
const unschedulable = (message: string) =>
  pending({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message })

describe('a pod that does not run', () => {
  for (const [name, options, reason, message] of [
    [
      'for lack of memory',
      unschedulable('0/1 nodes are available: 1 Insufficient memory.'),
      'Unschedulable',
      /enough memory free/,
    ],
    [
      'for a claim that does not exist',
      {
        ...unschedulable('persistentvolumeclaim "models" not found'),
        evaluation: modelEvaluation({ dataset: { uri: 'pvc://models/samples.jsonl' } }),
      },
      'MissingClaim',
      /PersistentVolumeClaim models does not exist in namespace demo.*spec\.dataset\.uri/,
    ],
    [
      'for a Secret that does not exist',
      {
        evaluation: modelEvaluation({
          dataset: { uri: 'https://data.example/x.jsonl', secretRef: { name: 'data-token' } },
        }),
        stuck: () => ({
          phase: 'Pending',
          containerStatuses: [
            {
              name: 'evaluate',
              state: {
                waiting: { reason: 'CreateContainerConfigError', message: 'secret "data-token" not found' },
              },
            },
          ],
        }),
      },
      'MissingSecret',
      /Secret data-token does not exist.*spec\.dataset\.secretRef/,
    ],
    [
      'for a Secret without hosts',
      {
        evaluation: modelEvaluation({
          dataset: { uri: 'https://data.example/x.jsonl', secretRef: { name: 'data-token' } },
        }),
        stuck: () => ({
          phase: 'Pending',
          containerStatuses: [
            {
              name: 'evaluate',
              state: {
                waiting: {
                  reason: 'CreateContainerConfigError',
                  message: "couldn't find key hosts in Secret demo/data-token",
                },
              },
            },
          ],
        }),
      },
      'SourceForbidden',
      /spec\.dataset\.secretRef names, has no key hosts.*hosts: data\.example/,
    ],
    [
      'for an image that cannot be pulled',
      {
        stuck: () => ({
          phase: 'Pending',
          containerStatuses: [{ name: 'evaluate', state: { waiting: { reason: 'ImagePullBackOff' } } }],
        }),
      },
      'ImagePull',
      /cannot be pulled/,
    ],
  ] as const)
    test(`${name} is told as ${reason}`, async () => {
      const cluster = evaluationCluster(options as EvaluationClusterOptions)
      await cluster.settle(1_000)
      assert.equal(cluster.condition('Ready')?.reason, reason)
      assert.match(cluster.condition('Ready')?.message ?? '', message)
      cluster.writes.length = 0
      await cluster.pass()
      assert.deepEqual(cluster.writes, [])
    })

  test('for a ConfigMap that does not exist is told by the Event of the kubelet', async () => {
    const cluster = evaluationCluster({ stuck: () => ({ phase: 'Pending' }) })
    await cluster.settle(1_000)
    const [pod] = cluster.all<LivePod>('Pod')
    cluster.store.store({
      ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'demo' } },
      ...{
        reason: 'FailedMount',
        count: 3,
        message: 'MountVolume.SetUp failed: configmap "samples" not found',
      },
      involvedObject: { uid: pod?.metadata.uid },
    })
    await cluster.settle(1_000)
    assert.equal(cluster.condition('Stalled')?.reason, 'MissingConfigMap')
    assert.match(cluster.condition('Stalled')?.message ?? '', /spec\.dataset\.configMapRef/)
  })

  test('because a quota refuses it is told with the field', async () => {
    const cluster = evaluationCluster()
    await cluster.pass()
    const [job] = cluster.jobs()
    cluster.store.store({
      ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'demo' } },
      ...{ reason: 'FailedCreate', message: 'pods "x" is forbidden: exceeded quota: small' },
      involvedObject: { uid: job?.metadata.uid },
    })
    await cluster.pass()
    assert.equal(cluster.condition('Stalled')?.reason, 'QuotaRefused')
    assert.match(cluster.condition('Stalled')?.message ?? '', /spec\.serve\.resources/)
  })
})

describe('a spec', () => {
  for (const [name, over, reason, message] of [
    [
      'with a file:// candidate',
      {
        candidates: [{ name: 'local', task: 'tensor' as const, source: { uri: 'file:///etc' } }],
      },
      'FileSourceNotAllowed',
      /spec\.candidates\[local\]\.source\.uri .* allowFileSources/,
    ],
    [
      'with a file:// data set',
      { dataset: { uri: 'file:///etc/passwd' } },
      'FileSourceNotAllowed',
      /spec\.dataset\.uri/,
    ],
    [
      'whose weights do not sum to 1',
      { weights: { accuracy: 1, cost: 1, throughput: 1 } },
      'SpecInvalid',
      /spec\.weights/,
    ],
    [
      'that leads out of a claim',
      { dataset: { uri: 'pvc://data/a/../../b' } },
      'UnsafePath',
      /spec\.dataset\.uri/,
    ],
  ] as const)
    test(`${name} is refused, and nothing is started`, async () => {
      const cluster = await settledEvaluation({ evaluation: modelEvaluation(over) })
      assert.equal(cluster.condition('Stalled')?.reason, reason)
      assert.match(cluster.condition('Stalled')?.message ?? '', message)
      assert.deepEqual(cluster.jobs(), [])
    })

  test('that is refused after a result keeps the result', async () => {
    const cluster = await settledEvaluation()
    cluster.edit('ModelEvaluation', ({ spec }) => {
      spec.dataset = { uri: 'file:///etc/passwd' }
    })
    await cluster.settle()
    assert.ok(cluster.reports())
    assert.equal(cluster.jobs().length, 3)
    cluster.edit('ModelEvaluation', ({ spec }) => {
      spec.dataset = modelEvaluation().spec.dataset
    })
    cluster.writes.length = 0
    await cluster.settle()
    assert.equal(cluster.condition('Ready')?.status, 'True')
    assert.ok(!cluster.writes.some(({ kind }) => kind === 'Job'), 'nothing is measured anew')
  })
})

const priced = modelEvaluation({ costModel: { prices: { configMapRef: { name: 'gantry-prices' } } } })
const sheet = (text: string) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'gantry-prices', namespace: 'demo' } },
  data: { 'prices.yaml': text },
})
const node = {
  name: 'node-1',
  labels: { 'node.kubernetes.io/instance-type': 'm5.large' },
  allocatable: { cpu: 2, memory: 8e9 },
}
const prices =
  'currency: EUR\nnodes:\n  - labels: {node.kubernetes.io/instance-type: m5.large}\n    perHour: 2\nrequests: {perThousand: 1}\n'

describe('a price sheet', () => {
  test('that does not exist is told, and looked for again', async () => {
    const cluster = evaluationCluster({ evaluation: priced, nodes: [node] })
    await cluster.settle(10_000)
    assert.equal(cluster.condition('Ready')?.reason, 'MissingConfigMap')
    assert.match(cluster.condition('Ready')?.message ?? '', /spec\.costModel\.prices\.configMapRef/)
    cluster.store.store(sheet(prices))
    await cluster.settle(10_000)
    assert.equal(cluster.condition('Ready')?.status, 'True')
    assert.equal(cluster.status().results?.[0]?.cost.inference, 1)
    assert.equal(cluster.status().results?.[0]?.cost.hardware, 1, 'one of two cores at 2 an hour')
  })

  test('that cannot be read is told with what is wrong', async () => {
    const cluster = evaluationCluster({ evaluation: priced })
    cluster.store.store(sheet('currency: EUR\nnodes: 3\n'))
    await cluster.settle(10_000)
    assert.equal(cluster.condition('Ready')?.reason, 'PricesInvalid')
    assert.match(cluster.condition('Ready')?.message ?? '', /nodes/)
  })

  test('without a price for the node of a candidate is told, and no candidate is the winner', async () => {
    const cluster = evaluationCluster({ evaluation: priced, nodes: [{ ...node, labels: { other: 'x' } }] })
    cluster.store.store(sheet(prices))
    await cluster.settle(10_000)
    assert.equal(cluster.condition('Ready')?.reason, 'CostUnknown')
    assert.match(cluster.condition('Ready')?.message ?? '', /node-1/)
    assert.equal(cluster.status().winner, undefined)
  })

  test('that is far too large is told, and not read', async () => {
    const cluster = evaluationCluster({ evaluation: priced, nodes: [node] })
    cluster.store.store(sheet(`${prices}#${'x'.repeat(300_000)}`))
    await cluster.settle(10_000)
    assert.equal(cluster.condition('Ready')?.reason, 'PricesInvalid')
    assert.match(cluster.condition('Ready')?.message ?? '', /more than \d+ characters/)
  })

  test('prices what was measured on a node that is gone by now', async () => {
    const nodes = [node]
    const cluster = evaluationCluster({ evaluation: priced, nodes })
    cluster.store.store(sheet(prices))
    await cluster.settle(10_000)
    const before = cluster.status()
    assert.equal(cluster.condition('Ready')?.status, 'True')
    nodes.length = 0
    cluster.advance(3_600_000)
    cluster.writes.length = 0
    await cluster.settle(10_000)
    assert.deepEqual(cluster.status(), before)
    assert.deepEqual(cluster.writes, [])
    cluster.store.store(sheet(prices.replace('perHour: 2', 'perHour: 4')))
    cluster.advance(60_000)
    await cluster.settle(10_000)
    assert.equal(cluster.status().results?.[0]?.cost.hardware, 2, 'by the new price')
  })
})
