/** Foreign text about a model reaches status, Events and the log as short lines of visible characters. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveEvent, LivePod } from '@gantry/kube/live.ts'
import { type ClusterOptions, type TestCluster, testCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { ended, eventOnce, unscheduled, waits } from '../../testing/trouble.ts'

/** Clears a terminal, forges a line of `kubectl describe`, turns the rest around, and does not end. */
const hostile = `\u001b[2J\r\n  Ready:\tTrue\u2028\u0085\u0000\u202e\ud800${'x'.repeat(100_000)}`
const seen = /\ufffd\[2J Ready: True \ufffd\ufffd\ufffdx+…/u

const isImport = (pod: LivePod): boolean => pod.metadata.labels?.[labels.component] === components.import
const stuck = (isMeant: (pod: LivePod) => boolean, status: LivePod['status']): ClusterOptions => ({
  stuck: (pod) => (isMeant(pod) ? status : undefined),
})
const server = (pod: LivePod): boolean => !isImport(pod)

interface Source {
  readonly of: string
  readonly options?: ClusterOptions
  readonly happens?: (cluster: TestCluster) => void
  /** What our own sentence says after the quotation; it must not be pushed out. */
  readonly ends: RegExp
}

const message = hostile.slice(0, 3000)
const report = { outcome: 'failed', reason: 'NotOnnx', message, retry: 'never' } as const
const crashing = (message: string): ClusterOptions => ({
  starts: () => ({ crash: JSON.stringify({ level: 'error', message }) }),
})
const sources: readonly Source[] = [
  { of: 'the report of an import', options: { imports: () => report }, ends: /delete job intents-import-/ },
  {
    of: 'the log of an import',
    options: stuck(isImport, ended(1, 'Error', hostile.replaceAll('\n', ''))),
    ends: /delete job intents-import-/,
  },
  {
    of: 'a node that ends a pod',
    options: stuck(isImport, { phase: 'Failed', message: hostile }),
    ends: /It is tried again by itself/,
  },
  { of: 'the log of a server', options: crashing(hostile), ends: /to an id in status\.versions\.$/ },
  {
    of: 'the registry of an image',
    options: stuck(server, waits('ErrImagePull', hostile)),
    ends: /and the pull secrets\.$/,
  },
  {
    of: 'a container runtime',
    options: stuck(server, waits('RunContainerError', hostile)),
    ends: /tells more\.$/,
  },
  { of: 'the scheduler', options: stuck(server, unscheduled(hostile)), ends: /Pod intents-/ },
  {
    of: 'an Event of a pod',
    options: stuck(server, waits('ContainerCreating', '')),
    happens: (cluster) => eventOnce(cluster, 'Pod', 'FailedMount', `Multi-Attach ${hostile}`),
    ends: /with a storage class that has it\.$/,
  },
  {
    of: 'an Event of a claim',
    options: { stuck: () => unscheduled('pod has unbound immediate PersistentVolumeClaims') },
    happens: (cluster) => {
      cluster.edit('PersistentVolumeClaim', (claim) => {
        claim.status = { phase: 'Pending' }
      })
      eventOnce(cluster, 'PersistentVolumeClaim', 'ProvisioningFailed', hostile)
    },
    ends: /or provide a fitting PersistentVolume\.$/,
  },
  {
    of: 'a webhook that refuses an object',
    happens: ({ faults, erase }) => {
      erase('Service')
      faults.before = ({ kind }) => {
        if (kind === 'Service') throw new ApiError(422, 'Invalid', hostile)
      }
    },
    ends: /or the operator's rights if they are too small\.$/,
  },
  {
    of: 'a quota',
    happens: ({ faults, erase }) => {
      erase('Service')
      faults.before = ({ kind }) => {
        if (kind === 'Service') throw new ApiError(403, 'Forbidden', `exceeded quota: ${hostile}`)
      }
    },
    ends: /or ask for less in spec\.$/,
  },
  {
    of: 'an admission plugin that refuses a pod',
    options: stuck(isImport, { phase: 'Pending' }),
    happens: (cluster) => {
      for (const pod of cluster.all<LivePod>('Pod')) cluster.erase('Pod', pod.metadata.name)
      eventOnce(cluster, 'Job', 'FailedCreate', hostile)
    },
    ends: /in spec\.serve or in the namespace's policies\.$/,
  },
]

const texts = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}
const unfit = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

for (const { of, options, happens, ends } of sources) {
  test(`the words of ${of} are cut, cleaned, and followed by what to do`, async () => {
    const cluster = testCluster(options)
    await cluster.settle(5_000)
    happens?.(cluster)
    await cluster.pass()
    const messages = (cluster.model().status?.conditions ?? []).map(({ message }) => message)
    assert.ok(
      messages.some((message) => seen.test(message) && ends.test(message)),
      messages.map((message) => message.slice(0, 300)).join('\n'),
    )
    const told = cluster
      .all<LiveEvent>('Event')
      .filter(({ involvedObject }) => involvedObject?.kind === 'ModelDeployment')
    for (const text of [...texts(cluster.model().status), ...told.flatMap(texts)]) {
      assert.doesNotMatch(text, unfit)
      assert.ok(text.length <= 4096)
    }
    assert.ok(told.every(({ message = '' }) => message.length <= 1024))
  })
}

test('names and addresses of a spec are cleaned where they are quoted', async () => {
  const source = { uri: undefined, configMapRef: { name: '\u202egnp.\u001b[2J' } }
  const cluster = testCluster({ model: modelDeployment({ spec: { model: { source } } }) })
  await cluster.settle()
  assert.match(cluster.condition('Imported')?.message ?? '', /configmap:\/\/\ufffdgnp\.\ufffd\[2J/)
  for (const text of texts(cluster.model().status)) assert.doesNotMatch(text, unfit)
})
