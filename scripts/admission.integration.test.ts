/** What the chart's admission policies leave to the operator's account: everything that the operator applies, and nothing else. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { skipWithoutApiServer, testKubectl } from '../e2e/test-cluster.ts'
import { eventually } from '../local-cluster/kubectl.ts'
import type { ModelDeployment } from '../operator/src/modeldeployment/model-deployment.ts'
import { accountConfig, type Draft, desiredObjects, operatorAccount } from './testing/operator-account.ts'
import { buildTools } from './tools.ts'

const system = 'admission-system'
const namespace = 'admission'
const kubectl = testKubectl()
const config = {
  ...accountConfig(system),
  tracing: { endpoint: 'http://collector.monitoring:4318', sampleRate: 0.5 },
  imports: {
    ...accountConfig(system).imports,
    proxy: {
      https: 'http://proxy.example:80',
      http: 'http://proxy.example:3128',
      noProxy: ['.svc', '10.0.0.0/8'],
    },
    caBundle: { configMap: 'company-ca', key: 'ca.crt' },
  },
}

const uri = 'https://models.example/intents.tar.gz'
const shortest = { model: { task: 'tensor', source: { uri } } }
const everything = {
  model: {
    ...{ task: 'text-classification', version: 'nov', labels: ['a', 'b'] },
    source: {
      ...{ uri, sha256: 'a'.repeat(64), secretRef: { name: 'token' } },
      signature: { publicKeySecretRef: { name: 'release' } },
    },
    sensitiveFields: ['text'],
  },
  serve: {
    ...{ device: 'gpu', gpu: { resource: 'nvidia.com/gpu', count: 2 }, timeoutSeconds: 120 },
    auth: { apiKeySecretRef: { name: 'callers' } },
    tls: { secretRef: { name: 'certificate' } },
    requestLog: { mode: 'encrypted', keySecretRef: { name: 'log' } },
    podTemplate: {
      labels: { team: 'shop' },
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }],
      runtimeClassName: 'nvidia',
      imagePullSecrets: [{ name: 'pull' }],
      env: [
        { name: 'TZ', value: 'Europe/Berlin' },
        { name: 'SHOP_MODE', value: '$(HOME)' },
      ],
    },
  },
  autoscaling: { minReplicas: 2, maxReplicas: 9 },
  storage: {
    encryptionKeySecretRef: { name: 'model-keys', key: 'k1' },
    import: {
      resources: { requests: { cpu: 1 }, limits: { cpu: '1', memory: '2Gi', 'ephemeral-storage': '1Gi' } },
    },
  },
}
const specs = {
  shortest,
  everything,
  claim: { model: { task: 'tensor', source: { uri: 'pvc://shared/models/intents' } } },
  'config-map': { model: { task: 'tensor', source: { configMapRef: { name: 'tiny' } } } },
  optimized: {
    ...shortest,
    optimize: {
      ...{ graph: 'all', quantize: 'int8-static', prune: { method: 'structured', heads: true } },
      dataset: { uri: 'https://data.example/samples.jsonl', secretRef: { name: 'token' } },
    },
  },
  distilled: {
    ...shortest,
    optimize: { distill: { layers: 0.5 }, dataset: { uri: 'https://data.example/samples.jsonl' } },
  },
  exported: { ...shortest, optimize: { export: {} } },
  ephemeral: {
    model: { task: 'tensor', source: { uri: 'hf://acme/encoder', secretRef: { name: 'hub' } } },
    storage: { mode: 'Ephemeral' },
  },
  'optimized-without-data': { ...shortest, optimize: { quantize: 'fp16' } },
}

const account = operatorAccount(system, [
  '--set',
  'image.trainer=gantry/trainer,image.exporter=gantry/exporter,imports.proxy.https=http://proxy.example:80/,imports.proxy.http=http://proxy.example:3128,podTemplate.allow.env={TZ,SHOP_*,NODE_OPTIONS}',
])
const { attempt } = account

const desiredFor = (name: string, spec: object): readonly Draft[] => {
  const model = { apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelDeployment', metadata: { name, namespace } }
  kubectl.apply({ ...model, spec })
  return desiredObjects(kubectl.get('modeldeployment', name, namespace) as unknown as ModelDeployment, config)
}

type Change = (object: Draft) => void
const podOf = (object: Draft): Draft => object.spec?.template?.spec
const containerOf = (object: Draft): Draft => podOf(object).containers[0]

type Misuse = readonly [what: string, change: Change, sentence: RegExp]

/** What a thief of the account's token might want of pods, and the sentence that refuses it. */
const podMisuses: readonly Misuse[] = [
  ['another image', (one) => (containerOf(one).image = 'evil.example/miner'), /run the image/],
  ['a command', (one) => (containerOf(one).command = ['sh', '-c']), /serve or import/],
  ['other arguments', (one) => (containerOf(one).args = ['-e', '1']), /serve or import/],
  ['no arguments', (one) => delete containerOf(one).args, /serve or import/],
  [
    'options of Node in a variable',
    (one) => containerOf(one).env.push({ name: 'NODE_OPTIONS', value: '--import=data:,' }),
    /only the variables that their programs read/,
  ],
  [
    'another proxy than that of the installation',
    (one) => containerOf(one).env.push({ name: 'HTTPS_PROXY', value: 'http://evil.example:80' }),
    /only the variables that their programs read/,
  ],
  [
    'a variable that the installation does not list',
    (one) => containerOf(one).env.push({ name: 'TZX', value: 'a' }),
    /only the variables that their programs read/,
  ],
  [
    'a listed variable that takes its value from a Secret',
    (one) =>
      containerOf(one).env.push({
        name: 'SHOP_X',
        valueFrom: { secretKeyRef: { name: 'payments', key: 'token' } },
      }),
    /only the variables that their programs read|only the keys of a source/,
  ],
  [
    'a whole Secret as variables',
    (one) => (containerOf(one).envFrom = [{ secretRef: { name: 'payments' } }]),
    /only the variables that their programs read/,
  ],
  [
    'any key of a Secret as a variable',
    (one) =>
      containerOf(one).env.push({
        name: 'OTEL_X',
        valueFrom: { secretKeyRef: { name: 'payments', key: 'token' } },
      }),
    /only the keys of a source's Secret/,
  ],
  [
    'a hook that executes something',
    (one) => (containerOf(one).lifecycle = { postStart: { exec: { command: ['node'] } } }),
    /nothing is executed/,
  ],
  [
    'a probe that executes something',
    (one) => (containerOf(one).livenessProbe = { exec: { command: ['node'] } }),
    /nothing is executed/,
  ],
  [
    'a second container',
    (one) => podOf(one).containers.push({ ...containerOf(one), name: 'second' }),
    /have one container/,
  ],
  [
    'an init container',
    (one) => (podOf(one).initContainers = [{ name: 'first', image: config.serverImage, args: ['serve'] }]),
    /have one container/,
  ],
  [
    'a foreign account',
    (one) => (podOf(one).serviceAccountName = 'cluster-admin'),
    /run as the ServiceAccount of their ModelDeployment/,
  ],
  [
    'the token of its account',
    (one) => (podOf(one).automountServiceAccountToken = true),
    /without its token/,
  ],
  [
    'a folder of the node',
    (one) => podOf(one).volumes.push({ name: 'node', hostPath: { path: '/' } }),
    /mount claims, ConfigMaps, Secrets, empty folders and the image of their source only/,
  ],
  [
    'a token as a projected volume',
    (one) =>
      podOf(one).volumes.push({
        name: 'token',
        projected: { sources: [{ serviceAccountToken: { path: 'token' } }] },
      }),
    /mount claims, ConfigMaps, Secrets, empty folders and the image of their source only/,
  ],
  [
    'code over that of the server',
    (one) => (containerOf(one).volumeMounts[1].mountPath = '/app/inference-server/src'),
    /where their programs look for them/,
  ],
  [
    'a volume of another name',
    (one) => podOf(one).volumes.push({ name: 'more', secret: { secretName: 'payments' } }),
    /no volumes beside their own/,
  ],
  ['the network of the node', (one) => (podOf(one).hostNetwork = true), /share nothing with their node/],
  ['the processes of the node', (one) => (podOf(one).hostPID = true), /share nothing with their node/],
  ['the memory of the node', (one) => (podOf(one).hostIPC = true), /share nothing with their node/],
  [
    'a port of the node',
    (one) => (containerOf(one).ports = [{ containerPort: 9000, hostPort: 9000 }]),
    /share nothing with their node/,
  ],
  [
    'a node of its choice',
    (one) => (podOf(one).nodeName = 'control-plane'),
    /placed by the default scheduler/,
  ],
  [
    'a device by a claim',
    (one) => (podOf(one).resourceClaims = [{ name: 'gpu', resourceClaimName: 'gpu' }]),
    /claim no devices/,
  ],
  [
    'the priority of the system',
    (one) => (podOf(one).priorityClassName = 'system-node-critical'),
    /no priority class of the system/,
  ],
  [
    'no seccomp profile',
    (one) => (podOf(one).securityContext.seccompProfile = { type: 'Unconfined' }),
    /runtime's seccomp profile/,
  ],
  [
    'no AppArmor profile',
    (one) => (podOf(one).securityContext.appArmorProfile = { type: 'Unconfined' }),
    /runtime's seccomp profile/,
  ],
  ['root', (one) => (containerOf(one).securityContext.runAsUser = 0), /run without root/],
  ['a pod that may be root', (one) => (podOf(one).securityContext.runAsNonRoot = false), /run without root/],
  [
    'privileges',
    (one) => Object.assign(containerOf(one).securityContext, { privileged: true }),
    /run without root|allowPrivilegeEscalation/,
  ],
  [
    'capabilities',
    (one) => (containerOf(one).securityContext.capabilities.add = ['NET_RAW']),
    /run without root/,
  ],
  [
    'a file system to write to',
    (one) => delete containerOf(one).securityContext.readOnlyRootFilesystem,
    /run without root/,
  ],
]

