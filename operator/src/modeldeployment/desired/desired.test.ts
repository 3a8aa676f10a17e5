import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { testConfig as config, type Draft } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { replicasBySpec } from '../replicas.ts'
import { importJob, importJobName } from './import-job.ts'
import { importPolicy } from './import-policy.ts'
import { desired } from './index.ts'
import { readSettings, settingsOf } from './settings.ts'

const version: Version = {
  ...{
    id: 'v_20261123_100001',
    revision: 'ab',
    source: 'https://models.example',
    digest: `sha256:${'0'.repeat(64)}`,
  },
  ...{ sizeBytes: 100 * 2 ** 20, createdAt: '2026-11-23T10:00:00Z', phase: 'Imported' },
}
const objectsOf = (model: ModelDeployment, installed = config): readonly KubernetesObject[] =>
  desired(model, installed, {
    imports: { attempt: 0, keep: [] },
    serves: { version, settings: settingsOf(model, version), replicas: replicasBySpec(model) },
  })
type Over = NonNullable<NonNullable<Parameters<typeof modelDeployment>[0]>['spec']>
const find = (kind: string, spec: Over = {}): Draft =>
  objectsOf(modelDeployment({ spec })).find((object) => object.kind === kind)
const container = (spec: Over = {}): Draft => find('Deployment', spec).spec.template.spec.containers[0]
const argsOf = (spec: Over): readonly string[] => find('Job', spec).spec.template.spec.containers[0].args
const flagOf = (args: readonly string[], flag: string): string | undefined =>
  args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1)

test('says the same for the same model, and nothing that is undefined', () => {
  const model = modelDeployment({ spec: { autoscaling: { maxReplicas: 2 } } })
  assert.deepEqual(objectsOf(model), objectsOf(structuredClone(model)))
  assert.deepEqual(objectsOf(model), JSON.parse(JSON.stringify(objectsOf(model))))
})

test('every object carries our labels and belongs to the model', () => {
  for (const { kind, metadata } of objectsOf(modelDeployment())) {
    assert.equal(metadata.labels?.['app.kubernetes.io/managed-by'], 'gantry', kind)
    assert.equal(metadata.labels?.['gantry.dev/model'], 'intents', kind)
    assert.deepEqual(metadata.ownerReferences, [
      {
        ...{
          apiVersion: 'gantry.dev/v1alpha1',
          kind: 'ModelDeployment',
          name: 'intents',
          uid: 'uid-of-intents',
        },
        ...{ controller: true, blockOwnerDeletion: true },
      },
    ])
  }
})

test('names fit into a label, for the longest model name too', () => {
  const model = modelDeployment({ name: 'm'.repeat(46) })
  for (const { metadata } of objectsOf(model)) assert.ok(metadata.name.length <= 63, metadata.name)
})

for (const kind of ['Deployment', 'Job']) {
  test(`pods of the ${kind} meet the restricted Pod Security Standard and get no token`, () => {
    const { spec } = find(kind).spec.template
    assert.equal(spec.automountServiceAccountToken, false)
    assert.equal(spec.securityContext.runAsNonRoot, true)
    assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault')
    assert.deepEqual(spec.containers[0].securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    })
  })
}

test('the server hears how many tokens a batch may have, where the model says so', () => {
  const batching = { maxRows: 8, maxDelayMs: 0, maxQueue: 9 }
  const settingsWith = (more: object) =>
    settingsOf(modelDeployment({ spec: { serve: { batching: { ...batching, ...more } } } }), { id: 'v' })
      .batching
  assert.deepEqual(settingsWith({ maxTokens: 512 }), { ...batching, maxTokens: 512 })
  assert.deepEqual(settingsWith({}), batching)
})

