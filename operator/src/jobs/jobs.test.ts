/** The machine of Jobs does not know what they do: here they evaluate. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isObject } from '@gantry/kube/json-object.ts'
import type { LiveJob, LivePod } from '@gantry/kube/live.ts'
import { attemptOf, lastFailureOf, longestDelayMs, retryAt } from './attempt.ts'
import type { JobKind } from './kind.ts'
import { outcomeOf } from './outcome.ts'
import { failedOf } from './report.ts'
import { stepOf, withLastFailure } from './step.ts'

const evaluation: JobKind<{ readonly accuracy: number }, 'TooInaccurate' | 'EvaluationFailed'> = {
  noun: 'evaluation',
  failures: ['TooInaccurate', 'EvaluationFailed'],
  unreported: 'EvaluationFailed',
  resourcesField: 'spec.evaluation.resources',
  deadlineSeconds: 2 * 60 * 60,
  read: (given) => {
    if (!isObject(given)) return undefined
    const { outcome, accuracy, message, retry } = given
    if (outcome === 'done' && typeof accuracy === 'number') return { kind: 'done', report: { accuracy } }
    const reason = evaluation.failures.find((one) => one === given['reason'])
    const isKnown = retry === 'never' || retry === 'backoff'
    return reason && isKnown ? failedOf({ reason, message: String(message), retry }) : undefined
  },
}

const endedAt = '2026-11-23T10:00:00Z'
const job = (type?: 'Complete' | 'Failed', attempt = 0, reason?: string): LiveJob => ({
  ...{ apiVersion: 'batch/v1', kind: 'Job' },
  metadata: {
    name: 'evaluate',
    namespace: 'shop',
    uid: 'job',
    annotations: { 'gantry.dev/attempt': `${attempt}` },
  },
  spec: { template: { spec: { containers: [{ resources: { limits: { memory: '1Gi' } } }] } } },
  status: {
    conditions: type
      ? [{ type, status: 'True', lastTransitionTime: endedAt, ...(reason ? { reason } : {}) }]
      : [],
  },
})
const pod = (terminated: object | undefined, uid = 'job'): LivePod => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: {
    name: 'evaluate-x',
    namespace: 'shop',
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'evaluate', uid, controller: true }],
  },
  status: {
    phase: terminated ? 'Failed' : 'Running',
    containerStatuses: [
      { name: 'main', state: terminated ? { terminated: { exitCode: 1, ...terminated } } : {} },
    ],
  },
})
const reporting = (report: object): LivePod => pod({ message: JSON.stringify(report) })

test('what it reports is read by its kind, and a failure by its reasons alone', () => {
  assert.deepEqual(outcomeOf(evaluation, job('Complete'), [reporting({ outcome: 'done', accuracy: 0.9 })]), {
    kind: 'done',
    report: { accuracy: 0.9 },
  })
  const failed = { outcome: 'failed', reason: 'TooInaccurate', message: 'It is 0.4.', retry: 'never' }
  assert.deepEqual(outcomeOf(evaluation, job('Failed'), [reporting(failed)]), {
    ...{ kind: 'failed', reason: 'TooInaccurate', message: 'It is 0.4.', retry: 'never' },
  })
  const foreign = outcomeOf(evaluation, job('Failed'), [reporting({ ...failed, reason: 'NotOnnx' })])
  assert.equal(foreign.kind === 'failed' && foreign.reason, 'EvaluationFailed')
})

test('how it ended is told in its words, with the fields that help', () => {
  const messageOf = (ended: LiveJob, pods: readonly LivePod[]): string => {
    const outcome = outcomeOf(evaluation, ended, pods)
    return outcome.kind === 'failed' ? outcome.message : outcome.kind
  }
  assert.match(
    messageOf(job('Failed'), [pod({ exitCode: 137, reason: 'OOMKilled' })]),
    /The evaluation needed more memory than its limit of 1Gi .*spec\.evaluation\.resources\.limits\.memory/,
  )
  assert.match(messageOf(job('Failed', 0, 'DeadlineExceeded'), []), /The evaluation took longer than 2 hours/)
  assert.match(
    messageOf(job('Failed'), [pod({ message: 'Killed' })]),
    /The evaluation did not finish: .*exit code 1/,
  )
})

test('it is tried again ever later, and each attempt tells why the one before it failed', () => {
  const unreachable = reporting({
    outcome: 'failed',
    reason: 'EvaluationFailed',
    message: 'No answer.',
    retry: 'backoff',
  })
  const ended = Date.parse(endedAt)
  assert.equal(retryAt(job('Failed', 1)), ended + 20_000)
  assert.equal(retryAt(job('Failed', 30)), ended + longestDelayMs)
  assert.equal(stepOf(evaluation, job('Failed', 1), [unreachable], ended + 19_999).kind, 'hold')
  const step = stepOf(evaluation, job('Failed', 1), [unreachable], ended + 20_000)
  assert.equal(step.kind === 'start' && step.attempt, 2)
  const next = withLastFailure(evaluation, job(undefined, 2), step, [unreachable]) as LiveJob
  assert.equal(attemptOf(next), 2)
  assert.deepEqual(lastFailureOf(evaluation, next), { reason: 'EvaluationFailed', message: 'No answer.' })
})

test('one whose pod is gone with its report is started again, ever later', () => {
  const ended = Date.parse(endedAt)
  assert.equal(stepOf(evaluation, job('Complete', 1), [], ended + 19_999).kind, 'hold')
  const step = stepOf(evaluation, job('Complete', 1), [], ended + 20_000)
  assert.equal(step.kind === 'start' && step.attempt, 2)
})

test('two never write to one volume at the same time', () => {
  const other = pod(undefined, 'another job')
  const step = stepOf(evaluation, undefined, [other], 0)
  assert.equal(step.kind === 'queue' && step.behind, other)
  assert.deepEqual(stepOf(evaluation, undefined, [], 0), { kind: 'start', attempt: 0 })
})