const stepOf = (object: Draft, name: string): Draft =>
  podOf(object).initContainers.find((one: Draft) => one.name === name)
const modelsOf = (step: Draft): Draft => step.volumeMounts.find((one: Draft) => one.mountPath === '/models')

/** The same of the steps of an optimization. */
const stepMisuses: readonly Misuse[] = [
  ['another image', (one) => (stepOf(one, 'optimize').image = 'evil.example/miner'), /run the image/],
  [
    'the image of students for a recipe that trains none',
    (one) => (stepOf(one, 'optimize').image = config.trainerImage),
    /run the image/,
  ],
  [
    'the image of students for its samples',
    (one) => (stepOf(one, 'samples').image = config.trainerImage),
    /run the image/,
  ],
  [
    'the image of exports for another step',
    (one) => (stepOf(one, 'optimize').image = config.exporterImage),
    /run the image/,
  ],
  ['a command', (one) => (stepOf(one, 'optimize').command = ['python3']), /run the image/],
  ['a server as a step', (one) => (stepOf(one, 'samples').args = ['serve']), /run the image/],
  [
    'the credentials of a source',
    (one) =>
      stepOf(one, 'samples').env.push({
        name: 'GANTRY_SOURCE_token',
        valueFrom: { secretKeyRef: { name: 'payments', key: 'token' } },
      }),
    /only the variables that their programs read/,
  ],
  ['versions to write to', (one) => delete modelsOf(stepOf(one, 'optimize')).readOnly, /write to no volume/],
  [
    'the Secrets of servers',
    (one) => (stepOf(one, 'optimize').volumeMounts[1].mountPath = '/secrets/tls'),
    /write to no volume/,
  ],
  [
    'a whole Secret as variables',
    (one) => (stepOf(one, 'optimize').envFrom = [{ secretRef: { name: 'payments' } }]),
    /only the variables that their programs read/,
  ],
  [
    'any key of a Secret as a variable',
    (one) =>
      stepOf(one, 'samples').env.push({
        name: 'GANTRY_DATASET_x',
        valueFrom: { secretKeyRef: { name: 'payments', key: 'x' } },
      }),
    /only the variables that their programs read/,
  ],
  ['a sidecar', (one) => (stepOf(one, 'optimize').restartPolicy = 'Always'), /run once/],
  ['root', (one) => (stepOf(one, 'optimize').securityContext.runAsUser = 0), /run once, without root/],
  [
    'a file system to write to',
    (one) => delete stepOf(one, 'samples').securityContext.readOnlyRootFilesystem,
    /run once, without root/,
  ],
]

