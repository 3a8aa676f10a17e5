import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operatorMetrics } from '@gantry/contract/metrics.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, Pod } from '@gantry/kube/resources.ts'
import { modelDeploymentKind } from '../modeldeployment/kind.ts'
import { modelEvaluationKind } from '../modelevaluation/kind.ts'
import { createMetrics } from './metrics.ts'

const model = (ready?: string): KubernetesObject => ({
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelDeployment',
  metadata: { name: 'm', namespace: 'shop' },
  ...(ready ? { status: { conditions: [{ type: 'Ready', status: ready }] } } : {}),
})

const observing = (models: readonly KubernetesObject[] = []) => {
  const metrics = createMetrics()
  metrics.observeFleet(() => ({ waiting: 2, paused: true }))
  metrics.observe({
    queueLength: () => 3,
    isLeading: () => true,
    manager: 'gantry-system/gantry',
    kinds: [
      { ...modelDeploymentKind.metric, objects: () => models },
      { ...modelEvaluationKind.metric, objects: () => [] },
    ],
    contactAgesMs: () => new Map([['pods', 1_500]]),
  })
  return metrics
}

test('every promised metric is there', async () => {
  const text = await observing().text()
  for (const name of Object.values(operatorMetrics)) assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'))
})

test('writes are counted by verb and resource, reads are not writes', async () => {
  const metrics = observing()
  metrics.onCall({ verb: 'apply', resource: Deployment.plural, code: 200 })
  metrics.onCall({ verb: 'apply', resource: Deployment.plural, code: 409 })
  for (const verb of ['get', 'list', 'watch']) metrics.onCall({ verb, resource: Pod.plural, code: 200 })
  const text = await metrics.text()
  assert.match(text, /api_writes_total\{verb="apply",resource="deployments"\} 2/)
  assert.doesNotMatch(text, /api_writes_total\{[^}]*pods/)
  assert.match(text, /api_requests_total\{verb="apply",resource="deployments",code="409"\} 1/)
  assert.match(text, /api_requests_total\{verb="watch",resource="pods",code="200"\} 1/)
})

test('objects of another release are counted by its name', async () => {
  const managed = (managedBy?: string) => ({ ...model(), status: managedBy ? { managedBy } : {} })
  const other = 'team-a/gantry'
  const text = await observing([
    managed(other),
    managed(other),
    managed('gantry-system/gantry'),
    managed(),
  ]).text()
  assert.match(text, /managed_elsewhere\{manager="team-a\/gantry"\} 2/)
  assert.doesNotMatch(text, /managed_elsewhere\{manager="gantry-system/)
})

test('gauges are read when they are asked for', async () => {
  const text = await observing([model('True'), model('True'), model('False'), model()]).text()
  assert.match(text, /models\{ready="True"\} 2/)
  assert.match(text, /models\{ready="False"\} 1/)
  assert.match(text, /models\{ready="Unknown"\} 1/)
  assert.match(text, /queue_length 3/)
  assert.match(text, /operator_leader 1/)
  assert.match(text, /watch_contact_age_seconds\{resource="pods"\} 1.5/)
})

test('passes are counted by outcome and timed in seconds', async () => {
  const metrics = observing()
  metrics.onPass('settled', 20)
  metrics.onWatchRestart(Pod, 'relist')
  const text = await metrics.text()
  assert.match(text, /reconciles_total\{result="settled"\} 1/)
  assert.match(text, /reconcile_duration_seconds_sum 0.02/)
  assert.match(text, /watch_restarts_total\{resource="pods",how="relist"\} 1/)
})