test('the server hears whose requests share runs, unless that is what it does anyway', () => {
  const settingsWith = (rows: 'auto' | 'independent' | 'alone') =>
    settingsOf(modelDeployment({ spec: { serve: { batching: { rows } } } }), { id: 'v' }).batching?.rows
  assert.equal(settingsWith('independent'), 'independent')
  assert.equal(settingsWith('alone'), 'alone')
  assert.equal(settingsWith('auto'), undefined)
})

test('serving pods cannot write to the model volume', () => {
  const mount = container().volumeMounts.find(({ name }: { name: string }) => name === 'models')
  assert.equal(mount.readOnly, true)
})

test('a GPU is requested with device gpu, with a GPU named for auto, and never with cpu', () => {
  assert.equal(container().resources.limits['nvidia.com/gpu'], undefined)
  assert.equal(container({ serve: { device: 'gpu' } }).resources.limits['nvidia.com/gpu'], 1)
  const mig = { resource: 'nvidia.com/mig-1g.5gb', count: 2 }
  assert.equal(container({ serve: { gpu: mig } }).resources.limits['nvidia.com/mig-1g.5gb'], 2)
  assert.equal(
    container({ serve: { device: 'gpu', gpu: mig } }).resources.limits['nvidia.com/gpu'],
    undefined,
  )
  assert.equal(container({ serve: { device: 'cpu' } }).resources.limits['nvidia.com/gpu'], undefined)
})

test('resources follow threads and the size of the version, and what spec gives wins key by key', () => {
  assert.deepEqual(container({ serve: { threads: 4 } }).resources, {
    requests: { cpu: '1000m', memory: '456Mi', 'ephemeral-storage': '128Mi' },
    limits: { memory: '912Mi', 'ephemeral-storage': '2Gi' },
  })
  const given = { requests: { memory: '4Gi' }, limits: { cpu: '100m' } }
  assert.deepEqual(container({ serve: { resources: given } }).resources, {
    requests: { cpu: '100m', memory: '4Gi', 'ephemeral-storage': '128Mi' },
    limits: { memory: '4Gi', cpu: '100m', 'ephemeral-storage': '2Gi' },
  })
})

test('no pod may fill the disk of its node: its storage there has a limit, and so has each empty folder', () => {
  for (const kind of ['Deployment', 'Job']) {
    const { containers, volumes } = find(kind).spec.template.spec
    for (const { resources } of containers) {
      assert.ok(resources.requests['ephemeral-storage'], kind)
      assert.ok(resources.limits['ephemeral-storage'], kind)
    }
    const folders = volumes.filter(({ emptyDir }: Draft) => emptyDir)
    assert.ok(folders.length > 0)
    for (const { emptyDir } of folders) assert.match(emptyDir.sizeLimit, /^\d+Mi$/, kind)
  }
  const lower = { limits: { 'ephemeral-storage': '100Mi' } }
  assert.equal(container({ serve: { resources: lower } }).resources.requests['ephemeral-storage'], '100Mi')
})

test('an import has the resources of the installation, and what spec gives wins key by key', () => {
  const of = (storage: Over['storage'], installed = config): Draft => {
    const model = modelDeployment({ spec: { storage } })
    const job = importJob(model, installed, 0, []) as Draft
    return job.spec.template.spec.containers[0].resources
  }
  const { requests, limits } = of({})
  assert.deepEqual([requests.cpu, requests.memory, limits.memory], ['100m', '128Mi', '1Gi'])
  const imports = {
    ...config.imports,
    resources: { requests: { cpu: 1, memory: '2Gi' }, limits: { cpu: 2, memory: '4Gi' } },
  }
  const installed = { ...config, imports }
  assert.deepEqual(of({}, installed), imports.resources)
  const given = { requests: { memory: '8Gi' }, limits: { cpu: '500m', 'example.com/x': 1 } }
  assert.deepEqual(of({ import: { resources: given } }, installed), {
    requests: { cpu: '500m', memory: '8Gi' },
    limits: { cpu: '500m', memory: '8Gi', 'example.com/x': 1 },
  })
  const named = (storage: Over['storage'], by = config) =>
    importJobName(modelDeployment({ spec: { storage } }), by)
  assert.notEqual(named({}), named({ import: { resources: given } }), 'a failed import is tried again')
  assert.notEqual(named({}), named({}, installed))
})

