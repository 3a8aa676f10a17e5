/** The desired objects on a real API server: its schema, its defaulting and its ownership of fields. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { labels } from '@gantry/contract/labels.ts'
import { createKube } from '@gantry/kube/client.ts'
import { systemClock } from '@gantry/kube/clock.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveClaim, LiveDeployment, LiveEvent } from '@gantry/kube/live.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, Event, Job, PersistentVolumeClaim, Service } from '@gantry/kube/resources.ts'
import { noGateways } from '../../canary/demand.ts'
import { noCosts } from '../../cost/world.ts'
import { createRests } from '../../evaluating/give-way.ts'
import { createInformers } from '../../runtime/informers.ts'
import { refusedWrites } from '../../runtime/refused-writes.ts'
import type { Result } from '../../runtime/result.ts'
import { nothingKnown } from '../../sleeping/sleep.ts'
import { testApi, testNamespace, withoutApiServer } from '../../testing/api-server.ts'
import { testClaims } from '../../testing/claims.ts'
import { aloneInFleet, type Draft, testConfig } from '../../testing/cluster.ts'
import { noGateway } from '../../testing/gateway-path.ts'
import { createProgressBook } from '../import-progress.ts'
import { modelDeploymentKind } from '../kind.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { reconcile } from '../reconcile.ts'
import { replicasBySpec } from '../replicas.ts'
import { ModelDeployment as modelDeployments, owned } from '../resources.ts'
import { revisionOf } from '../revision.ts'
import { desired } from './index.ts'
import { settingsOf } from './settings.ts'
import { largerVolume } from './volume.ts'

const options = { skip: withoutApiServer, timeout: 120_000 }
const log: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

const uri = 'https://models.example/intents.tar.gz'
const quantities = { requests: { cpu: '1.5', memory: '0.5Gi' }, limits: { memory: '1024Mi' } }
const term = { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] }
const podTemplate = {
  labels: { team: 'shop' },
  annotations: { note: 'a model' },
  nodeSelector: { disk: 'fast' },
  tolerations: [
    { key: 'nvidia.com/gpu', operator: 'Exists' },
    { effect: 'NoSchedule', key: 'x', value: 'y' },
  ],
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
    podAntiAffinity: {},
  },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: {} },
    },
  ],
  runtimeClassName: 'nvidia',
  priorityClassName: 'high',
  imagePullSecrets: [{ name: 'pull' }],
  env: [{ name: 'TZ', value: 'Europe/Berlin' }],
}
const object = { name: 'shop' }
const probe = { initialDelaySeconds: 0, periodSeconds: 30, failureThreshold: 5 }
const additions = {
  env: [
    { name: 'A', valueFrom: { secretKeyRef: { ...object, key: 'a', optional: false } } },
    { name: 'B', valueFrom: { configMapKeyRef: { ...object, key: 'b' } } },
    { name: 'C', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  ],
  envFrom: [
    { prefix: 'SHOP_', secretRef: object },
    { prefix: 'SHOP_', configMapRef: { ...object, optional: true } },
  ],
  volumes: [
    { name: 'empty', emptyDir: { sizeLimit: '1024Mi', medium: 'Memory' } },
    { name: 'config', configMap: { ...object, items: [{ key: 'a', path: 'b' }] } },
    { name: 'secret', secret: { secretName: 'shop', optional: false, items: [] } },
    {
      name: 'projected',
      projected: { sources: [{ secret: object }, { configMap: { ...object, optional: false } }] },
    },
    { name: 'claim', persistentVolumeClaim: { claimName: 'words' } },
    {
      name: 'csi',
      csi: {
        driver: 'a.example.com',
        readOnly: false,
        volumeAttributes: { a: 'b' },
        nodePublishSecretRef: object,
      },
    },
  ],
  volumeMounts: [{ name: 'config', mountPath: '/mnt/config', subPath: 'b' }],
  serviceAccountName: 'shop',
  sidecars: [
    {
      ...{ name: 'proxy', image: 'proxy:1', imagePullPolicy: 'Always', command: [], args: ['--a', '$(A)'] },
      env: [
        { name: 'A', value: '' },
        { name: 'B', value: '$(A)' },
      ],
      envFrom: [{ secretRef: object }],
      ports: [
        { name: 'proxy', containerPort: 8443 },
        { containerPort: 53, protocol: 'UDP' },
      ],
      resources: quantities,
      volumeMounts: [
        { name: 'empty', mountPath: '/tmp', readOnly: false },
        { name: 'claim', mountPath: '/words', readOnly: true },
      ],
      startupProbe: { ...probe, tcpSocket: { port: 'proxy' } },
      readinessProbe: { ...probe, httpGet: { port: 8443, path: '/', scheme: 'HTTPS' } },
      livenessProbe: { ...probe, grpc: { port: 8443 }, timeoutSeconds: 2 },
      securityContext: { runAsUser: 101, runAsGroup: 101, readOnlyRootFilesystem: false },
    },
    { name: 'plain', image: 'plain:1' },
  ],
}
const pods = {
  type: 'Pods',
  pods: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '0.5' } },
}
const behavior = { scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] }, scaleUp: {} }

/** Specs as users write them; the API server fills in the defaults. */
const specs: Readonly<Record<string, object>> = {
  shortest: { model: { task: 'tensor', source: { uri } } },
  gpu: { model: { task: 'tensor', source: { uri } }, serve: { device: 'gpu' }, replicas: 3 },
  everything: {
    model: {
      ...{ task: 'text-classification', version: 'nov', labels: ['a', 'b'], responses: { a: 'Yes.' } },
      source: { uri, sha256: 'a'.repeat(64), secretRef: { name: 'token' } },
      sensitiveFields: ['text'],
    },
    serve: {
      ...{
        device: 'gpu',
        gpu: { resource: 'nvidia.com/mig-1g.5gb', count: 2 },
        threads: 4,
        timeoutSeconds: 120,
      },
      auth: { apiKeySecretRef: { name: 'callers' } },
      tls: { secretRef: { name: 'certificate' } },
      requestLog: { mode: 'encrypted', keySecretRef: { name: 'log' }, sampleRate: 0.01 },
      ...{
        batching: { maxRows: 8, maxTokens: 512, maxDelayMs: 5, maxQueue: 10 },
        resources: quantities,
        podTemplate,
      },
    },
    autoscaling: { minReplicas: 2, maxReplicas: 9, metrics: [pods], behavior },
    storage: {
      ...{ size: '1.5Ti', storageClassName: 'fast', accessModes: ['ReadWriteMany'] },
      import: { resources: quantities, caBundle: { configMapRef: { name: 'company-ca' } } },
    },
  },
  empties: {
    model: { task: 'tensor', source: { uri } },
    serve: {
      resources: { requests: {}, limits: {} },
      podTemplate: {
        ...{ labels: {}, annotations: {}, nodeSelector: { disk: '' }, affinity: {} },
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', value: '', effect: '' }],
        env: [{ name: 'EMPTY', value: '' }],
        ...{ envFrom: [], volumes: [], volumeMounts: [], sidecars: [], topologySpreadConstraints: [] },
      },
    },
    autoscaling: { maxReplicas: 1, metrics: [], behavior: {} },
  },
  additions: { model: { task: 'tensor', source: { uri } }, serve: { podTemplate: additions } },
  claim: { model: { task: 'tensor', source: { uri: 'pvc://shared/models/intents' } } },
  'service-store': { model: { task: 'tensor', source: { uri: 'http://store.models.svc:8080/m.onnx' } } },
  'short-store': { model: { task: 'tensor', source: { uri: 'http://store/m.onnx' } } },
  'private-store': { model: { task: 'tensor', source: { uri: 'http://[fd12::7]:9000/m.onnx' } } },
  'config-map': { model: { task: 'tensor', source: { configMapRef: { name: 'tiny' } } } },
  registry: {
    model: { task: 'tensor', source: { uri: 'oci://registry.example/m:1', secretRef: { name: 'pull' } } },
  },
  'image-volume': {
    model: {
      task: 'tensor',
      source: { uri: `oci://registry.example/m@sha256:${'0a'.repeat(32)}`, secretRef: { name: 'pull' } },
    },
    storage: { mode: 'ImageVolume' },
  },
  hub: { model: { task: 'tensor', source: { uri: 'hf://acme/encoder@main', secretRef: { name: 'hub' } } } },
  ephemeral: {
    model: { task: 'tensor', source: { uri: 'hf://acme/encoder@main', secretRef: { name: 'hub' } } },
    storage: { mode: 'Ephemeral', size: '1Gi' },
  },
}

