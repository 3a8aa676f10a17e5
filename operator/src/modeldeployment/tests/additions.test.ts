/** Secrets, volumes and sidecars that a model gives its pods: refused unless they are listed, and what is wrong with them is told by the field of spec that has it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import type { ContainerStatus, LiveDeployment, LiveEvent, LivePod } from '@gantry/kube/live.ts'
import { type TestCluster, testCluster, testConfig } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { eventOnce, unscheduled, waits } from '../../testing/trouble.ts'

const podTemplate = {
  env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'shop-token', key: 'token' } } }],
  volumes: [
    { name: 'config', configMap: { name: 'shop' } },
    { name: 'words', persistentVolumeClaim: { claimName: 'words' } },
  ],
  sidecars: [
    {
      ...{ name: 'proxy', image: 'registry.example.com/proxy:1' },
      envFrom: [{ secretRef: { name: 'proxy-keys' } }],
    },
  ],
}
const every = Object.fromEntries(Object.keys(testConfig.podTemplate).map((list) => [list, ['*']]))
const config = { podTemplate: every as unknown as typeof testConfig.podTemplate }

const isServer = (pod: LivePod): boolean => pod.metadata.labels?.[labels.component] === components.server

/** A model whose pods get no further than this. */
const stuck = async (
  status: LivePod['status'],
  happens: (cluster: TestCluster) => void = () => {},
): Promise<TestCluster> => {
  const model = modelDeployment({ spec: { serve: { podTemplate } } })
  const cluster = testCluster({ config, model, stuck: (pod) => (isServer(pod) ? status : undefined) })
  await cluster.settle()
  happens(cluster)
  await cluster.settle()
  return cluster
}
const stalled = (cluster: TestCluster) => cluster.condition('Stalled')
const sidecar = (state: Omit<ContainerStatus, 'name'>): LivePod['status'] => ({
  phase: 'Pending',
  initContainerStatuses: [{ name: 'proxy', ...state }],
  containerStatuses: [{ name: 'server', state: { waiting: { reason: 'PodInitializing' } } }],
})
const waiting = (reason: string, message: string): LivePod['status'] =>
  sidecar({ state: { waiting: { reason, message } } })

test('nothing of it is allowed unless the installation lists it; the message names the lists, and the old pods serve on', async () => {
  const cluster = testCluster()
  await cluster.settle()
  const before = cluster.find<LiveDeployment>('Deployment')?.spec
  cluster.edit('ModelDeployment', (model) => {
    model.spec.serve = { podTemplate: { ...podTemplate, serviceAccountName: 'shop' } }
  })
  await cluster.settle()
  assert.equal(stalled(cluster)?.reason, 'PodTemplateNotAllowed')
  for (const list of ['env', 'envFrom', 'volumes', 'sidecars'])
    assert.ok(stalled(cluster)?.message.includes(`podTemplate.allow.${list})`), stalled(cluster)?.message)
  assert.deepEqual(cluster.find<LiveDeployment>('Deployment')?.spec, before)
  assert.equal(cluster.condition('Available')?.status, 'True')
})

test('a Secret of a variable that does not exist is told by the variable', async () => {
  const cluster = await stuck(waits('CreateContainerConfigError', 'secret "shop-token" not found'))
  assert.equal(stalled(cluster)?.reason, 'MissingSecret')
  assert.match(
    stalled(cluster)?.message ?? '',
    /^Secret shop-token does not exist.*spec\.serve\.podTemplate\.env\[TOKEN\]/,
  )
})

test('a key that a Secret does not have is told by the variable', async () => {
  const words = "couldn't find key token in Secret demo/shop-token"
  const cluster = await stuck(waits('CreateContainerConfigError', words))
  assert.equal(stalled(cluster)?.reason, 'MissingSecret')
  assert.match(
    stalled(cluster)?.message ?? '',
    /^Secret shop-token in namespace demo has no key token, which spec\.serve\.podTemplate\.env\[TOKEN\] names\./,
  )
})

test('a ConfigMap of a volume that does not exist is told by the volume', async () => {
  const words = 'MountVolume.SetUp failed for volume "config" : configmap "shop" not found'
  const cluster = await stuck(sidecar({ state: { waiting: { reason: 'PodInitializing' } } }), (one) =>
    eventOnce(one, 'Pod', 'FailedMount', words),
  )
  assert.equal(stalled(cluster)?.reason, 'MissingConfigMap')
  assert.match(
    stalled(cluster)?.message ?? '',
    /^ConfigMap shop does not exist.*spec\.serve\.podTemplate\.volumes\[config\]/,
  )
})

test('a Secret that several fields name is told by the field whose turn it is', async () => {
  const name = 'shop'
  const all = {
    env: [{ name: 'A', valueFrom: { secretKeyRef: { name, key: 'a' } } }],
    volumes: [{ name: 'v', secret: { secretName: name } }],
    sidecars: [{ name: 'proxy', image: 'a', envFrom: [{ secretRef: { name } }] }],
  }
  const model = modelDeployment({ spec: { serve: { podTemplate: all } } })
  const told = async (status: LivePod['status'], event?: string): Promise<string | undefined> => {
    const cluster = testCluster({ config, model, stuck: (pod) => (isServer(pod) ? status : undefined) })
    await cluster.settle()
    if (event) eventOnce(cluster, 'Pod', 'FailedMount', event)
    await cluster.settle()
    return stalled(cluster)?.message.match(/spec\.serve\.podTemplate\.\S+(?=\.$)/)?.[0]
  }
  const words = 'secret "shop" not found'
  const initializing = sidecar({ state: { waiting: { reason: 'PodInitializing' } } })
  assert.equal(await told(initializing, words), 'spec.serve.podTemplate.volumes[v]')
  const error = 'CreateContainerConfigError'
  assert.equal(await told(waiting(error, words)), 'spec.serve.podTemplate.sidecars[proxy].envFrom[0]')
  assert.equal(await told(waits(error, words)), 'spec.serve.podTemplate.env[A]')
})