/** An installation behind a proxy, with an authority of its own. */
const behindProxy = {
  ...config,
  imports: {
    ...config.imports,
    proxy: { https: 'http://proxy.example:3128', http: undefined, noProxy: ['.svc', '10.0.0.0/8'] },
    caBundle: { configMap: 'company-ca', key: 'bundle.pem' },
  },
}
const importPod = (spec: Over, installed = behindProxy): Draft =>
  (importJob(modelDeployment({ spec }), installed, 0, []) as Draft).spec.template.spec

test('imports get the proxies of the installation, and servers none', () => {
  const variables = ({ containers: [first] }: Draft): readonly string[] =>
    first.env.map(({ name, value }: { name: string; value: string }) => `${name}=${value}`)
  const expected = ['HTTPS_PROXY=http://proxy.example:3128', 'NO_PROXY=.svc,10.0.0.0/8']
  const proxyVariables = (pod: Draft) => variables(pod).filter((one) => one.includes('PROXY'))
  assert.deepEqual(proxyVariables(importPod({})), expected)
  assert.deepEqual(proxyVariables(importPod({}, config as typeof behindProxy)), [])
  const serving = objectsOf(modelDeployment(), behindProxy).find(({ kind }) => kind === 'Deployment') as Draft
  assert.deepEqual(proxyVariables(serving.spec.template.spec), [])
})