/** Installations whose network policies differ. */
const configs = [
  testConfig,
  { ...testConfig, allowPrivateSources: false },
  ...['http://proxy:3128', 'http://proxy.egress.svc:3128', 'http://10.1.2.3:3128'].map((https) => ({
    ...testConfig,
    imports: { ...testConfig.imports, proxy: { https, http: undefined, noProxy: [] } },
  })),
  ...['http://collector.monitoring.svc:4318', 'http://collector', 'https://[2001:db8::1]:4318'].map(
    (endpoint) => ({ ...testConfig, tracing: { endpoint, sampleRate: 1 } }),
  ),
]

const versionOf = (model: ModelDeployment): Version => ({
  ...{
    id: 'v_20261123_100001',
    revision: revisionOf(model),
    source: uri,
    digest: `sha256:${'0'.repeat(64)}`,
  },
  ...{ sizeBytes: 4_000_000, createdAt: '2026-11-23T10:00:00Z', phase: 'Imported' },
})

/** These tests are about what the API server accepts, not about what an installation allows. */
const config = {
  ...testConfig,
  podTemplate: {
    ...testConfig.podTemplate,
    ...{ nodeSelectors: ['*'], tolerations: ['*'], annotations: ['*'], labels: ['*'] },
    ...{ priorityClasses: ['*'], runtimeClasses: ['*'], affinityNamespaces: ['*'], env: ['*'] },
    ...{ envFrom: ['*'], secrets: ['*'], configMaps: ['*'] },
    ...{ volumes: ['*'], sidecars: ['*'], serviceAccounts: ['*'] },
  },
}