/** The same of the other kinds. */
const misuses: readonly (readonly [kind: string, ...Misuse])[] = [
  ...['Deployment', 'Job'].flatMap((kind) => podMisuses.map((misuse) => [kind, ...misuse] as const)),
  [
    'Service',
    'the pods of others',
    (one) => (one.spec.selector = { app: 'payments' }),
    /select the pods of their/,
  ],
  ['EndpointSlice', 'a port of others', (one) => (one.ports[0].port = 443), /ports from 20000 to 29999/],
  [
    'EndpointSlice',
    'the Service of others',
    (one) => (one.metadata.labels['kubernetes.io/service-name'] = 'payments'),
    /slices of the gateway for the Service of the ModelDeployment/,
  ],
  ['Service', 'external addresses', (one) => (one.spec.externalIPs = ['10.0.0.1']), /no external addresses/],
  ['Service', 'a port of every node', (one) => (one.spec.type = 'NodePort'), /type ClusterIP/],
  ['NetworkPolicy', 'every pod', (one) => (one.spec.podSelector = {}), /select the pods of their/],
  ['PodDisruptionBudget', 'every pod', (one) => (one.spec.selector = {}), /select the pods of their/],
  [
    'HorizontalPodAutoscaler',
    'a foreign Deployment',
    (one) => (one.spec.scaleTargetRef.name = 'payments'),
    /scale the Deployments of their ModelDeployment only/,
  ],
  ['ServiceAccount', 'tokens', (one) => (one.automountServiceAccountToken = true), /give no token/],
  [
    'ServiceAccount',
    'a role of the cloud',
    (one) => (one.metadata.annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/admin' }),
    /no annotations of ServiceAccounts/,
  ],
]

/** What a thief might want of the import that runs before a server. */
const ownImportMisuses: readonly Misuse[] = [
  ['another image', (one) => (one.image = 'evil.example/miner'), /import with the image that serves/],
  ['another command', (one) => (one.args = ['serve']), /import with the image that serves/],
  ['another name', (one) => (one.name = 'helper'), /have one container/],
  [
    'other keys of a Secret',
    (one) =>
      one.env.push({
        name: 'GANTRY_SOURCE_key',
        valueFrom: { secretKeyRef: { name: 'payments', key: 'key' } },
      }),
    /of a Secret the keys of a source/,
  ],
  [
    'the Secret of the callers',
    (one) => one.volumeMounts.push({ name: 'tmp', mountPath: '/secrets/api-keys' }),
    /mount the folder of the model/,
  ],
  [
    'a root file system',
    (one) => delete one.securityContext.readOnlyRootFilesystem,
    /on a file system that is read-only/,
  ],
]

describe("the admission policies for the operator's account", { skip: skipWithoutApiServer }, () => {
  const desiredByModel = new Map<string, readonly Draft[]>()
  before(async () => {
    await buildTools(['helm'])
    for (const name of [system, namespace])
      kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    kubectl.apply(...account.policies())
    for (const [name, spec] of Object.entries(specs)) desiredByModel.set(name, desiredFor(name, spec))
    // The API server takes up each of the policies for itself, a moment after it was written.
    for (const [kind, spoil] of [
      ['ConfigMap', (one: Draft) => delete one.metadata.ownerReferences],
      ['Deployment', (one: Draft) => Object.assign(containerOf(one), { image: 'other' })],
      ['ServiceAccount', (one: Draft) => Object.assign(one, { automountServiceAccountToken: true })],
    ] as const) {
      const object = desiredObject(kind)
      spoil(object)
      await eventually(
        `the policies look at each ${kind}`,
        () => /denied request/.test(attempt(object).output),
        { timeoutMs: 60_000, intervalMs: 100 },
      )
    }
  })
  const desiredObject = (kind: string, name = 'everything'): Draft => {
    const found = desiredByModel.get(name)?.find((one) => one.kind === kind)
    assert.ok(found, `no ${kind} is desired`)
    return structuredClone(found)
  }

  test('have expressions that fit the kinds they look at', async () => {
    for (const part of ['owned', 'slices', 'pods', 'targets']) {
      const name = `${system}-gantry-operator-${part}`
      const warnings = kubectl.get('validatingadmissionpolicy', name)?.['status']?.typeChecking
      assert.deepEqual(warnings ?? {}, {}, name)
    }
  })

  for (const name of Object.keys(specs))
    test(`admit everything that is made for the model "${name}"`, () => {
      for (const object of desiredByModel.get(name) ?? []) {
        const { ok, output } = attempt(object)
        assert.ok(ok, output)
      }
    })

  for (const [kind, what, change, sentence] of misuses)
    test(`refuse a ${kind} with ${what}`, () => {
      const object = desiredObject(kind)
      change(object) // as it is, the tests above had it admitted
      assert.match(attempt(object).output, sentence)
    })

  for (const [what, change, sentence] of stepMisuses)
    test(`refuse an optimization with ${what}`, () => {
      const found = desiredByModel.get('optimized')?.find((one) => podOf(one)?.initContainers)
      const object = structuredClone(found)
      assert.ok(attempt(object).ok)
      change(object)
      assert.match(attempt(object).output, sentence)
    })

  for (const [what, change, sentence] of ownImportMisuses)
    test(`refuse the import of a server with ${what}`, () => {
      const object = desiredObject('Deployment', 'ephemeral')
      change(podOf(object).initContainers[0])
      assert.match(attempt(object).output, sentence)
    })

  for (const kind of [
    'ServiceAccount',
    'PersistentVolumeClaim',
    'ConfigMap',
    'NetworkPolicy',
    'Job',
    'Service',
  ])
    test(`refuse a ${kind} that belongs to no model`, () => {
      const object = desiredObject(kind)
      delete object.metadata.ownerReferences
      // More than one policy refuses most of them, and the API server tells what the first one says.
      assert.match(
        attempt(object).output,
        /whose controller is a ModelDeployment|of their ModelDeployment|of a ModelEvaluation only evaluate/,
      )
    })

  test('refuse a name and labels that are not ours', () => {
    const named = desiredObject('ConfigMap')
    named.metadata.name = 'kube-root-ca.crt'
    assert.match(attempt(named).output, /name begins with the name of their ModelDeployment/)
    const labelled = desiredObject('ConfigMap')
    delete labelled.metadata.labels['app.kubernetes.io/managed-by']
    assert.match(attempt(labelled).output, /with the label app\.kubernetes\.io\/managed-by: gantry/)
  })

  test('keep the account out of the namespaces of Kubernetes', () => {
    const object = desiredObject('ConfigMap')
    object.metadata.namespace = 'kube-system'
    assert.match(attempt(object).output, /writes nothing in the namespaces of Kubernetes/)
  })

  test('refuse to change or delete foreign objects, even in the name of a model', () => {
    const metadata = { name: 'everything-theirs', namespace }
    kubectl.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } })
    const object = desiredObject('ConfigMap')
    object.metadata.name = metadata.name
    assert.match(
      attempt(object).output,
      /changes and deletes only objects whose controller is a ModelDeployment/,
    )
    const removal = account.tryRun(['delete', 'configmap', metadata.name, '-n', namespace])
    assert.match(removal.output, /changes and deletes only objects whose controller is a ModelDeployment/)
  })

  test('let the operator put right what lost its label, and delete what is its own', () => {
    const object = desiredObject('ServiceAccount', 'shortest')
    kubectl.apply(object)
    kubectl.run(['label', 'serviceaccount', 'shortest', '-n', namespace, 'app.kubernetes.io/managed-by-'])
    const { ok, output } = attempt(object)
    assert.ok(ok, output)
    account.run(['delete', 'serviceaccount', 'shortest', '-n', namespace])
  })

  test('let foreign annotations of a ServiceAccount stay', () => {
    const object = desiredObject('ServiceAccount', 'claim')
    kubectl.apply(object)
    kubectl.run([
      'annotate',
      'serviceaccount',
      'claim',
      '-n',
      namespace,
      'eks.amazonaws.com/role-arn=arn:aws:x',
    ])
    const { ok, output } = attempt(object)
    assert.ok(ok, output)
  })

  test('let an operator of the release before go on with its Deployments, but make none', () => {
    const before = desiredObject('Deployment', 'claim')
    containerOf(before).image = 'localhost/gantry/inference-server:0.0.9'
    assert.match(attempt(before).output, /run the image/)
    kubectl.apply(before)
    before.spec.replicas = 3
    const { ok, output } = attempt(before)
    assert.ok(ok, output)
  })

  test('let the operator scale a Deployment whose pods wait for its own change, and write those as they stand', () => {
    const before = desiredObject('Deployment', 'everything')
    containerOf(before).image = 'localhost/gantry/inference-server:0.0.9'
    kubectl.apply(before)
    const { name } = before.metadata
    const live = kubectl.get('deployment', name, namespace) as Draft
    const held = desiredObject('Deployment', 'everything')
    held.spec = { ...held.spec, replicas: 5, template: live.spec.template }
    const { ok, output } = attempt(held)
    assert.ok(ok, output)
  })

  test('let a Service without a selector lead to the gateway, and delete no slices of others', () => {
    const service = desiredObject('Service')
    delete service.spec.selector
    const { ok, output } = attempt(service)
    assert.ok(ok, output)
    const labels = { 'kubernetes.io/service-name': 'payments' }
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      endpoints: [],
    }
    kubectl.apply({ ...slice, metadata: { name: 'payments-1', namespace, labels } })
    const removal = account.tryRun(['delete', 'endpointslice', 'payments-1', '-n', namespace])
    assert.match(removal.output, /only slices and Endpoints of the Services of models/)
  })

  test('apply to no other account', () => {
    const metadata = { name: 'payments', namespace }
    kubectl.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } })
  })
})
