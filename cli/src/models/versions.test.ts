import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Model, ModelVersion } from '../cluster/resources.ts'
import { gitOpsOf } from './gitops.ts'
import { nextSteps } from './next-steps.ts'
import { findVersion, versionBefore } from './versions.ts'

const version = (id: string, phase: ModelVersion['phase']): ModelVersion => ({
  id,
  label: `label-${id}`,
  revision: id,
  source: 'https://models.example.com/m.tar',
  digest: 'sha256:0',
  sizeBytes: 1,
  createdAt: '2026-11-23T10:15:00Z',
  phase,
})

interface Given {
  readonly asks?: string
  readonly ready?: 'True' | 'False'
  readonly reason?: string
  readonly versions?: readonly ModelVersion[]
}

/** c serves, and what is asked for is served. */
const model = ({ asks = 'label-c', ready = 'True', reason = 'Ready', versions }: Given = {}): Model => ({
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelDeployment',
  metadata: { name: 'm', namespace: 'shop', generation: 1 },
  spec: { model: { task: 'tensor', source: { uri: 'https://models.example.com/m.tar' }, version: asks } },
  status: {
    observedGeneration: 1,
    activeVersion: 'c',
    versions: [
      ...(versions ?? [version('a', 'Imported'), version('b', 'Imported'), version('c', 'Serving')]),
    ],
    conditions: [
      { type: 'Ready', status: ready, reason, message: '', lastTransitionTime: '2026-11-23T10:15:00Z' },
    ],
  },
})

test('a rollback leads to the version before the one that serves', () => {
  assert.equal(versionBefore(model()).id, 'b')
})

test('a version that the gate holds back is passed over', () => {
  const versions = [version('a', 'Imported'), version('b', 'Failed'), version('c', 'Serving')]
  assert.equal(versionBefore(model({ versions })).id, 'a')
})

test('a change that has not come to serve is taken back', () => {
  assert.equal(versionBefore(model({ asks: 'label-d', ready: 'False', reason: 'ImportFailed' })).id, 'c')
})

test('a second rollback, while the first is on its way, does not undo it', () => {
  assert.equal(versionBefore(model({ asks: 'b', ready: 'False', reason: 'RollingOut' })).id, 'b')
})

test('where no version stands before the serving one, the user is told', () => {
  const versions = [version('b', 'Failed'), version('c', 'Serving')]
  assert.throws(() => versionBefore(model({ versions })), /m has no version before c \(label-c\)/)
})

test('a version is found by its id, or by its label', () => {
  assert.equal(findVersion(model(), 'b').id, 'b')
  assert.equal(findVersion(model(), 'label-a').id, 'a')
  assert.throws(() => findVersion(model(), 'z'), /m has no version z on its volume/)
})

test('what to do next follows from the reason, without the links of the manual', () => {
  assert.match(nextSteps(model()).join(' '), /gantry predict m --json/)
  const refused = nextSteps(model({ ready: 'False', reason: 'PodTemplateNotAllowed' })).join('\n')
  assert.match(refused, /PodTemplateNotAllowed: Remove the fields/)
  assert.doesNotMatch(refused, /\]\(/)
})

test('the log that says more is that of what failed', () => {
  const logOf = (reason: string, of?: 'Optimized' | 'Evaluated') => {
    const broken = model({ ready: 'False', reason })
    const conditions = [...(broken.status?.conditions ?? [])]
    if (of)
      conditions.push({
        type: of,
        status: 'False',
        reason,
        message: '',
        lastTransitionTime: '2026-11-23T10:15:00Z',
      })
    return nextSteps({ ...broken, status: { ...broken.status, conditions } }).join('\n')
  }
  assert.match(logOf('SourceNotFound'), /gantry logs m --import/)
  assert.match(logOf('OptimizationFailed', 'Optimized'), /gantry logs m --optimize/)
  assert.match(logOf('DatasetInvalid', 'Optimized'), /gantry logs m --optimize/)
  assert.match(logOf('DatasetInvalid', 'Evaluated'), /gantry logs m --evaluate/)
  assert.match(logOf('ServerCrashLoop'), /gantry logs m` shows the log of the server/)
})

test('Argo CD, Flux and Helm are told by their marks', () => {
  const marked = (metadata: object) => gitOpsOf({ ...model(), metadata: { name: 'm', ...metadata } })
  assert.equal(marked({}), undefined)
  assert.deepEqual(marked({ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }), {
    tool: 'Flux',
    name: 'apps',
  })
  assert.deepEqual(marked({ annotations: { 'meta.helm.sh/release-name': 'models' } }), {
    tool: 'Helm',
    name: 'models',
  })
  assert.deepEqual(marked({ managedFields: [{ manager: 'argocd-controller' }] }), { tool: 'Argo CD' })
})