/** An operator of its own, made to pass by hand. */
const operator = async (context: TestContext, prefix: string) => {
  const api = await testApi()
  const namespace = await testNamespace(api, prefix)
  const writes: string[] = []
  const kube = createKube(api.transport, {
    fieldManager: labels.manager,
    onCall: ({ verb, resource }) => {
      if (!['get', 'list', 'watch'].includes(verb)) writes.push(`${verb} ${resource}`)
    },
  })
  const stop = new AbortController()
  context.after(() => stop.abort())
  const informers = createInformers({
    kube,
    clock: systemClock,
    log,
    namespace,
    kinds: [modelDeploymentKind],
    onKey: () => {},
  })
  void informers.run(stop.signal)
  await informers.synced
  const { cache } = informers
  const shared = { kube, cache, config, now: Date.now, served: async () => undefined, log }
  const claims = testClaims(kube)
  const world = {
    ...shared,
    ...aloneInFleet(config, Date.now),
    costs: noCosts,
    rests: createRests(Date.now),
    imports: createProgressBook(Date.now),
    gateways: async () => noGateways,
    demanded: () => nothingKnown,
    path: noGateway(),
    refusedWrites: refusedWrites(Date.now),
    claims,
  }

  const isSeen = (resource: Parameters<typeof kube.get>[0], { metadata }: KubernetesObject): boolean =>
    cache.get(resource, namespace, metadata.name)?.metadata.resourceVersion === metadata.resourceVersion
  /** Waits until the watches have told everything that is there. */
  const catchUp = async (): Promise<void> => {
    for (const resource of [modelDeployments, ...owned]) {
      const labelSelector = resource === modelDeployments ? '' : 'app.kubernetes.io/managed-by=gantry'
      const live = await kube.list(resource, { namespace, labelSelector })
      while (!live.every((object) => isSeen(resource, object))) await pause(20)
    }
  }
  const pass = async (name: string): Promise<Result> => {
    await catchUp()
    return reconcile(world, `${namespace}/${name}`, stop.signal)
  }
  /** Creates a model, optionally with one version on its volume. */
  const create = async (name: string, spec: object, isImported: boolean): Promise<ModelDeployment> => {
    const { apiVersion, kind } = { apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelDeployment' }
    const metadata = { name, namespace }
    const model = await kube.create<ModelDeployment>(modelDeployments, { apiVersion, kind, metadata, spec })
    if (!isImported) return model
    await pass(name) // makes the claim: without it a version would be taken for lost
    const status = { versions: [versionOf(model)] }
    return kube.applyStatus<ModelDeployment>(modelDeployments, { apiVersion, kind, metadata, status })
  }
  const change = async (name: string, spec: object): Promise<void> => {
    const live = await kube.get<ModelDeployment>(modelDeployments, namespace, name)
    assert.ok(live)
    await kube.replace(modelDeployments, { ...live, spec })
  }
  const find = <T extends KubernetesObject>(resource: Parameters<typeof kube.get>[0], name: string) =>
    kube.get<T>(resource, namespace, name)
  const condition = async (name: string, type: string) =>
    (await find<ModelDeployment>(modelDeployments, name))?.status?.conditions?.find(
      (one) => one.type === type,
    )
  return { kube, namespace, writes, pass, create, change, find, condition }
}

for (const [name, spec] of Object.entries(specs)) {
  test(`${name}: every object is accepted to the letter`, options, async (context) => {
    const { namespace, create } = await operator(context, 'strict')
    const model = await create(name, spec, false)
    const version = versionOf(model)
    const serves = { version, settings: settingsOf(model, version), replicas: replicasBySpec(model) }
    const due = { imports: { attempt: 0, keep: [version.id] }, serves }
    const items = configs.flatMap((config) => desired(model, config, due))
    const kubectl = process.env['TEST_KUBECTL'] ?? 'kubectl'
    const flags = [
      'apply',
      '--server-side',
      '--dry-run=server',
      '--validate=strict',
      '-n',
      namespace,
      '-f',
      '-',
    ]
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
    const { status, stderr } = spawnSync(kubectl, flags, { input, encoding: 'utf8' })
    assert.equal(status, 0, stderr)
  })

  test(
    `${name}: a second pass writes nothing, although the API server filled in defaults`,
    options,
    async (context) => {
      const { writes, pass, create, find, condition } = await operator(context, 'quiet')
      await create(name, spec, true)
      await pass(name)
      assert.equal(
        (await condition(name, 'Stalled'))?.status,
        'False',
        (await condition(name, 'Stalled'))?.message,
      )
      assert.ok(await find(Deployment, `${name}-stable`))
      writes.length = 0
      for (let count = 0; count < 3; count += 1) await pass(name)
      assert.deepEqual(writes, [])
    },
  )
}

test('an import is made once, and not again in the next pass', options, async (context) => {
  const { kube, namespace, writes, pass, create } = await operator(context, 'import')
  await create('intents', { model: { task: 'tensor', source: { uri } } }, false)
  await pass('intents')
  const [job, ...others] = await kube.list(Job, { namespace })
  assert.ok(job)
  assert.deepEqual(others, [])
  writes.length = 0
  await pass('intents')
  assert.deepEqual(writes, [])
})

test('the autoscaler takes the replicas over as they are, and gives them back', options, async (context) => {
  const { kube, namespace, writes, pass, create, change, find } = await operator(context, 'handover')
  const model = { task: 'tensor', source: { uri } }
  await create('intents', { model, replicas: 5 }, true)
  await pass('intents')
  const replicas = async () => (await find<LiveDeployment>(Deployment, 'intents-stable'))?.spec?.replicas
  assert.equal(await replicas(), 5)
  await change('intents', { model, autoscaling: { minReplicas: 2, maxReplicas: 9 } })
  const stop = new AbortController()
  const seen = new Set<unknown>()
  const watching = (async () => {
    const { resourceVersion } = await kube.listAll(Deployment, { namespace })
    const watch = { resourceVersion, timeoutSeconds: 60, signal: stop.signal, onContact: () => {} }
    for await (const { object } of kube.watch(Deployment, { namespace }, watch)) {
      seen.add((object as LiveDeployment).spec?.replicas)
    }
  })().catch(() => {})
  await pause(300)
  await pass('intents')
  await pause(300)
  stop.abort()
  await watching
  assert.deepEqual([...seen], [5], 'no pod was given up on the way')
  const { apiVersion, kind } = Deployment
  const metadata = { name: 'intents-stable', namespace }
  await kube.apply(Deployment, { apiVersion, kind, metadata, spec: { replicas: 7 } }, 'autoscaler')
  writes.length = 0
  await pass('intents')
  assert.deepEqual(writes, [], 'the number is the autoscaler’s')
  await change('intents', { model, replicas: 3 })
  await pass('intents')
  assert.equal(await replicas(), 3)
})

test('drift is corrected, and a field that is no longer desired is removed', options, async (context) => {
  const { kube, namespace, pass, create, change, find } = await operator(context, 'drift')
  const model = { task: 'tensor', source: { uri } }
  const template = { nodeSelector: { disk: 'fast' } }
  await create('intents', { model, serve: { podTemplate: template } }, true)
  await pass('intents')
  const before = await find<LiveDeployment>(Deployment, 'intents-stable')
  const edited = structuredClone(before) as Draft
  edited.spec.template.spec.containers[0].image = 'registry.example/other'
  await kube.replace(Deployment, edited)
  await kube.remove(Service, namespace, 'intents')
  while (await find(Service, 'intents')) await pause(20)
  await pause(300)
  await pass('intents')
  assert.deepEqual((await find<LiveDeployment>(Deployment, 'intents-stable'))?.spec, before?.spec)
  assert.ok(await find(Service, 'intents'))
  await change('intents', { model })
  await pass('intents')
  const after: Draft = await find(Deployment, 'intents-stable')
  assert.equal(after.spec.template.spec.nodeSelector, undefined)
})

test('a refusal of the API server is told in its own words', options, async (context) => {
  const { pass, create, condition } = await operator(context, 'refused')
  const affinity = { nodeAffinity: { nonsense: true } }
  await create(
    'intents',
    { model: { task: 'tensor', source: { uri } }, serve: { podTemplate: { affinity } } },
    true,
  )
  await pass('intents')
  assert.equal((await condition('intents', 'Stalled'))?.reason, 'ApplyRefused')
  assert.match((await condition('intents', 'Stalled'))?.message ?? '', /nonsense/)
})

const quotas = { apiVersion: 'v1', kind: 'ResourceQuota', plural: 'resourcequotas' }

test(
  'a claim that a quota refuses leads to no import, and is asked for ever more rarely',
  options,
  async (context) => {
    const { kube, namespace, writes, pass, create, condition } = await operator(context, 'quota')
    const hard = { persistentvolumeclaims: '0' }
    const metadata = { name: 'q', namespace }
    const quota = await kube.create(quotas, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: { hard },
    })
    // No controller counts here, and the API server goes by what is counted.
    await kube.applyStatus(quotas, {
      ...quota,
      metadata,
      status: { hard, used: { persistentvolumeclaims: '0' } },
    })
    await create('intents', { model: { task: 'tensor', source: { uri } } }, false)
    const first = await pass('intents')
    assert.equal((await condition('intents', 'Stalled'))?.reason, 'QuotaRefused')
    assert.deepEqual(await kube.list(Job, { namespace }), [])
    assert.ok(first.kind === 'waiting' && first.afterMs <= 5000)
    writes.length = 0
    const begunMs = performance.now()
    for (let count = 0; count < 5; count += 1) await pass('intents')
    // Passes of a busy machine may last until the next attempt is due, and it is the one after that which must wait longer.
    const isDue = performance.now() - begunMs > 4000
    assert.deepEqual(writes.slice(isDue ? 1 : 0), [])
    await kube.remove(quotas, namespace, 'q')
  },
)