test('an import trusts the authorities of the installation, or those that spec names', () => {
  const bundleOf = (pod: Draft) => {
    const mounted = pod.containers[0].volumeMounts.find(({ name }: { name: string }) => name === 'ca-bundle')
    const found = pod.volumes.find(({ name }: { name: string }) => name === 'ca-bundle')
    const { configMap } = found ?? {}
    return { configMap, mountPath: mounted?.mountPath, flag: flagOf(pod.containers[0].args, '--ca-file') }
  }
  const mountedAt = { mountPath: '/etc/gantry-ca', flag: '/etc/gantry-ca/ca.crt' }
  assert.deepEqual(bundleOf(importPod({})), {
    configMap: { name: 'company-ca', items: [{ key: 'bundle.pem', path: 'ca.crt' }] },
    ...mountedAt,
  })
  const own = { import: { caBundle: { configMapRef: { name: 'store-ca' } } } }
  assert.deepEqual(bundleOf(importPod({ storage: own })), {
    configMap: { name: 'store-ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
    ...mountedAt,
  })
  const none = { configMap: undefined, mountPath: undefined, flag: undefined }
  assert.deepEqual(bundleOf(importPod({}, config as typeof behindProxy)), none)
  assert.deepEqual(
    bundleOf(importPod({ model: { source: { uri: 'pvc://shared/m' } } })),
    none,
    'nothing is downloaded',
  )
})

test('variables of spec reach the servers as they are written, and no import', () => {
  const podTemplate = {
    env: [
      { name: 'TZ', value: 'Europe/Berlin' },
      { name: 'A', value: '$(TZ)' },
    ],
  }
  const named = (kind: string): Draft[] =>
    find(kind, { serve: { podTemplate } }).spec.template.spec.containers[0].env.filter(
      ({ name }: { name: string }) => name === 'TZ' || name === 'A',
    )
  assert.deepEqual(named('Deployment'), [
    { name: 'TZ', value: 'Europe/Berlin' },
    { name: 'A', value: '$$(TZ)' },
  ])
  assert.deepEqual(named('Job'), [])
})

test('scheduling is passed through, to imports too: they may decide where the volume is', () => {
  const podTemplate = { nodeSelector: { disk: 'fast' }, tolerations: [{ key: 'gpu', operator: 'Exists' }] }
  for (const kind of ['Deployment', 'Job']) {
    const { spec } = find(kind, { serve: { podTemplate } }).spec.template
    assert.deepEqual(
      [spec.nodeSelector, spec.tolerations],
      [podTemplate.nodeSelector, podTemplate.tolerations],
    )
  }
})

test('pull secrets of the operator and of the model are joined', () => {
  const podTemplate = { imagePullSecrets: [{ name: 'mine' }, { name: 'shared' }] }
  const model = modelDeployment({ spec: { serve: { podTemplate } } })
  const job: Draft = importJob(model, { ...config, imagePullSecrets: ['shared'] }, 0, [])
  assert.deepEqual(job.spec.template.spec.imagePullSecrets, [{ name: 'shared' }, { name: 'mine' }])
})

test('an autoscaled Deployment leaves the replicas to the autoscaler', () => {
  assert.equal(find('Deployment').spec.replicas, 1)
  const spec = { autoscaling: { minReplicas: 2, maxReplicas: 4 } }
  assert.equal('replicas' in find('Deployment', spec).spec, false)
  assert.equal(find('HorizontalPodAutoscaler'), undefined)
  const autoscaler = find('HorizontalPodAutoscaler', spec).spec
  assert.equal(autoscaler.metrics[0].resource.target.averageUtilization, 70)
  const metrics = [{ type: 'External', external: { metric: { name: 'queue' } } }]
  const given = { autoscaling: { maxReplicas: 4, metrics, behavior: { scaleDown: {} } } }
  const passed = find('HorizontalPodAutoscaler', given).spec
  assert.deepEqual([passed.metrics, passed.behavior], [metrics, { scaleDown: {} }])
})

test('other settings have another name, so that they roll', () => {
  const nameOf = (threads: number): string => find('ConfigMap', { serve: { threads } }).metadata.name
  assert.match(nameOf(1), /^intents-[0-9a-f]{8}$/)
  assert.notEqual(nameOf(1), nameOf(2))
  const { volumes } = find('Deployment').spec.template.spec
  assert.ok(volumes.some((volume: Draft) => volume.configMap?.name === nameOf(1)))
})

test('an import is told everything by its arguments', () => {
  const args = argsOf({
    model: { version: 'nov', source: { sha256: 'a'.repeat(64), file: 'onnx/model_quantized.onnx' } },
    versionHistoryLimit: 3,
  })
  assert.equal(args[0], 'import')
  assert.equal(flagOf(args, '--source'), 'https://models.example/intents.tar.gz')
  assert.equal(flagOf(args, '--label'), 'nov')
  assert.equal(flagOf(args, '--sha256'), 'a'.repeat(64))
  assert.equal(flagOf(args, '--file'), 'onnx/model_quantized.onnx')
  assert.equal(flagOf(args, '--history-limit'), '3')
  assert.equal(flagOf(args, '--models'), '/models')
  assert.equal(flagOf(args, '--report'), '/dev/termination-log')
})

test('a claim is mounted for its import, read-only, and recorded by its own name', () => {
  const uri = 'pvc://shared/models/intents'
  const job = find('Job', { model: { source: { uri } } })
  const args = job.spec.template.spec.containers[0].args
  assert.equal(flagOf(args, '--source'), 'file:///source/models/intents')
  assert.equal(flagOf(args, '--source-name'), uri)
  const volume = job.spec.template.spec.volumes.find(({ name }: Draft) => name === 'source')
  assert.deepEqual(volume.persistentVolumeClaim, { claimName: 'shared', readOnly: true })
})

test('a ConfigMap is mounted for its import', () => {
  const job = find('Job', { model: { source: { uri: undefined, configMapRef: { name: 'tiny' } } } })
  assert.equal(flagOf(job.spec.template.spec.containers[0].args, '--source-name'), 'configmap://tiny')
  assert.ok(job.spec.template.spec.volumes.some((volume: Draft) => volume.configMap?.name === 'tiny'))
})

test('an import gets four keys of the Secret and no other, and waits for the one that names its hosts', () => {
  const { spec } = find('Job', { model: { source: { secretRef: { name: 'payments-db' } } } }).spec.template
  const [only] = spec.containers
  assert.equal(only.envFrom, undefined)
  const keys = only.env.filter(({ valueFrom }: Draft) => valueFrom)
  assert.deepEqual(
    keys.map(({ name, valueFrom }: Draft) => [name, valueFrom.secretKeyRef]),
    [
      ['GANTRY_SOURCE_token', { name: 'payments-db', key: 'token', optional: true }],
      ['GANTRY_SOURCE_username', { name: 'payments-db', key: 'username', optional: true }],
      ['GANTRY_SOURCE_password', { name: 'payments-db', key: 'password', optional: true }],
      ['GANTRY_SOURCE_hosts', { name: 'payments-db', key: 'hosts' }],
    ],
  )
  assert.ok(spec.volumes.every((volume: Draft) => !volume.secret && !volume.projected))
})

test('an import of a hub gets one key of its Secret, has to have it, and is told the hub of the installation', () => {
  const uri = 'hf://acme/encoder@main'
  const source = { uri, secretRef: { name: 'hub' } }
  const hubEndpoint = 'https://hub.example/api'
  const job: Draft = importJob(
    modelDeployment({ spec: { model: { source } } }),
    { ...config, imports: { ...config.imports, hubEndpoint } },
    0,
    [],
  )
  const [only] = job.spec.template.spec.containers
  assert.deepEqual(
    only.env.filter(({ valueFrom }: Draft) => valueFrom),
    [{ name: 'GANTRY_SOURCE_HF_TOKEN', valueFrom: { secretKeyRef: { name: 'hub', key: 'HF_TOKEN' } } }],
  )
  assert.equal(flagOf(only.args, '--source'), uri)
  assert.equal(flagOf(only.args, '--hub-endpoint'), hubEndpoint)
  assert.ok(!argsOf({}).some((one) => one.startsWith('--hub-endpoint')))
})

test('an import of a registry gets the keys of either form of its Secret, and is told that there has to be one', () => {
  const uri = 'oci://registry.example:5000/team/intents:1.0'
  const jobOf = (source: object): Draft =>
    importJob(
      modelDeployment({ spec: { model: { source } } }),
      { ...config, imports: { ...config.imports, plainHttpRegistries: ['registry.example:5000', 'other'] } },
      0,
      [],
    )
  const [only] = jobOf({ uri, secretRef: { name: 'pull' } }).spec.template.spec.containers
  assert.deepEqual(
    only.env.flatMap(({ name, valueFrom }: Draft) => (valueFrom ? [[name, valueFrom.secretKeyRef]] : [])),
    ['.dockerconfigjson', 'token', 'username', 'password', 'hosts'].map((key) => [
      `GANTRY_SOURCE_${key}`,
      { name: 'pull', key, optional: true },
    ]),
  )
  assert.equal(flagOf(only.args, '--source'), uri)
  assert.equal(flagOf(only.args, '--plain-http-registries'), 'registry.example:5000,other')
  assert.ok(only.args.includes('--source-secret'))
  const [open] = jobOf({ uri }).spec.template.spec.containers
  assert.ok(!open.args.includes('--source-secret'))
})

test('an image that is mounted is pulled by the kubelet, and its pods call nobody and get no Secret', () => {
  const digest = `sha256:${'0a'.repeat(32)}`
  const uri = `oci://registry.example/team/intents@${digest}`
  const spec = {
    model: { source: { uri, secretRef: { name: 'pull' } } },
    storage: { mode: 'ImageVolume' },
  } as const
  const model = modelDeployment({ spec })
  const made: Draft = importJob(model, config, 0, [])
  const job = made.spec.template.spec
  const image = { reference: `registry.example/team/intents@${digest}`, pullPolicy: 'IfNotPresent' }
  assert.deepEqual(job.volumes.find(({ name }: Draft) => name === 'source').image, image)
  assert.ok(job.imagePullSecrets.some(({ name }: Draft) => name === 'pull'))
  const [only] = job.containers
  assert.equal(flagOf(only.args, '--source'), 'file:///source/models')
  assert.equal(flagOf(only.args, '--source-name'), uri)
  assert.ok(only.env.every(({ valueFrom }: Draft) => !valueFrom?.secretKeyRef))
  assert.ok(only.volumeMounts.some((mount: Draft) => mount.mountPath === '/source' && mount.readOnly))
  assert.ok(!job.volumes.some((volume: Draft) => volume.persistentVolumeClaim))
  const policy: Draft = importPolicy(model, config)
  assert.equal(policy.spec.egress, undefined)
})

test('an import from S3 gets keys of AWS and no other of the Secret, and is told where the bucket is', () => {
  const s3 = { endpoint: 'https://minio.example:9000', region: 'eu-west-1', forcePathStyle: false }
  const source = { uri: 's3://models/intents/', s3, secretRef: { name: 'store' } }
  const [only] = find('Job', { model: { source } }).spec.template.spec.containers
  assert.deepEqual(
    only.env
      .filter(({ valueFrom }: Draft) => valueFrom)
      .map(({ name, valueFrom }: Draft) => [name, valueFrom.secretKeyRef]),
    ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'credentials', 'hosts'].map((key) => [
      `GANTRY_SOURCE_${key}`,
      { name: 'store', key, optional: true },
    ]),
  )
  for (const [flag, value] of [
    ['--source', 's3://models/intents/'],
    ['--s3-endpoint', s3.endpoint],
    ['--s3-region', s3.region],
    ['--s3-path-style', 'false'],
  ] as const)
    assert.equal(flagOf(only.args, flag), value)
  assert.ok(only.args.includes('--source-secret'))
})

