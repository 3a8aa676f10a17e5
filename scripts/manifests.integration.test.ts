/** Everything a user applies is accepted by a real API server, and the operator's account may do what it must and no more. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { loadAll } from 'js-yaml'
import { components, labels as modelLabels } from '../contract/labels.ts'
import { httpPort } from '../contract/server.ts'
import { skipWithoutApiServer, testKubectl } from '../e2e/test-cluster.ts'
import { pricesKey, readPrices } from '../evaluation/prices.ts'
import { loadConfig } from '../operator/src/config.ts'
import { defaultImportConfig } from '../operator/src/pods/import-config.ts'
import { buildTools, toolPath } from './tools.ts'

interface Rendered {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  // biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds
  readonly [field: string]: any
}

const root = join(import.meta.dirname, '..')
const chart = join(root, 'helm/gantry')
const namespace = 'gantry-system'
const parse = (text: string): Rendered[] => (loadAll(text) as Rendered[]).filter(Boolean)

const kubectl = testKubectl()
const dryRun = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-']
const accept = (objects: readonly object[]): void =>
  void kubectl.run(dryRun, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))

type Values = Readonly<Record<string, unknown>>

await buildTools(['helm'])
const helm = toolPath('helm')
const template = (values: Values, flags: readonly string[] = []) =>
  spawnSync(helm, ['template', 'gantry', chart, '-n', namespace, '-f', '-', ...flags], {
    input: JSON.stringify(values),
    encoding: 'utf8',
  })

const render = (values: Values, flags?: readonly string[]): readonly Rendered[] => {
  const { status, stdout, stderr } = template(values, flags)
  if (status !== 0) throw new Error(stderr)
  return parse(stdout)
}

const only = (objects: readonly Rendered[], kind: string): Rendered => {
  const [found, ...more] = objects.filter((object) => object.kind === kind)
  assert.ok(found, `no ${kind}`)
  assert.equal(more.length, 0, `several ${kind}s`)
  return found
}

/** The environment that the operator's container gets. */
const environment = (objects: readonly Rendered[]): ReadonlyMap<string, string | undefined> =>
  new Map(
    only(objects, 'Deployment')['spec'].template.spec.containers[0].env.map(
      (entry: { name: string; value?: string }) => [entry.name, entry.value],
    ),
  )

const everyValue: Values = {
  image: { registry: 'registry.example.com:5000/team', tag: 'v1.2.3', pullPolicy: 'Always' },
  imagePullSecrets: [{ name: 'one' }, { name: 'two' }],
  replicas: 3,
  logLevel: 'debug',
  allowFileSources: true,
  imports: {
    ...{ allowHttpCredentials: true, privateAddresses: false },
    resources: { requests: { cpu: '2' }, limits: { cpu: 2, memory: null } },
    proxy: {
      https: 'http://proxy.example:3128',
      http: 'http://[fd00::1]:3128/',
      noProxy: ['.svc', '[fd00::2]', '10.0.0.0/8', '*'],
    },
    caBundle: { configMap: 'company-ca' },
  },
  tracing: { endpoint: 'http://collector.monitoring:4318', sampleRate: 0.1 },
  resources: { requests: { cpu: 1, memory: '1.5Gi' }, limits: { cpu: '2500m', memory: '2Gi' } },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }],
      },
    },
  },
  podAnnotations: { 'example.com/team': 'ml' },
  priorityClassName: 'system-cluster-critical',
  podTemplate: {
    allow: {
      ...{ labels: ['team', 'shop.example/*'], priorityClasses: ['*'], tolerations: [] },
      ...{ env: ['TZ', 'SHOP_*'], envFrom: ['*'], secrets: ['shop-*'], configMaps: ['*'] },
      volumes: ['emptyDir', 'csi/*', 'persistentVolumeClaim/words'],
      sidecars: ['registry.example.com:5000/proxies/*', 'registry.example.com/proxy@sha256:0*'],
      serviceAccounts: ['shop'],
    },
  },
  limits: { maxReplicas: 7 },
  rollout: { fleet: { maxModels: 5, maxFailed: 1 } },
  cost: {
    ...{ enabled: true, configMap: 'prices', intervalSeconds: 30 },
    prices: {
      currency: 'EUR',
      nodes: [{ labels: { zone: 'a' }, perHour: 1_000_000 }, { perHour: '0.0000005' }],
      gpus: [{ resource: 'nvidia.com/gpu', perHour: 3 }],
      storage: [{ storageClass: 'fast', perGbMonth: '0.17' }, { perGbMonth: 0.0000005 }],
      requests: { perThousand: '0.4' },
    },
  },
}

