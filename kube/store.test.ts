import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from './objects.ts'
import { createStore } from './store.ts'

const pod = (name: string, resourceVersion: string, rest: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', resourceVersion, labels: { 'gantry.dev/model': 'm' } },
  ...rest,
})

/** A store whose changes read like `+a@5 ~a@6 -a@6`. */
const observed = () => {
  const changes: string[] = []
  const label = ({ metadata }: KubernetesObject): string => `${metadata.name}@${metadata.resourceVersion}`
  const store = createStore({
    onChange: (before, after) => {
      if (!before && after) changes.push(`+${label(after)}`)
      else if (before && !after) changes.push(`-${label(before)}`)
      else if (after) changes.push(`~${label(after)}`)
    },
    indexed: ['gantry.dev/model'],
  })
  const versions = () =>
    store
      .all()
      .map(label)
      .sort((a, b) => a.localeCompare(b))
  return { store, changes, versions }
}

test('a list tells what appeared, what changed and what vanished while no watch was open', () => {
  const { store, changes } = observed()
  store.replace([pod('a', '1'), pod('b', '2')], '10')
  store.replace([pod('b', '12'), pod('c', '13')], '20')
  assert.deepEqual(changes, ['+a@1', '+b@2', '-a@1', '~b@12', '+c@13'])
})

test('events that the store has seen already change nothing', () => {
  const { store, changes } = observed()
  store.replace([pod('a', '9')], '10')
  store.follow({ type: 'MODIFIED', object: pod('a', '9') })
  store.follow({ type: 'ADDED', object: pod('a', '8') })
  assert.deepEqual(changes, ['+a@9'])
})

test('versions are compared as numbers, not as text', () => {
  const { store, versions } = observed()
  store.replace([pod('a', '9')], '9')
  store.follow({ type: 'MODIFIED', object: pod('a', '10') })
  assert.deepEqual(versions(), ['a@10'])
})

test('our own write is visible at once, and its echo is not news', () => {
  const { store, changes, versions } = observed()
  store.replace([pod('a', '5')], '10')
  store.put(pod('a', '11'))
  assert.deepEqual(versions(), ['a@11'])
  store.follow({ type: 'MODIFIED', object: pod('a', '11') })
  store.follow({ type: 'MODIFIED', object: pod('a', '12') })
  assert.deepEqual(changes, ['+a@5', '~a@12'])
})

test('an old answer does not hide a newer state', () => {
  const { store, versions } = observed()
  store.replace([], '10')
  store.put(pod('a', '12'))
  store.put(pod('a', '11'))
  assert.deepEqual(versions(), ['a@12'])
})

test('a late answer does not bring back what is deleted already', () => {
  const { store, versions } = observed()
  store.replace([], '10')
  store.follow({ type: 'ADDED', object: pod('a', '11') })
  store.follow({ type: 'DELETED', object: pod('a', '12') })
  store.put(pod('a', '11'))
  assert.deepEqual(versions(), [])
})

test('a list that was taken before our write does not remove what we wrote', () => {
  const { store, versions } = observed()
  store.put(pod('a', '15'))
  store.replace([], '14')
  assert.deepEqual(versions(), ['a@15'])
  store.replace([], '16')
  assert.deepEqual(versions(), [])
})

test('the deletion of a predecessor does not remove its successor', () => {
  const { store, versions } = observed()
  store.replace([pod('a', '5')], '10')
  store.put(pod('a', '12'))
  store.follow({ type: 'DELETED', object: pod('a', '11') })
  assert.deepEqual(versions(), ['a@12'])
})

test('after a restore from a backup the list is the truth, older as it is', () => {
  const { store, versions } = observed()
  store.replace([pod('a', '90'), pod('b', '91')], '100')
  store.put(pod('c', '101'))
  store.replace([pod('a', '40')], '50')
  assert.deepEqual(versions(), ['a@40'])
})

test('a bookmark moves on what counts as told', () => {
  const { store, versions } = observed()
  store.replace([], '10')
  store.follow({ type: 'BOOKMARK', object: pod('', '30') })
  store.put(pod('a', '20'))
  assert.deepEqual(versions(), [], 'written at 20 and gone by 30')
})

test('objects are found by their model, also after it changed', () => {
  const { store } = observed()
  store.replace([pod('a', '1'), pod('b', '2')], '10')
  const moved = pod('a', '11')
  const relabelled = { ...moved, metadata: { ...moved.metadata, labels: { 'gantry.dev/model': 'other' } } }
  store.follow({ type: 'MODIFIED', object: relabelled })
  const names = (model: string) =>
    store.labelled('shop', 'gantry.dev/model', model).map(({ metadata }) => metadata.name)
  assert.deepEqual(names('m'), ['b'])
  assert.deepEqual(names('other'), ['a'])
  assert.deepEqual(store.labelled('elsewhere', 'gantry.dev/model', 'm'), [])
})

test('managedFields are not kept', () => {
  const { store } = observed()
  const heavy = pod('a', '1')
  store.replace([{ ...heavy, metadata: { ...heavy.metadata, managedFields: [{}] } } as KubernetesObject], '1')
  assert.equal(store.get('shop', 'a')?.metadata.name, 'a')
  assert.ok(!('managedFields' in (store.get('shop', 'a')?.metadata ?? {})))
})