test('an import from S3 without a Secret has the account that spec names, and is told to use no Secret', () => {
  const account = { import: { serviceAccountName: 'reads-models' } }
  const spec = { model: { source: { uri: 's3://models/intents' } }, storage: account }
  const { serviceAccountName, automountServiceAccountToken, containers } = find('Job', spec).spec.template
    .spec
  assert.deepEqual([serviceAccountName, automountServiceAccountToken], ['reads-models', false])
  assert.ok(!containers[0].args.some((one: string) => /^--(s3-|source-secret)/.test(one)))
  assert.equal(find('Deployment', spec).spec.template.spec.serviceAccountName, 'intents')
})

test('no pod has an environment made of a whole Secret or ConfigMap', () => {
  const spec = { model: { source: { secretRef: { name: 'token' } } } }
  for (const kind of ['Job', 'Deployment']) {
    const { containers, initContainers } = find(kind, spec).spec.template.spec
    assert.deepEqual(
      [...containers, ...(initContainers ?? [])].map(({ envFrom }: Draft) => envFrom),
      [undefined],
    )
  }
})

test('credentials travel over http only where the installation allows it', () => {
  const argsWith = (allowHttpCredentials: boolean): readonly string[] => {
    const job: Draft = importJob(modelDeployment(), { ...config, allowHttpCredentials }, 0, [])
    return job.spec.template.spec.containers[0].args
  }
  assert.equal(argsWith(false).includes('--allow-http-credentials'), false)
  assert.equal(argsWith(true).includes('--allow-http-credentials'), true)
})