describe('manifests', { skip: skipWithoutApiServer }, () => {
  before(() => {
    for (const name of [namespace, 'gantry-examples', 'shop'])
      kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  })

  for (const file of [
    'manifests/install.yaml',
    'examples/store/store.yaml',
    'scripts/kube-score/everything-model.yaml',
    ...readdirSync(join(root, 'manifests/samples')).map((name) => `manifests/samples/${name}`),
  ])
    test(`${file} is accepted`, () => accept(parse(readFileSync(join(root, file), 'utf8'))))

  for (const [what, values] of [
    ['its defaults', {}],
    ['every value set', everyValue],
    ['one namespace to watch', { watchNamespace: 'shop' }],
    ['one replica', { replicas: 1 }],
    ['no replica', { replicas: 0 }],
    ['no resources', { resources: null }],
    ['a gateway', { gateway: { enabled: true } }],
    ['a gateway of one namespace', { gateway: { enabled: true, replicas: 1 }, watchNamespace: 'shop' }],
  ] as const)
    test(`the chart is accepted with ${what}`, () => accept(render(values)))

  for (const file of ['manifests/install.yaml', 'examples/store/store.yaml'])
    test(`the pods of ${file} are admitted under the restricted Pod Security Standard`, () => {
      kubectl.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'restricted', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      })
      const objects = parse(readFileSync(join(root, file), 'utf8'))
      for (const one of objects.filter(({ kind }) => kind === 'PriorityClass')) kubectl.apply(one)
      const { template } = only(objects, 'Deployment')['spec']
      const { serviceAccountName: _, ...spec } = template.spec
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod', namespace: 'restricted' } }
      accept([{ ...pod, spec }])
      const root0 = { ...spec, securityContext: { ...spec.securityContext, runAsUser: 0 } }
      assert.throws(() => accept([{ ...pod, spec: root0 }]), /violates PodSecurity "restricted/)
    })
})

