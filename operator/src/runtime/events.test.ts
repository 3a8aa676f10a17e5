import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveEvent } from '@gantry/kube/live.ts'
import type { Condition } from '@gantry/kube/objects.ts'
import { announcements } from '../modeldeployment/announcements.ts'
import { modelDeployment } from '../testing/model-deployment.ts'
import { eventsOf } from './events.ts'
import type { Subject } from './subject.ts'

const time = '2026-11-23T10:00:00Z'
const model = modelDeployment()
const condition = (type: string, status: Condition['status'], reason: string, message = ''): Condition => ({
  ...{ type, status, reason, message, lastTransitionTime: time },
})
const withConditions = (conditions: readonly Condition[]): Subject => ({ ...model, status: { conditions } })
const told = (last: readonly Condition[], next: readonly Condition[]): readonly LiveEvent[] =>
  eventsOf(announcements, withConditions(last), next, time) as readonly LiveEvent[]

test('a transition is one Event with the same reason and message', () => {
  const [event, ...rest] = told([], [condition('Ready', 'True', 'Ready', 'Serves.')])
  assert.deepEqual([event?.reason, event?.type, event?.message], ['Ready', 'Normal', 'Serves.'])
  assert.equal(event?.involvedObject?.uid, model.metadata.uid)
  assert.deepEqual(rest, [])
})

test('one reason is reported once, as a warning where a person must act', () => {
  const events = told(
    [],
    [condition('Ready', 'False', 'ImagePull'), condition('Stalled', 'True', 'ImagePull')],
  )
  assert.deepEqual(
    events.map(({ reason, type }) => [reason, type]),
    [['ImagePull', 'Warning']],
  )
})

test('another message alone is no transition', () => {
  const last = condition('Ready', 'False', 'RollingOut', '0 of 2')
  assert.deepEqual(told([last], [{ ...last, message: '1 of 2' }]), [])
})

test('what ends well is told by Ready, not by what is over', () => {
  const last = [condition('Stalled', 'True', 'ImagePull'), condition('Ready', 'False', 'ImagePull')]
  const next = [condition('Stalled', 'False', 'NotStalled'), condition('Ready', 'True', 'Ready')]
  assert.deepEqual(
    told(last, next).map(({ reason }) => reason),
    ['Ready'],
  )
})

test('steps on the way are normal, a retry is a warning', () => {
  const typeOf = (reason: string) => told([], [condition('Reconciling', 'True', reason)])[0]?.type
  assert.equal(typeOf('Importing'), 'Normal')
  assert.equal(typeOf('RollingOut'), 'Normal')
  assert.equal(typeOf('SourceUnreachable'), 'Warning')
})

test('a model on the CPU as desired is reported only where it ran on a GPU before', () => {
  const next = condition('AcceleratorActive', 'False', 'NotRequested')
  const reasons = (last: Condition[]) => told(last, [next]).map(({ reason }) => reason)
  assert.deepEqual(reasons([]), [])
  assert.deepEqual(reasons([condition('AcceleratorActive', 'Unknown', 'NoAnswer')]), [])
  assert.deepEqual(reasons([condition('AcceleratorActive', 'True', 'Cuda')]), ['NotRequested'])
  assert.deepEqual(reasons([condition('AcceleratorActive', 'False', 'CpuFallback')]), ['NotRequested'])
  const fallback = condition('AcceleratorActive', 'False', 'CpuFallback')
  assert.deepEqual(
    told([condition('AcceleratorActive', 'Unknown', 'NoAnswer')], [fallback]).map(({ reason }) => reason),
    ['CpuFallback'],
  )
})

test('the same transition has the same name, a later one another', () => {
  const next = [condition('Ready', 'True', 'Ready')]
  const nameIn = (resourceVersion: string) =>
    eventsOf(announcements, { ...model, metadata: { ...model.metadata, resourceVersion } }, next, time)[0]
      ?.metadata.name
  assert.equal(nameIn('1'), nameIn('1'))
  assert.notEqual(nameIn('1'), nameIn('2'))
})

test('a message is never longer than the API takes', () => {
  const [event] = told([], [condition('Ready', 'False', 'ServerCrashLoop', 'x'.repeat(5000))])
  assert.equal(event?.message?.length, 1024)
})