test('an import may write as much as spec.storage.size says, and hears whether private networks are allowed', () => {
  for (const [size, bytes] of [
    ['10Gi', '10737418240'],
    ['1.5G', '1500000000'],
    ['1m', '1'],
    ['100Ei', '9007199254740991'],
  ] as const)
    assert.equal(flagOf(argsOf({ storage: { size } }), '--max-bytes'), bytes)
  const argsWith = (allowPrivateSources: boolean): readonly string[] => {
    const job: Draft = importJob(modelDeployment(), { ...config, allowPrivateSources }, 0, [])
    return job.spec.template.spec.containers[0].args
  }
  assert.equal(argsWith(true).includes('--refuse-private-addresses'), false)
  assert.ok(argsWith(false).includes('--refuse-private-addresses'))
})

test('an import has another name when something changes that may let it succeed', () => {
  const nameOf = (spec: Over, changed = {}): string =>
    importJobName(modelDeployment({ spec }), { ...config, ...changed })
  const names = [
    nameOf({}),
    nameOf({ storage: { size: '20Gi' } }),
    nameOf({ model: { source: { secretRef: { name: 'token' } } } }),
    nameOf({ model: { source: { uri: 'https://models.example/2' } } }),
    nameOf({ serve: { podTemplate: { nodeSelector: { disk: 'fast' } } } }),
    nameOf({}, { serverImage: 'registry.example/inference-server:2' }),
  ]
  assert.equal(new Set(names).size, names.length)
  assert.equal(nameOf({ replicas: 3, versionHistoryLimit: 9, serve: { threads: 8 } }), nameOf({}))
})