const storageClasses = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
}

test(
  'a claim grows, stays or is given back as its StorageClass and Kubernetes allow',
  options,
  async (context) => {
    const { kube, namespace, pass, create, change, find, condition } = await operator(context, 'grows')
    const { apiVersion, kind } = storageClasses
    for (const [name, allowVolumeExpansion] of [
      ['fixed', false],
      ['growing', true],
    ] as const) {
      const metadata = { name: `${namespace}-${name}` }
      await kube.create(storageClasses, {
        apiVersion,
        kind,
        metadata,
        provisioner: 'gantry.dev/none',
        allowVolumeExpansion,
      })
    }
    const model = { task: 'tensor', source: { uri } }
    const specOf = (name: string, size: string) => ({
      model,
      storage: { size, storageClassName: `${namespace}-${name}`, accessModes: ['ReadWriteOnce'] },
    })
    const bind = async (name: string): Promise<void> => {
      const { apiVersion, kind } = PersistentVolumeClaim
      const status = { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] }
      await kube.applyStatus(PersistentVolumeClaim, {
        apiVersion,
        kind,
        metadata: { name, namespace },
        status,
      })
    }
    const requestOf = async (name: string) =>
      (await find<LiveClaim>(PersistentVolumeClaim, name))?.spec?.resources?.requests?.storage
    const resize = async (name: string, size: string): Promise<string | undefined> => {
      await change(name, specOf(name, size))
      await pass(name)
      return requestOf(name)
    }
    for (const name of ['fixed', 'growing']) {
      await create(name, specOf(name, '1Gi'), false)
      await pass(name)
      assert.equal(await resize(name, '2Gi'), '1Gi', 'a claim without a volume keeps its size')
      assert.equal((await condition(name, 'Stalled'))?.status, 'False')
      await resize(name, '1Gi')
      await bind(name)
    }
    assert.equal(await resize('fixed', '2Gi'), '1Gi')
    const { reason, message = '' } = (await condition('fixed', 'Degraded')) ?? {}
    assert.equal(reason, 'VolumeNotEnlarged')
    assert.match(
      message,
      new RegExp(`${namespace}/fixed stays at 1Gi instead of 2Gi.*StorageClass ${namespace}-fixed`),
    )
    assert.equal((await condition('fixed', 'Stalled'))?.status, 'False')
    assert.equal(await resize('fixed', '1Gi'), '1Gi')
    assert.equal((await condition('fixed', 'Degraded'))?.reason, 'NotAvailable')

    assert.equal(await resize('growing', '4Gi'), '4Gi')
    assert.equal(await resize('growing', '2Gi'), '2Gi', 'no provisioner has carried the expansion out')
    assert.equal(await resize('growing', '1Gi'), '2Gi')
    assert.equal((await condition('growing', 'Degraded'))?.reason, 'NotAvailable')
    for (const [name, isPossible] of [
      ['fixed', false],
      ['growing', true],
    ] as const) {
      const live = await find<ModelDeployment>(modelDeployments, name)
      const claim = await find<LiveClaim>(PersistentVolumeClaim, name)
      assert.ok(live && claim)
      const asked = kube.tryApply(PersistentVolumeClaim, largerVolume(live, claim))
      await (isPossible ? asked : assert.rejects(asked, /support resize/))
    }
    assert.equal(await requestOf('growing'), '2Gi', 'a question changes nothing')
  },
)

