import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import { type Draft, type TestCluster, testCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { snapshot } from '../../testing/snapshot.ts'

const settled = async (): Promise<TestCluster> => {
  const model = modelDeployment({ spec: { autoscaling: { minReplicas: 1, maxReplicas: 3 } } })
  const cluster = testCluster({ model })
  await cluster.settle()
  return cluster
}

/** Changes that other clients may make to each object that the operator manages. */
const meddling: Readonly<Record<string, (object: Draft) => void>> = {
  ServiceAccount: (account) => {
    account.automountServiceAccountToken = true
  },
  PersistentVolumeClaim: (claim) => {
    claim.spec.resources.requests.storage = '1Gi'
  },
  NetworkPolicy: (policy) => {
    policy.spec.ingress[0].from = []
  },
  Service: (service) => {
    service.spec.ports[0].targetPort = 'nowhere'
  },
  Deployment: (deployment) => {
    deployment.spec.template.spec.containers[0].image = 'registry.example/other'
  },
  HorizontalPodAutoscaler: (autoscaler) => {
    autoscaler.spec.maxReplicas = 99
  },
  PodDisruptionBudget: (budget) => {
    budget.spec.maxUnavailable = 5
  },
}

for (const [kind, meddle] of Object.entries(meddling)) {
  test(`an edited ${kind} is put right`, async () => {
    const cluster = await settled()
    const before = snapshot(cluster)
    cluster.edit(kind, meddle)
    await cluster.settle()
    assert.deepEqual(snapshot(cluster), before)
  })

  test(`a ${kind} without its owner reference is not ours any more, and one without its labels is`, async () => {
    const cluster = await settled()
    cluster.edit(kind, ({ metadata }) => {
      metadata.labels = { [labels.name]: 'another' }
    })
    await cluster.settle()
    assert.equal(cluster.find(kind)?.metadata.labels?.[labels.managedBy], labels.manager)
    cluster.edit(kind, ({ metadata }) => {
      delete metadata.ownerReferences
      metadata.labels = {}
    })
    await cluster.settle()
    assert.equal(cluster.condition('Stalled')?.reason, 'NameTaken')
    assert.deepEqual(cluster.find(kind)?.metadata.labels, {})
  })
}

for (const kind of [
  'ServiceAccount',
  'NetworkPolicy',
  'Service',
  'Deployment',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
]) {
  test(`a deleted ${kind} comes back`, async () => {
    const cluster = await settled()
    const before = snapshot(cluster)
    cluster.erase(kind)
    await cluster.settle()
    assert.deepEqual(snapshot(cluster), before)
  })
}

test('deleted settings come back', async () => {
  const cluster = await settled()
  const before = snapshot(cluster)
  cluster.erase('ConfigMap', cluster.all('ConfigMap')[0]?.metadata.name)
  await cluster.settle()
  assert.deepEqual(snapshot(cluster), before)
})

test('a finished import that was deleted is not run again', async () => {
  const cluster = await settled()
  cluster.erase('Job', cluster.all('Job')[0]?.metadata.name)
  await cluster.settle()
  assert.deepEqual(cluster.all('Job'), [])
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('what others add is left to them', async () => {
  const cluster = await settled()
  cluster.edit('Deployment', ({ metadata, spec }) => {
    metadata.annotations['deployment.kubernetes.io/revision'] = '1'
    spec.template.metadata.annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-11-23T12:00:00Z' }
    spec.template.spec.containers.push({ name: 'sidecar', image: 'registry.example/sidecar' })
  })
  const before = cluster.find<LiveDeployment>('Deployment')?.spec
  cluster.writes.length = 0
  await cluster.pass()
  assert.deepEqual(
    cluster.writes.filter(({ kind }) => kind === 'Deployment'),
    [],
  )
  await cluster.settle()
  assert.deepEqual(cluster.find<LiveDeployment>('Deployment')?.spec, before)
})

test('what spec asks for no longer is taken back', async () => {
  const cluster = await settled()
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.serve.podTemplate = {
      nodeSelector: { 'kubernetes.io/arch': 'arm64' },
      annotations: { team: 'shop' },
    }
  })
  await cluster.settle()
  const desired: Draft = cluster.find<LiveDeployment>('Deployment')?.spec?.template
  assert.equal(desired.spec.nodeSelector['kubernetes.io/arch'], 'arm64')
  assert.equal(desired.metadata.annotations.team, 'shop')
  cluster.edit('ModelDeployment', ({ spec }) => {
    delete spec.serve.podTemplate
  })
  await cluster.settle()
  const template: Draft = cluster.find<LiveDeployment>('Deployment')?.spec?.template
  assert.equal(template.spec.nodeSelector?.['kubernetes.io/arch'], undefined)
  assert.equal(template.metadata.annotations?.team, undefined)
})

test('owned objects that are not desired are pruned', async () => {
  const cluster = await settled()
  const { metadata, ...deployment } = structuredClone(cluster.find<LiveDeployment>('Deployment')) as Draft
  cluster.store.store({ ...deployment, metadata: { ...metadata, name: 'intents-left-over', uid: 'another' } })
  await cluster.settle()
  assert.equal(cluster.find('Deployment', 'intents-left-over'), undefined)
})

test('nothing is made anew in a namespace that is being deleted', async () => {
  const cluster = await settled()
  cluster.erase('ServiceAccount')
  cluster.erase('Service')
  cluster.erase('PodDisruptionBudget')
  const message = 'unable to create new content in namespace demo because it is being terminated'
  cluster.faults.before = ({ verb }) => {
    if (verb !== 'remove') throw new ApiError(403, 'Forbidden', message)
  }
  const written = cluster.writes.length
  const status = cluster.model().status
  assert.deepEqual(await cluster.pass(), { kind: 'settled' })
  assert.equal(cluster.writes.length, written + 1, 'one refusal is enough')
  assert.deepEqual(cluster.model().status, status)
})