test('Secrets reach the server as folders that must be there, and its settings say where', () => {
  const serve = {
    auth: { apiKeySecretRef: { name: 'callers' } },
    requestLog: { mode: 'encrypted' as const, keySecretRef: { name: 'log' }, sampleRate: 0.5 },
  }
  const spec = { serve, model: { sensitiveFields: ['text'] } }
  const { volumes } = find('Deployment', spec).spec.template.spec
  for (const [name, secretName, mountPath] of [
    ['api-keys', 'callers', '/secrets/api-keys'],
    ['request-log-keys', 'log', '/secrets/request-log'],
  ]) {
    const { secret } = volumes.find((volume: Draft) => volume.name === name)
    assert.deepEqual(secret, { secretName, defaultMode: 0o440 })
    const mount = container(spec).volumeMounts.find((one: Draft) => one.name === name)
    assert.deepEqual(mount, { name, mountPath, readOnly: true })
  }
  const settings = JSON.parse(find('ConfigMap', spec).data['settings.json'])
  assert.equal(settings.apiKeys, '/secrets/api-keys')
  assert.deepEqual(settings.requestLog, { mode: 'encrypted', sampleRate: 0.5, keys: '/secrets/request-log' })
  assert.deepEqual(settings.sensitiveFields, ['text'])
})

test('a certificate turns both ports, the Service and the probes to TLS, under other names', () => {
  const spec = { serve: { tls: { secretRef: { name: 'intents-tls' } } } }
  const settings = JSON.parse(find('ConfigMap', spec).data['settings.json'])
  assert.deepEqual(settings.tls, { cert: '/secrets/tls/tls.crt', key: '/secrets/tls/tls.key' })
  const { volumes } = find('Deployment', spec).spec.template.spec
  assert.deepEqual(
    volumes.find(({ name }: Draft) => name === 'tls'),
    { name: 'tls', secret: { secretName: 'intents-tls', defaultMode: 0o440 } },
  )
  const server = container(spec)
  assert.ok(
    server.volumeMounts.some(({ name, mountPath }: Draft) => name === 'tls' && mountPath === '/secrets/tls'),
  )
  for (const one of [server.startupProbe, server.readinessProbe, server.livenessProbe])
    assert.deepEqual([one.httpGet.port, one.httpGet.scheme], ['https', 'HTTPS'])
  const names = server.ports.map(({ name, containerPort }: Draft) => [name, containerPort])
  assert.deepEqual(names, [
    ['https', 9000],
    ['grpcs', 9001],
  ])
  const ports = find('Service', spec).spec.ports.map(({ name, port, targetPort, appProtocol }: Draft) => [
    name,
    port,
    targetPort,
    appProtocol,
  ])
  assert.deepEqual(ports, [
    ['https', 443, 'https', 'https'],
    ['grpcs', 9001, 'grpcs', 'https'],
  ])
})