test('a claim of a volume that does not exist is told by the volume', async () => {
  const cluster = await stuck(unscheduled('0/3 nodes: persistentvolumeclaim "words" not found.'))
  assert.equal(stalled(cluster)?.reason, 'MissingClaim')
  assert.match(
    stalled(cluster)?.message ?? '',
    /^PersistentVolumeClaim words does not exist.*spec\.serve\.podTemplate\.volumes\[words\]/,
  )
})

test('a claim of a volume that gets no volume of its own is told', async () => {
  const cluster = await stuck(unscheduled('0/3 nodes: pod has unbound immediate PersistentVolumeClaims.'))
  assert.equal(cluster.condition('Reconciling')?.reason, 'Unschedulable')
})

test('a Secret that a sidecar lacks is told by the sidecar', async () => {
  const cluster = await stuck(waiting('CreateContainerConfigError', 'secret "proxy-keys" not found'))
  assert.equal(stalled(cluster)?.reason, 'MissingSecret')
  assert.match(stalled(cluster)?.message ?? '', /spec\.serve\.podTemplate\.sidecars\[proxy\]\.envFrom\[0\]/)
})

test('an image of a sidecar that cannot be pulled is told as the sidecar’s, not as the installation’s', async () => {
  const cluster = await stuck(waiting('ImagePullBackOff', 'Back-off pulling image'))
  assert.equal(stalled(cluster)?.reason, 'ImagePull')
  assert.match(
    stalled(cluster)?.message ?? '',
    /sidecar proxy.*Correct spec\.serve\.podTemplate\.sidecars\[proxy\]\.image/,
  )
})

test('a sidecar that does not stay up is told with its last words', async () => {
  const terminated = { exitCode: 2, reason: 'Error', message: 'no such file: /etc/envoy\n' }
  const cluster = await stuck(
    sidecar({
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated },
    }),
  )
  assert.equal(stalled(cluster)?.reason, 'SidecarCrashLoop')
  assert.match(
    stalled(cluster)?.message ?? '',
    /sidecar proxy .*exit code 2\. Its last words: no such file: \/etc\/envoy\. See kubectl -n demo logs --previous \S+ -c proxy/,
  )
  const told = cluster.all<LiveEvent>('Event').filter(({ reason }) => reason === 'SidecarCrashLoop')
  assert.equal(told.length, 1)
})

test('a server that crashes beside a sidecar that runs is told as the server’s', async () => {
  const status: LivePod['status'] = {
    phase: 'Running',
    initContainerStatuses: [{ name: 'proxy', ready: true, restartCount: 1, state: { running: {} } }],
    containerStatuses: [{ name: 'server', state: { terminated: { exitCode: 1 } } }],
  }
  const cluster = await stuck(status)
  assert.equal(stalled(cluster)?.reason, 'ServerCrashLoop')
})

/** A model whose ReplicaSet gets no pod. */
const refused = async (added: object, message: string): Promise<TestCluster> => {
  const model = modelDeployment({ spec: { serve: { podTemplate: added } } })
  const cluster = testCluster({ config, model })
  await cluster.settle()
  cluster.edit('Deployment', (deployment) => {
    deployment.status.conditions.push({ type: 'ReplicaFailure', status: 'True', message })
  })
  await cluster.pass()
  return cluster
}

test('a ServiceAccount that does not exist is told by its field', async () => {
  const words =
    'pods "intents-" is forbidden: error looking up service account demo/shop: serviceaccount "shop" not found'
  const cluster = await refused({ serviceAccountName: 'shop' }, words)
  assert.equal(stalled(cluster)?.reason, 'PodRefused')
  assert.match(
    stalled(cluster)?.message ?? '',
    /^ServiceAccount shop does not exist in namespace demo.*spec\.serve\.podTemplate\.serviceAccountName/,
  )
})

test('a LimitRange that refuses a pod with a sidecar points at the sidecar’s resources, too', async () => {
  const words =
    'pods "intents-" is forbidden: maximum memory usage per Container is 128Mi, but limit is 256Mi'
  const cluster = await refused({ sidecars: podTemplate.sidecars }, words)
  assert.match(
    stalled(cluster)?.message ?? '',
    /in spec\.serve\.resources and in the resources of spec\.serve\.podTemplate\.sidecars/,
  )
})

test('the settings of serving pods stay, even where other ConfigMaps are mounted before them', async () => {
  let isStuck = false
  const model = modelDeployment({ spec: { serve: { podTemplate } } })
  const cluster = testCluster({
    config,
    model,
    stuck: (pod) => (isStuck && isServer(pod) ? waits('ImagePullBackOff', 'no such image') : undefined),
  })
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True', stalled(cluster)?.message)
  // Server-side apply merges volumes by name, so their order is not ours alone.
  cluster.edit('Deployment', (deployment) => deployment.spec.template.spec.volumes.reverse())
  await cluster.settle()
  const volumes = cluster.find<LiveDeployment>('Deployment')?.spec?.template?.spec?.volumes ?? []
  assert.equal(
    volumes.findIndex(({ configMap }) => configMap),
    1,
    'the ConfigMap of podTemplate comes first',
  )
  const settings = volumes.find(({ name }) => name === 'settings')?.configMap?.name
  isStuck = true
  cluster.edit('ModelDeployment', (one) => {
    one.spec.serve = { podTemplate, timeoutSeconds: 90 }
  })
  await cluster.settle()
  assert.equal(stalled(cluster)?.reason, 'ImagePull')
  assert.ok(cluster.find('ConfigMap', settings))
})