test('a foreign object is left as it is', options, async (context) => {
  const { kube, namespace, pass, create, find, condition } = await operator(context, 'taken')
  const theirs = {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'intents', namespace } },
    spec: { ports: [{ port: 1 }] },
  }
  const before = await kube.create(Service, theirs)
  await create('intents', { model: { task: 'tensor', source: { uri } } }, false)
  await pass('intents')
  assert.equal((await condition('intents', 'Stalled'))?.reason, 'NameTaken')
  assert.deepEqual(await find(Service, 'intents'), before)
})

test('transitions are Events of the model', options, async (context) => {
  const { kube, namespace, pass, create } = await operator(context, 'events')
  const model = await create('intents', { model: { task: 'tensor', source: { uri } } }, false)
  await pass('intents')
  const fieldSelector = `involvedObject.uid=${model.metadata.uid}`
  const events = await kube.list<LiveEvent>(Event, { namespace, fieldSelector })
  assert.deepEqual(
    events.map(({ reason, type }) => [reason, type]),
    [['Importing', 'Normal']],
  )
})

test('a status made from an older model is refused', options, async (context) => {
  const { kube, create } = await operator(context, 'stale')
  const { apiVersion, kind, metadata } = await create(
    'intents',
    { model: { task: 'tensor', source: { uri } } },
    false,
  )
  const { name, namespace, resourceVersion = '' } = metadata
  const write = (replicas: number) => {
    const guarded = { name, namespace, resourceVersion }
    return kube.applyStatus(modelDeployments, { apiVersion, kind, metadata: guarded, status: { replicas } })
  }
  await write(1)
  await assert.rejects(write(2), (error) => error instanceof ApiError && error.code === 409)
})