test('without a certificate everything speaks in the clear', () => {
  assert.equal(JSON.parse(find('ConfigMap').data['settings.json']).tls, undefined)
  const { httpGet } = container().readinessProbe
  assert.deepEqual([httpGet.port, httpGet.scheme], ['http', 'HTTP'])
  const ports = find('Service').spec.ports.map(({ name, port, appProtocol }: Draft) => [
    name,
    port,
    appProtocol,
  ])
  assert.deepEqual(ports, [
    ['http', 80, 'http'],
    ['grpc', 9001, 'kubernetes.io/h2c'],
  ])
})

test('an import gets none of the server’s Secrets', () => {
  const { volumes } = find('Job', { serve: { auth: { apiKeySecretRef: { name: 'callers' } } } }).spec.template
    .spec
  assert.equal(
    volumes.some((volume: Draft) => volume.secret),
    false,
  )
})

test('serving pods may open no connection', () => {
  const { policyTypes, egress } = find('NetworkPolicy').spec
  assert.ok(policyTypes.includes('Egress'))
  assert.equal(egress, undefined)
})

test('serving pods call the collector of their traces, as their model, where the installation names one', () => {
  const tracing = { endpoint: 'http://collector.monitoring:4318', sampleRate: 0.25 }
  const objects: readonly Draft[] = objectsOf(modelDeployment(), { ...config, tracing })
  const one = (kind: string): Draft => objects.find((object) => object.kind === kind)
  const environmentOf = (kind: string): readonly Draft[] => one(kind).spec.template.spec.containers[0].env
  const values = new Map(environmentOf('Deployment').map(({ name, value }) => [name, value]))
  assert.equal(values.get('OTEL_EXPORTER_OTLP_ENDPOINT'), 'http://collector.monitoring:4318')
  assert.equal(values.get('OTEL_SERVICE_NAME'), 'intents')
  assert.equal(values.get('OTEL_TRACES_SAMPLER'), 'parentbased_traceidratio')
  assert.equal(values.get('OTEL_TRACES_SAMPLER_ARG'), '0.25')
  assert.equal(values.get('OTEL_RESOURCE_ATTRIBUTES'), 'k8s.namespace.name=demo,k8s.pod.name=$(POD_NAME)')
  const names = environmentOf('Deployment').map(({ name }) => name)
  assert.ok(names.indexOf('POD_NAME') < names.indexOf('OTEL_RESOURCE_ATTRIBUTES'), 'known where it is used')
  assert.deepEqual(environmentOf('Job'), find('Job').spec.template.spec.containers[0].env)
})

test('a pod has the time to finish its longest request', () => {
  const { spec } = find('Deployment', { serve: { timeoutSeconds: 120 } }).spec.template
  assert.equal(spec.terminationGracePeriodSeconds, 135)
  const [{ args, lifecycle }] = spec.containers
  const longestSeconds =
    lifecycle.preStop.sleep.seconds + Number(args[args.indexOf('--drain-seconds') + 1]) + 120
  assert.ok(longestSeconds < spec.terminationGracePeriodSeconds - 5, String(longestSeconds))
})

test('settings in a ConfigMap are those of a version only where all of them are what a server reads', () => {
  const settings = settingsOf(modelDeployment(), version)
  const read = (written: unknown) => {
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'intents-0' } }
    return readSettings({ ...map, data: { 'settings.json': JSON.stringify(written) } })
  }
  assert.deepEqual(read(settings), settings)
  for (const wrong of [
    ...[null, 7, [], { ...settings, task: 'shell' }, { ...settings, name: undefined }],
    ...[
      { ...settings, labels: 7 },
      { ...settings, labels: [7] },
      { ...settings, responses: { default: null } },
    ],
  ])
    assert.equal(read(wrong), undefined, JSON.stringify(wrong))
  assert.equal(readSettings(undefined), undefined)
})
