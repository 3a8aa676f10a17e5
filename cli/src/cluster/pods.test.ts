import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LivePod } from '@gantry/kube/live.ts'
import { podState, startedContainers } from './pods.ts'

const pod = (status: LivePod['status']): LivePod =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'm-opt-1' }, status }) as LivePod
const ended = (name: string, exitCode: number) => ({ name, state: { terminated: { exitCode } } })
const waiting = (name: string) => ({ name, state: { waiting: { reason: 'PodInitializing' } } })

test('the containers of a Job that have begun are known, in their order', () => {
  const running = { name: 'optimize', state: { running: {} } }
  const middle = pod({
    initContainerStatuses: [ended('samples', 0), running],
    containerStatuses: [waiting('commit')],
  } as LivePod['status'])
  assert.deepEqual(startedContainers(middle), ['samples', 'optimize'])
  const whole = pod({
    initContainerStatuses: [ended('samples', 0), ended('optimize', 0)],
    containerStatuses: [ended('commit', 0)],
  } as LivePod['status'])
  assert.deepEqual(startedContainers(whole), ['samples', 'optimize', 'commit'])
  assert.deepEqual(
    startedContainers(pod({ containerStatuses: [waiting('import')] } as LivePod['status'])),
    [],
  )
})

test('a pod whose steps run says which, instead of that its last container waits for them', () => {
  const status = {
    phase: 'Pending',
    initContainerStatuses: [ended('samples', 0), { name: 'optimize', state: { running: {} } }],
    containerStatuses: [waiting('commit')],
  }
  assert.equal(podState(pod(status as LivePod['status'])), 'Running optimize')
})
