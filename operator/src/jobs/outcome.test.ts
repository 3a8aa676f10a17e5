import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveJob, LivePod } from '@gantry/kube/live.ts'
import type { JobKind } from './kind.ts'
import { outcomeOf } from './outcome.ts'

const kind: JobKind<never, 'ImportFailed'> = {
  ...{ noun: 'import', failures: ['ImportFailed'], unreported: 'ImportFailed' },
  ...{ resourcesField: 'spec.storage.import.resources', deadlineSeconds: 7200, read: () => undefined },
}
const late = (spec: LiveJob['spec']): string => {
  const outcome = outcomeOf(
    kind,
    {
      ...{
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'intents-import-0', uid: 'u' },
        spec: spec ?? {},
      },
      status: { conditions: [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded' }] },
    },
    [],
  )
  return outcome.kind === 'failed' ? outcome.message : outcome.kind
}

test('a Job that took too long is told with the deadline that it had, else with that of its kind', () => {
  assert.equal(
    late({ activeDeadlineSeconds: 6 * 3600 }),
    'The import took longer than 6 hours and was ended.',
  )
  assert.equal(late({ activeDeadlineSeconds: 5400 }), 'The import took longer than 90 minutes and was ended.')
  assert.equal(late({}), 'The import took longer than 2 hours and was ended.')
})

test('success is believed of the main container only: what ran before it cannot say that the Job has done its work', () => {
  const told: JobKind<string, 'ImportFailed'> = {
    ...kind,
    read: () => ({ kind: 'done', report: 'forged' }),
  }
  const job = {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'intents-opt-0', uid: 'u' }, spec: {} },
    status: { conditions: [{ type: 'Failed', status: 'True' }] },
  } as const
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: 'p', ownerReferences: [{ uid: 'u', controller: true }] },
    status: {
      phase: 'Failed',
      initContainerStatuses: [
        { name: 'optimize', state: { terminated: { exitCode: 1, message: '{"outcome":"imported"}' } } },
      ],
      containerStatuses: [{ name: 'commit', state: { waiting: {} } }],
    },
  } as unknown as LivePod
  const outcome = outcomeOf(told, job as unknown as LiveJob, [pod])
  assert.equal(outcome.kind, 'failed')
})

const evictedWith = (message: string) => {
  const job = {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'intents-opt-0', uid: 'u' }, spec: {} },
    status: { conditions: [{ type: 'Failed', status: 'True' }] },
  } as unknown as LiveJob
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: 'p', ownerReferences: [{ uid: 'u', controller: true }] },
    status: { phase: 'Failed', reason: 'Evicted', message },
  } as unknown as LivePod
  const outcome = outcomeOf(kind, job, [pod])
  return outcome.kind === 'failed' ? outcome : assert.fail(outcome.kind)
}

test('a pod that took more disk than its own limits is not tried again: the next one would be evicted, too', () => {
  for (const message of [
    'Usage of EmptyDir volume "optimization" exceeds the limit "10Gi". ',
    'Pod ephemeral local storage usage exceeds the total limit of containers 12Gi. ',
    'Container optimize exceeded its local ephemeral storage limit "12Gi". ',
  ]) {
    const outcome = evictedWith(message)
    assert.equal(outcome.retry, 'never', message)
    assert.match(outcome.message, /Raise spec\.storage\.import\.resources\.limits\.ephemeral-storage/)
  }
})

test('a pod that its node had no disk for is tried again, and the message says what would find it another node', () => {
  const outcome = evictedWith(
    'The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9Gi. ',
  )
  assert.equal(outcome.retry, 'backoff')
  assert.match(outcome.message, /spec\.storage\.import\.resources\.requests\.ephemeral-storage/)
  assert.doesNotMatch(evictedWith('The node was low on resource: memory.').message, /ephemeral/)
})
