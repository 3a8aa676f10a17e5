import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveJob } from '@gantry/kube/live.ts'
import { outcomeOf } from './attempt.ts'

const job = (activeDeadlineSeconds?: number): LiveJob => ({
  ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'intents-import-0', uid: 'u' } },
  spec: activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds },
  status: { conditions: [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded' }] },
})
const messageOf = (of: LiveJob): string => {
  const outcome = outcomeOf(of, [])
  return outcome.kind === 'failed' ? outcome.message : ''
}

test('an import that took too long is told with the deadline that its Job had', () => {
  assert.equal(messageOf(job(6 * 3600)), 'The import took longer than 6 hours and was ended.')
  assert.equal(messageOf(job(5400)), 'The import took longer than 90 minutes and was ended.')
  assert.equal(messageOf(job()), 'The import took longer than its deadline and was ended.')
})
