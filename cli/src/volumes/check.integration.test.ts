/** `gantry fsck` against a real API server: what it creates is admitted where pods are restricted, and nothing of it stays. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { deploymentName } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, Job, Pod, ServiceAccount } from '@gantry/kube/resources.ts'
import { Namespace } from '../cluster/resources.ts'
import { type TestCluster, testCluster, withoutApiServer } from '../testing/cluster.ts'
import { gantry } from '../testing/gantry.ts'
import { checkJob } from './check-job.ts'

const security = {
  ...{ runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 },
  seccompProfile: { type: 'RuntimeDefault' },
}

const deploymentOf = (namespace: string, name: string): KubernetesObject =>
  ({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: deploymentName(name, 'stable'), namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          ...{ securityContext: security, nodeSelector: { disk: 'fast' } },
          tolerations: [{ key: 'gpu', operator: 'Exists' }],
          imagePullSecrets: [{ name: 'registry' }],
          containers: [{ name: 'server', image: 'registry.example/server:1', imagePullPolicy: 'Never' }],
        },
      },
    },
  }) as KubernetesObject

describe('the check of a volume', { skip: withoutApiServer }, () => {
  let cluster: TestCluster
  before(async () => {
    cluster = await testCluster('fsck')
    const { kube } = cluster.session
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
    const patch = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: cluster.namespace, labels } }
    await kube.apply(Namespace, patch)
  })

  test('its pod is admitted under the restricted standard, placed and pulled as the servers are, and mounts nothing but the volume', async () => {
    const { namespace, session } = cluster
    const { kube } = session
    const model = await cluster.model('placed')
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'placed', namespace } }
    await kube.create(ServiceAccount, account)
    const deployment = await kube.create<KubernetesObject>(Deployment, deploymentOf(namespace, 'placed'))
    const check = { repair: false, seconds: 60, nodeName: 'node-1' }
    // biome-ignore lint/suspicious/noExplicitAny: fields of a Job are looked at
    const job: any = await kube.create(Job, checkJob(model, deployment, check, 'abc'))
    const { template } = job.spec
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'of-job', namespace },
      spec: template.spec,
    }
    await kube.create(Pod, pod as KubernetesObject)
    assert.deepEqual(
      [template.spec.nodeSelector, template.spec.imagePullSecrets, template.spec.containers[0].image],
      [{ disk: 'fast' }, [{ name: 'registry' }], 'registry.example/server:1'],
    )
    assert.deepEqual(template.spec.containers[0].args, ['fsck', '--models=/models', '--json'])
    const [mount] = template.spec.containers[0].volumeMounts
    assert.deepEqual(mount, { name: 'models', mountPath: '/models', readOnly: true })
    assert.equal(template.metadata.labels['gantry.dev/model'], undefined, 'no Service sends requests to it')
    assert.equal(job.metadata.ownerReferences[0].uid, model.metadata.uid)
  })

  test('the keys of encrypted versions are mounted as in the pods that serve, and the pod does not wait for them', async () => {
    const { namespace, session } = cluster
    const storage = { encryptionKeySecretRef: { name: 'model-keys', key: 'k1' } }
    const source = { uri: 'https://models.example.com/support.tar' }
    const spec = { model: { task: 'text-classification', source }, storage } as const
    const model = await cluster.model('sealed', undefined, { spec })
    const check = { repair: false, seconds: 60, nodeName: undefined }
    const made = checkJob(model, deploymentOf(namespace, 'sealed'), check, 'abc')
    // biome-ignore lint/suspicious/noExplicitAny: fields of a Job are looked at
    const { containers, volumes } = ((await session.kube.create(Job, made)) as any).spec.template.spec
    assert.deepEqual(containers[0].args, [
      ...['fsck', '--models=/models', '--encryption-keys=/secrets/encryption', '--json'],
    ])
    assert.deepEqual(containers[0].volumeMounts.at(-1), {
      ...{ name: 'encryption-keys', mountPath: '/secrets/encryption', readOnly: true },
    })
    const secret = { secretName: 'model-keys', defaultMode: 0o440, optional: true }
    assert.deepEqual(volumes.at(-1), { name: 'encryption-keys', secret })
  })

  test('one that does not end in time says what its pod waits for, and leaves no Job', async () => {
    const { namespace, session, env } = cluster
    await cluster.model('slow')
    await session.kube.create(Deployment, deploymentOf(namespace, 'slow'))
    const { code, err } = await gantry(['fsck', 'slow', '--timeout', '1', '-n', namespace], { env })
    assert.equal(code, 1)
    assert.match(err, /The check has not ended after 1 s: no pod was made\..*--timeout/s)
    const jobs = await session.kube.list<KubernetesObject>(Job, { namespace })
    assert.deepEqual(
      jobs.filter(({ metadata }) => metadata.name.startsWith('slow') && !metadata.deletionTimestamp),
      [],
    )
  })

  test('a model that has nothing to check, and a command line that names two, are told apart', async () => {
    const { namespace, env } = cluster
    await cluster.model('new')
    const none = await gantry(['fsck', 'new', '-n', namespace], { env })
    assert.equal(none.code, 1)
    assert.match(none.err, /new has no Deployment yet/)
    assert.equal((await gantry(['fsck', 'gone', '-n', namespace], { env })).code, 3)
    assert.equal((await gantry(['fsck', 'new', '--folder', '/tmp', '-n', namespace], { env })).code, 2)
  })
})