describe('the chart', () => {
  test('hands every value to the operator', () => {
    const env = environment(render({ ...everyValue, watchNamespace: 'shop' }))
    assert.equal(env.get('SERVER_IMAGE'), 'registry.example.com:5000/team/gantry/inference-server:v1.2.3')
    assert.equal(env.get('SERVER_IMAGE_PULL_POLICY'), 'Always')
    assert.equal(env.get('IMAGE_PULL_SECRETS'), 'one,two')
    assert.equal(env.get('WATCH_NAMESPACE'), 'shop')
    assert.equal(env.get('ALLOW_FILE_SOURCES'), 'true')
    assert.equal(env.get('ALLOW_HTTP_CREDENTIALS'), 'true')
    assert.equal(environment(render({})).get('ALLOW_HTTP_CREDENTIALS'), 'false')
    assert.equal(env.get('ALLOW_PRIVATE_SOURCES'), 'false')
    assert.equal(environment(render({})).get('ALLOW_PRIVATE_SOURCES'), 'true')
    assert.equal(env.get('LOG_LEVEL'), 'debug')
    const { cost } = loadConfig({ ...Object.fromEntries(env), POD_NAMESPACE: 'x' }, 'x')
    assert.deepEqual(cost, { configMap: 'prices', intervalSeconds: 30 })
    assert.equal(env.get('TRACING_ENDPOINT'), 'http://collector.monitoring:4318')
    assert.equal(env.get('TRACING_SAMPLE_RATE'), '0.1')
    assert.equal(environment(render({})).has('TRACING_ENDPOINT'), false)
    const { reconcile } = loadConfig({ ...Object.fromEntries(env), POD_NAMESPACE: 'x' }, 'x')
    const { labels, priorityClasses, tolerations, runtimeClasses } = reconcile.podTemplate
    assert.deepEqual(reconcile.imports.resources, {
      requests: { cpu: '2', memory: '128Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: 2, 'ephemeral-storage': '1Gi' },
    })
    assert.deepEqual([labels, priorityClasses], [['team', 'shop.example/*'], ['*']])
    assert.deepEqual(
      [tolerations, runtimeClasses],
      [[], ['nvidia']],
      'a list that is not given keeps its default',
    )
    assert.equal(reconcile.maxReplicas, 7)
    assert.deepEqual(reconcile.fleet, { maxModels: 5, maxFailed: 1 })
    assert.deepEqual(reconcile.imports.proxy, {
      https: 'http://proxy.example:3128',
      http: 'http://[fd00::1]:3128',
      noProxy: ['.svc', '[fd00::2]', '10.0.0.0/8', '*'],
    })
    assert.deepEqual(reconcile.imports.caBundle, { configMap: 'company-ca', key: 'ca.crt' })
    const untouched = Object.fromEntries(environment(render({})))
    const { reconcile: defaults } = loadConfig({ ...untouched, POD_NAMESPACE: 'x' }, 'x')
    assert.deepEqual(
      defaults.imports,
      defaultImportConfig,
      'the operator without a chart has the same defaults',
    )
  })

  test('takes an image with a tag or digest of its own', () => {
    const digest = `sha256:${'a'.repeat(64)}`
    const image = { operator: `gantry/operator@${digest}`, server: 'gantry/inference-server-cuda:13' }
    const objects = render({ image })
    assert.equal(environment(objects).get('SERVER_IMAGE'), 'localhost/gantry/inference-server-cuda:13')
    const [container] = only(objects, 'Deployment')['spec'].template.spec.containers
    assert.equal(container.image, `localhost/gantry/operator@${digest}`)
  })

  test('gives no cluster-wide rights when it watches one namespace', () => {
    const objects = render({ watchNamespace: 'shop' })
    assert.equal(objects.filter(({ kind }) => kind === 'ClusterRoleBinding').length, 0)
    const roles = objects.filter(({ kind }) => kind === 'Role').map(({ metadata }) => metadata.namespace)
    assert.deepEqual(roles.sort(), [namespace, 'shop'])
    const sees = render({ watchNamespace: 'shop', takeOverFrom: ['team-a/prod'] })
    assert.equal(sees.filter(({ kind }) => kind === 'ClusterRoleBinding').length, 0)
    const role = sees.find(({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'team-a')
    const [rule, ...more] = role?.['rules'] ?? []
    assert.deepEqual(more, [])
    assert.deepEqual(rule, {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: ['prod-gantry-operator'],
      verbs: ['get'],
    })
  })

  test('makes the price sheet of its values, as the operator reads it', () => {
    const { metadata, data } = only(render(everyValue), 'ConfigMap')
    assert.equal(metadata.name, 'prices')
    assert.deepEqual(readPrices(data[pricesKey]), {
      kind: 'prices',
      prices: {
        currency: 'EUR',
        nodes: [
          { labels: { zone: 'a' }, perHour: 1_000_000 },
          { labels: {}, perHour: 5e-7 },
        ],
        gpus: [{ resource: 'nvidia.com/gpu', labels: {}, perHour: 3 }],
        storage: [
          { storageClass: 'fast', perGbMonth: 0.17 },
          { storageClass: undefined, perGbMonth: 5e-7 },
        ],
        perRequest: 0.0004,
      },
    })
    assert.equal(render({ cost: { enabled: true } }).filter(({ kind }) => kind === 'ConfigMap').length, 0)
  })

  test('lets the operator get nodes and the price sheet where costs are measured, and nowhere else', () => {
    const rulesOf = (values: Values, end: string): readonly Rendered[] =>
      render(values).filter(({ kind, metadata }) => /Role$/.test(kind) && metadata.name.endsWith(end))
    const [cluster, own, ...more] = rulesOf({ cost: { enabled: true }, watchNamespace: 'shop' }, '-cost')
    assert.equal(more.length, 0)
    assert.deepEqual(cluster?.['rules'], [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }])
    assert.equal(own?.metadata.namespace, namespace)
    assert.deepEqual(own?.['rules'], [
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['gantry-prices'], verbs: ['get'] },
    ])
    assert.deepEqual(rulesOf({}, '-cost'), [])
    assert.ok(!JSON.stringify(render({})).includes('nodes"'))
  })

  test('protects the standby pods from an eviction of all, and one pod from nothing', () => {
    assert.equal(only(render({}), 'PodDisruptionBudget')['spec'].maxUnavailable, 1)
    const single = render({ replicas: 1 })
    assert.equal(single.filter(({ kind }) => kind === 'PodDisruptionBudget').length, 0)
  })

  test('lets only clients of models ask the operator, and the operator out only to whom it asks', () => {
    const { spec } = only(render({}), 'NetworkPolicy')
    const labels = only(render({}), 'Deployment')['spec'].template.metadata.labels
    for (const [key, value] of Object.entries(spec.podSelector.matchLabels)) assert.equal(labels[key], value)
    assert.deepEqual(spec.policyTypes, ['Ingress', 'Egress'])
    assert.deepEqual(spec.ingress[0].from, [
      { podSelector: {} },
      { namespaceSelector: { matchLabels: { [modelLabels.client]: 'true' } } },
    ])
    assert.deepEqual(spec.egress[2].to[0].podSelector.matchLabels, {
      [modelLabels.managedBy]: modelLabels.manager,
      [modelLabels.component]: components.server,
    })
    assert.deepEqual(spec.egress[2].ports, [{ port: httpPort, protocol: 'TCP' }])
    const moved = only(render({ networkPolicy: { apiServerPorts: [16_444] } }), 'NetworkPolicy')
    assert.deepEqual(moved['spec'].egress[1].ports, [{ port: 16_444, protocol: 'TCP' }])
    const none = render({ networkPolicy: { enabled: false } })
    assert.equal(none.filter(({ kind }) => kind === 'NetworkPolicy').length, 0)
  })

  test('replaces an operator pod without room for another one beside it', () => {
    const { strategy } = only(render({}), 'Deployment')['spec']
    assert.equal(strategy.rollingUpdate.maxUnavailable, 1)
  })

  test('gives the operator a priority class of its own, one that is named, or none', () => {
    const classOf = (objects: readonly Rendered[]): unknown =>
      only(objects, 'Deployment')['spec'].template.spec.priorityClassName
    const made = (values: Values): readonly Rendered[] =>
      render(values).filter(({ kind }) => kind === 'PriorityClass')
    const [own] = made({})
    assert.equal(own?.metadata.name, `gantry-operator.${namespace}.gantry`)
    assert.equal(classOf(render({})), own?.metadata.name)
    const named = { priorityClassName: 'system-cluster-critical' }
    assert.deepEqual([classOf(render(named)), made(named)], ['system-cluster-critical', []])
    const none = { priorityClass: { create: false } }
    assert.deepEqual([classOf(render(none)), made(none)], [undefined, []])
  })

  test('names its priority class so that the API server takes it in any namespace', () => {
    // A name that begins with system- is refused: such classes are those of Kubernetes itself.
    const made = only(render({}, ['-n', 'system-ml']), 'PriorityClass')
    assert.doesNotMatch(made.metadata.name, /^system-/)
    accept([made])
  })

  test('refuses a fleet of which no model may change', () => {
    assert.match(template({ rollout: { fleet: { maxModels: 0 } } }).stderr, /maxModels/)
  })

  test('installs the admission policies with their bindings, or none', () => {
    const kinds = (values: Values): number =>
      render(values).filter(({ kind }) => kind.startsWith('ValidatingAdmissionPolicy')).length
    assert.equal(kinds({}), 8)
    assert.equal(kinds({ admissionPolicy: { enabled: false } }), 0)
  })

  test('renders a ServiceMonitor where there is such a kind and refuses to pretend elsewhere', () => {
    const values = { serviceMonitor: { enabled: true, labels: { release: 'prometheus' } } }
    const monitor = only(
      render(values, ['--api-versions', 'monitoring.coreos.com/v1/ServiceMonitor']),
      'ServiceMonitor',
    )
    assert.equal(monitor.metadata['labels' as never]['release'], 'prometheus')
    assert.match(template(values).stderr, /this cluster has no ServiceMonitor CRD: install the Prometheus/)
  })

  test('renders a PodMonitor that finds the serving pods, where there is such a kind', () => {
    const values = { podMonitor: { enabled: true } }
    const flags = ['--api-versions', 'monitoring.coreos.com/v1/PodMonitor']
    const { spec } = only(render(values, flags), 'PodMonitor')
    assert.equal(spec.selector.matchLabels['app.kubernetes.io/component'], components.server)
    assert.deepEqual(spec.namespaceSelector, { any: true })
    assert.deepEqual(
      spec.podMetricsEndpoints.map((one: { port: string; scheme: string }) => [one.port, one.scheme]),
      [
        ['http', 'http'],
        ['https', 'https'],
      ],
    )
    const narrow = only(render({ ...values, watchNamespace: 'shop' }, flags), 'PodMonitor')
    assert.deepEqual(narrow['spec'].namespaceSelector, { matchNames: ['shop'] })
    assert.match(template(values).stderr, /this cluster has no PodMonitor CRD: install the Prometheus/)
  })

  test('hands the dashboards to Grafana as they are, when asked to', () => {
    assert.equal(render({}).filter(({ kind }) => kind === 'ConfigMap').length, 0)
    const { metadata, data } = only(render({ dashboards: { enabled: true } }), 'ConfigMap') as Rendered
    assert.equal(metadata['labels' as never]['grafana_dashboard'], '1')
    const file = readFileSync(join(chart, 'dashboards/models.json'), 'utf8')
    assert.deepEqual(JSON.parse(data['gantry-models.json']), JSON.parse(file))
  })

  for (const [what, values, sentence] of [
    ['a misspelt value', { replica: 2 }, /replica/],
    ['a misspelt image value', { image: { repo: 'x' } }, /repo/],
    ['an unknown log level', { logLevel: 'verbose' }, /logLevel.*must be one of/],
    ['a registry with a scheme', { image: { registry: 'https://registry.example.com' } }, /registry/],
    ['negative replicas', { replicas: -1 }, /replicas/],
    ['a flag in quotes', { allowFileSources: 'yes' }, /allowFileSources.*boolean/],
    ['a collector without a scheme', { tracing: { endpoint: 'collector:4318' } }, /tracing.*endpoint/],
    ['a share above one', { tracing: { sampleRate: 2 } }, /sampleRate/],
    ['an unknown list of what models may ask for', { podTemplate: { allow: { label: [] } } }, /label/],
    ['a pattern where a name stands', { podTemplate: { allow: { labels: ['a*b'] } } }, /labels.*pattern/],
    ['a negative price', { cost: { prices: { nodes: [{ perHour: -1 }] } } }, /perHour/],
    ['an unknown price', { cost: { prices: { node: [] } } }, /node/],
    ['no pods at all', { limits: { maxReplicas: 0 } }, /maxReplicas/],
    ['a quantity that is not one', { resources: { limits: { memory: 'lots' } } }, /memory/],
  ] as const)
    test(`refuses ${what}`, () => {
      const { status, stderr } = template(values)
      assert.notEqual(status, 0)
      assert.match(stderr.replaceAll('\n', ' '), sentence)
    })
})

describe("the operator's account", { skip: skipWithoutApiServer }, () => {
  const system = 'rbac-system'
  const account = `system:serviceaccount:${system}:gantry-operator`
  const operator = testKubectl('--as', account)
  const may = (verb: string, resource: string, where: readonly string[] = ['-n', 'shop']): boolean =>
    operator.attempt(['auth', 'can-i', verb, resource, ...where]).ok

  before(() => {
    for (const name of [system, 'shop'])
      kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    const rendered = spawnSync(helm, ['template', 'gantry', chart, '-n', system], { encoding: 'utf8' }).stdout
    kubectl.apply(...parse(rendered).filter(({ apiVersion }) => apiVersion.startsWith('rbac.')))
  })

  const owned: readonly Rendered[] = [
    { apiVersion: 'v1', kind: 'ServiceAccount' },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } },
    { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80 }] } },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: { podSelector: {} } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { containers: [{ name: 'server', image: 'server' }] },
        },
      },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rbac' } },
    },
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', spec: { maxUnavailable: 1 } },
  ].map((object) => ({ ...object, metadata: { name: 'rbac', namespace: 'shop' } }))

  for (const object of owned)
    test(`creates, changes and deletes a ${object.kind} by server-side apply`, () => {
      const changed = { ...object, metadata: { ...object.metadata, labels: { changed: 'yes' } } }
      operator.apply(object)
      operator.apply(changed)
      operator.run(['delete', object.kind, 'rbac', '-n', 'shop', '--wait=false'])
    })

  test('writes the status of a ModelDeployment and nothing else of it', () => {
    const model = { apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelDeployment', metadata: owned[0]?.metadata }
    kubectl.apply({
      ...model,
      spec: { model: { task: 'tensor', source: { uri: 'https://models.example.com/m.onnx' } } },
    })
    const status = JSON.stringify({ ...model, status: { observedGeneration: 1 } })
    const apply = ['apply', '--server-side', '--force-conflicts', '-f', '-']
    operator.run([...apply, '--subresource=status'], status)
    assert.match(operator.attempt(apply, status).output, /cannot patch resource "modeldeployments"/)
  })

  for (const resource of [
    'modeldeployments.gantry.dev',
    'pods',
    'deployments.apps',
    'replicasets.apps',
    'services',
    'jobs.batch',
    'configmaps',
    'persistentvolumeclaims',
    'serviceaccounts',
    'networkpolicies.networking.k8s.io',
    'endpointslices.discovery.k8s.io',
    'poddisruptionbudgets.policy',
    'horizontalpodautoscalers.autoscaling',
  ])
    test(`lists and watches ${resource} of all namespaces`, () => {
      assert.ok(may('list', resource, ['--all-namespaces']))
      assert.ok(may('watch', resource, ['--all-namespaces']))
    })

  test('creates its Lease and renews that one only', () => {
    assert.ok(may('create', 'leases', ['-n', system]))
    assert.ok(may('update', 'leases/gantry-operator', ['-n', system]))
    assert.ok(!may('update', 'leases/other', ['-n', system]))
    assert.ok(!may('create', 'leases'))
  })

  test('gives its Lease another owner, which clusters that check owner references allow only to those who may delete it', () => {
    assert.ok(may('delete', 'leases/gantry-operator', ['-n', system]))
    assert.ok(!may('delete', 'leases/other', ['-n', system]))
  })

  test('sees the Leases of other releases and its own Deployment, and changes neither', () => {
    assert.ok(may('get', 'leases/prod-gantry-operator', ['-n', 'elsewhere']))
    assert.ok(may('get', 'deployments.apps/gantry-operator', ['-n', system]))
    for (const verb of ['list', 'watch', 'update', 'patch', 'delete'])
      assert.ok(!may(verb, 'leases/prod-gantry-operator', ['-n', 'elsewhere']), verb)
  })

  for (const [verb, resource, part = ''] of [
    ['get', 'secrets'],
    ['list', 'secrets'],
    ['create', 'pods'],
    ['delete', 'pods'],
    ['create', 'pods', 'exec'],
    ['create', 'modeldeployments.gantry.dev'],
    ['patch', 'modeldeployments.gantry.dev'],
    ['delete', 'modeldeployments.gantry.dev'],
    ['delete', 'events'],
    ['create', 'rolebindings.rbac.authorization.k8s.io'],
    ['create', 'serviceaccounts', 'token'],
    ['impersonate', 'users'],
    ['patch', 'jobs.batch'],
    ['create', 'replicasets.apps'],
    ['patch', 'replicasets.apps'],
    ['update', 'deployments.apps'],
    ['deletecollection', 'persistentvolumeclaims'],
  ] as const)
    test(`may not ${verb} ${[resource, part].join('/').replace(/\/$/, '')}`, () =>
      assert.ok(!may(verb, resource, ['-n', 'shop', `--subresource=${part}`])))
})
