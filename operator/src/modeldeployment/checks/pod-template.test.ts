/** What a model may ask of its pods: everything that stays with them, and beyond that what the installation lists. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveDeployment, LiveEvent } from '@gantry/kube/live.ts'
import { settledCluster, type TestCluster, testConfig } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import type { Observed } from '../observe.ts'
import { defaultPodTemplateAllow } from '../pod-template-allow.ts'
import { podTemplateNotAllowed } from './pod-template.ts'

type PodTemplate = NonNullable<NonNullable<ModelDeployment['spec']['serve']>['podTemplate']>

const hard = 'requiredDuringSchedulingIgnoredDuringExecution'
const soft = 'preferredDuringSchedulingIgnoredDuringExecution'
const zone = 'topology.kubernetes.io/zone'
const nodes = (...matchExpressions: object[]) => ({ [hard]: { nodeSelectorTerms: [{ matchExpressions }] } })
const own = { matchLabels: { 'gantry.dev/model': 'intents' } }
const others = { matchLabels: { app: 'payments' } }

const allowed: Readonly<Record<string, PodTemplate>> = {
  nothing: {},
  empties: { labels: {}, annotations: {}, nodeSelector: {}, tolerations: [], affinity: {} },
  'a GPU': {
    runtimeClassName: 'nvidia',
    nodeSelector: { 'nvidia.com/gpu.product': 'A100', 'kubernetes.io/arch': 'amd64' },
    tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  },
  'zones and hardware by affinity': {
    affinity: {
      nodeAffinity: {
        ...nodes({ key: zone, operator: 'In', values: ['a', 'b'] }),
        [soft]: [
          { weight: 1, preference: { matchExpressions: [{ key: 'nvidia.com/gpu.memory', operator: 'Gt' }] } },
        ],
      },
    },
  },
  'a spread over nodes and zones': {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: own,
      },
    ],
    affinity: {
      podAntiAffinity: {
        [hard]: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: own },
          {
            topologyKey: zone,
            namespaces: ['demo'],
            labelSelector: {
              matchExpressions: [{ key: 'gantry.dev/model', operator: 'In', values: ['intents'] }],
            },
          },
          { topologyKey: zone },
        ],
      },
    },
  },
  'a place near its callers': {
    affinity: {
      podAffinity: { [hard]: [{ topologyKey: zone, labelSelector: others }] },
      podAntiAffinity: {
        [soft]: [{ weight: 1, podAffinityTerm: { topologyKey: zone, labelSelector: others } }],
      },
    },
  },
  'who pays, and scraping': {
    labels: { 'cost-center': '7', 'tag.gantry.dev/team': 'shop' },
    annotations: { team: 'shop', 'prometheus.io/scrape': 'true' },
  },
  'pull secrets': { imagePullSecrets: [{ name: 'mine' }] },
}

/** What is refused, and how the message names it. */
const refused: Readonly<Record<string, readonly [PodTemplate, RegExp]>> = {
  'a class of the system': [
    { priorityClassName: 'system-node-critical' },
    /priorityClassName "system-node-critical" \(never allowed\)/,
  ],
  'another class': [
    { priorityClassName: 'high' },
    /priorityClassName "high" \(chart value podTemplate\.allow\.priorityClasses\)/,
  ],
  'a runtime class': [{ runtimeClassName: 'kata' }, /runtimeClassName "kata" \(.*\.runtimeClasses\)/],
  'the control plane': [
    { nodeSelector: { 'node-role.kubernetes.io/control-plane': '' } },
    /nodeSelector\["node-role\.kubernetes\.io\/control-plane"\] \(.*\.nodeSelectors\)/,
  ],
  'one node': [
    { nodeSelector: { 'kubernetes.io/hostname': 'n1' } },
    /nodeSelector\["kubernetes\.io\/hostname"\]/,
  ],
  'a label that begins like an allowed one': [{ nodeSelector: { 'kubernetes.io/archive': 'x' } }, /archive/],
  'one node by affinity': [
    { affinity: { nodeAffinity: nodes({ key: zone }, { key: 'kubernetes.io/hostname', operator: 'In' }) } },
    /affinity\.nodeAffinity\.required\w+\.nodeSelectorTerms\[0\]\.matchExpressions\[1\] with the key "kubernetes\.io\/hostname"/,
  ],
  'one node by its name': [
    {
      affinity: {
        nodeAffinity: { [hard]: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name' }] }] } },
      },
    },
    /matchFields\[0\] with the key "metadata\.name"/,
  ],
  'a preference for one node': [
    {
      affinity: {
        nodeAffinity: {
          [soft]: [{ weight: 1, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } }],
        },
      },
    },
    /preferred\w+\[0\]\.preference\.matchExpressions\[0\] with the key "disk"/,
  ],
  'every taint': [
    { tolerations: [{ operator: 'Exists' }] },
    /tolerations\[0\] of every taint, since it has no key, \(/,
  ],
  'every taint of a kind': [
    { tolerations: [{ key: '', effect: 'NoSchedule', operator: 'Exists' }] },
    /of every taint/,
  ],
  'a taint': [
    { tolerations: [{ key: 'nvidia.com/gpu' }, { key: 'node-role.kubernetes.io/control-plane' }] },
    /tolerations\[1\] of the taint "node-role\.kubernetes\.io\/control-plane" \(.*\.tolerations\)/,
  ],
  'a taint whose key is no text': [{ tolerations: [{ key: 7 }] }, /tolerations\[0\]/],
  'a label that a Service selects': [
    { labels: { app: 'payments' } },
    /labels\["app"\] \(.*podTemplate\.allow\.labels\)/,
  ],
  "a label of Kubernetes'": [
    { labels: { 'topology.kubernetes.io/zone': 'a', 'pod-template-hash': 'x', 'x.k8s.io/a': 'b' } },
    /zone"\] \(never allowed\), labels\["pod-template-hash"\] \(never allowed\), labels\["x\.k8s\.io\/a"\] \(never/,
  ],
  'a label of the operator': [
    { labels: { 'gantry.dev/client': 'x' } },
    /labels\["gantry\.dev\/client"\] \(never allowed\)/,
  ],
  'a role in the cloud': [
    { annotations: { 'iam.amazonaws.com/role': 'admin' } },
    /annotations\["iam\.amazonaws\.com\/role"\] \(.*\.annotations\)/,
  ],
  'keeping all pods off a zone': [
    {
      affinity: {
        podAntiAffinity: { [hard]: [{ topologyKey: zone, namespaceSelector: {}, labelSelector: {} }] },
      },
    },
    /affinity\.podAntiAffinity\.required\w+\[0\]\.namespaceSelector \(.*\.affinityNamespaces\)/,
  ],
  'keeping its neighbours off a zone': [
    { affinity: { podAntiAffinity: { [hard]: [{ topologyKey: zone, labelSelector: {} }] } } },
    /which keeps other pods than this model's off its nodes, \(.*\.affinityNamespaces\)/,
  ],
  'pods of another namespace': [
    {
      affinity: {
        podAffinity: {
          [soft]: [{ weight: 1, podAffinityTerm: { namespaces: ['demo', 'bank'], topologyKey: zone } }],
        },
      },
    },
    /podAffinity\.preferred\w+\[0\]\.podAffinityTerm\.namespaces with "bank"/,
  ],
}

const cluster = async (podTemplate: PodTemplate): Promise<TestCluster> => {
  const settled = await settledCluster()
  await settled.change((spec) => {
    spec.serve.podTemplate = podTemplate
  })
  return settled
}

for (const [what, podTemplate] of Object.entries(allowed)) {
  test(`allowed by default: ${what}`, async () => {
    const settled = await cluster(podTemplate)
    assert.equal(settled.condition('Ready')?.status, 'True', settled.condition('Ready')?.message)
  })
}

for (const [what, [podTemplate, names]] of Object.entries(refused)) {
  test(`refused by its name: ${what}`, async () => {
    const settled = await cluster(podTemplate)
    const stalled = settled.condition('Stalled')
    assert.equal(stalled?.reason, 'PodTemplateNotAllowed', stalled?.message)
    assert.match(stalled?.message ?? '', names)
    const isNever = /never/.test(names.source)
    const next = isNever ? /Remove it\. Until/ : /Remove it, or have it listed in the chart value\./
    assert.match(stalled?.message ?? '', next)
  })
}

test('what serves goes on serving as it was, nothing is written, and an Event tells', async () => {
  const settled = await settledCluster()
  const before = settled.find<LiveDeployment>('Deployment')
  await settled.change((spec) => {
    spec.serve.podTemplate = { tolerations: [{ operator: 'Exists' }] }
    spec.model.version = 'two'
  })
  assert.deepEqual(settled.find('Deployment'), before)
  assert.equal(settled.condition('Available')?.status, 'True')
  assert.equal(settled.condition('Degraded')?.reason, 'PodTemplateNotAllowed')
  const told = settled.all<LiveEvent>('Event').filter(({ reason }) => reason === 'PodTemplateNotAllowed')
  assert.equal(told.length, 1)
  settled.writes.length = 0
  for (let count = 0; count < 5; count += 1) assert.equal((await settled.pass()).kind, 'settled')
  assert.deepEqual(settled.writes, [])
  await settled.change((spec) => {
    delete spec.serve.podTemplate
  })
  assert.equal(settled.condition('Ready')?.status, 'True')
})

test('a new model gets no pod at all, not even for its import', async () => {
  const spec = { serve: { podTemplate: { priorityClassName: 'system-cluster-critical' } } }
  const settled = await settledCluster({ model: modelDeployment({ spec }) })
  assert.deepEqual([...settled.all('Job'), ...settled.all('Deployment')], [])
  assert.equal(settled.condition('Stalled')?.reason, 'PodTemplateNotAllowed')
})

test('five are named, and how many more there are', async () => {
  const labels = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`l${index}`, 'x']))
  const message = (await cluster({ labels })).condition('Stalled')?.message ?? ''
  assert.match(message, /labels\["l4"\] \(.*\), and 4 more\. Remove/)
  assert.doesNotMatch(message, /l5/)
})

test('a key of any length and any characters is shown short and plain', async () => {
  const message = (await cluster({ nodeSelector: { [`\u001b[2J\n${'k'.repeat(5000)}`]: 'x' } })).condition(
    'Stalled',
  )?.message
  assert.match(message ?? '', /nodeSelector\["\ufffd\[2J k+…"\]/)
  assert.ok((message ?? '').length < 500)
})

test('what the API server would refuse anyway is left to it', async () => {
  const affinity = {
    nodeAffinity: { [hard]: 'x', [soft]: [null, 7, { preference: 'x' }] },
    podAffinity: [],
    podAntiAffinity: { [hard]: { topologyKey: zone }, [soft]: [{ podAffinityTerm: null }] },
  }
  assert.equal((await cluster({ affinity })).condition('Stalled')?.status, 'False')
})

const nasty: readonly unknown[] = [
  ...[null, true, 7, '', 'x', [], {}, [null], [[]], { toString: 'x', valueOf: 'x' }, { length: 3 }],
  ...['__proto__', JSON.parse('{"__proto__":{"key":"x"}}'), '\ud800', 'kubernetes.io/hostname', '*'],
]

/** Members that are read, with anything in them, a few levels deep. */
const anything = (random: () => number, depth: number): unknown => {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  if (depth === 0 || random() < 0.2) return pick(nasty)
  if (random() < 0.4) return Array.from({ length: 2 }, () => anything(random, depth - 1))
  const members = Array.from({ length: 3 }, () => [pick(read), anything(random, depth - 1)])
  return Object.fromEntries(members)
}
const read = [
  ...[
    'nodeAffinity',
    'podAffinity',
    'podAntiAffinity',
    hard,
    soft,
    'nodeSelectorTerms',
    'preference',
    'podAffinityTerm',
  ],
  ...[
    'matchExpressions',
    'matchFields',
    'key',
    'operator',
    'values',
    'labelSelector',
    'matchLabels',
    'gantry.dev/model',
  ],
  ...['namespaces', 'namespaceSelector'],
]

test('anything where the CRD takes anything is judged, and never ends the pass', () => {
  let seed = 20_261_126
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return seed / 2 ** 31
  }
  const observed = { model: modelDeployment() } as Observed
  for (let count = 0; count < 3_000; count += 1) {
    const affinity = Object.fromEntries(read.slice(0, 3).map((kind) => [kind, anything(random, 6)]))
    const podTemplate = { affinity, tolerations: [{ key: anything(random, 1) }] }
    const model = modelDeployment({ spec: { serve: { podTemplate } } })
    const finding = podTemplateNotAllowed({ ...observed, model }, testConfig)
    assert.ok(!finding || finding.reason === 'PodTemplateNotAllowed', JSON.stringify(affinity))
  }
  for (const key of nasty) {
    const affinity = { nodeAffinity: { [hard]: { nodeSelectorTerms: [{ matchExpressions: [{ key }] }] } } }
    const model = modelDeployment({ spec: { serve: { podTemplate: { affinity } } } })
    assert.ok(podTemplateNotAllowed({ ...observed, model }, testConfig), JSON.stringify(key))
  }
})

test('the installation may allow more, everything but what is never allowed included', async () => {
  const every = Object.keys(defaultPodTemplateAllow).map((name) => [name, ['*']])
  const config = { podTemplate: Object.fromEntries(every) }
  for (const [what, [podTemplate, names]] of Object.entries(refused)) {
    const settled = await settledCluster({
      config,
      model: modelDeployment({ spec: { serve: { podTemplate } } }),
    })
    const isNever = names.source.includes('never')
    assert.equal(settled.condition('Stalled')?.status, isNever ? 'True' : 'False', what)
  }
})

test('a namespace that is listed may keep its own pods apart', async () => {
  const podTemplate = {
    affinity: { podAntiAffinity: { [hard]: [{ topologyKey: zone, labelSelector: others }] } },
  }
  const model = modelDeployment({ spec: { serve: { podTemplate } } })
  const allow = { ...defaultPodTemplateAllow, affinityNamespaces: ['demo'] }
  const settled = await settledCluster({ config: { podTemplate: allow }, model })
  assert.equal(settled.condition('Ready')?.status, 'True')
})

test('variables are refused unless the installation lists them, and those of our programs always', () => {
  const ask = (list: readonly string[], ...names: readonly string[]) => {
    const env = names.map((name) => ({ name, value: 'x' }))
    const model = modelDeployment({ spec: { serve: { podTemplate: { env } } } })
    const allow = { ...testConfig.podTemplate, env: list }
    return podTemplateNotAllowed({ model } as Observed, { ...testConfig, podTemplate: allow })?.message
  }
  assert.match(ask([], 'TZ') ?? '', /env\["TZ"\] \(chart value podTemplate\.allow\.env\)/)
  assert.equal(ask(['TZ', 'SHOP_*'], 'TZ', 'SHOP_MODE'), undefined)
  assert.match(ask(['SHOP_*'], 'SHOP', 'SHOP_MODE') ?? '', /env\["SHOP"\]/)
  for (const name of [
    'NODE_OPTIONS',
    'NODE_EXTRA_CA_CERTS',
    'LD_PRELOAD',
    'ORT_X',
    'OTEL_SDK_DISABLED',
    'GANTRY_HOST',
    'POD_NAME',
    'PATH',
    'node_options',
    ...['GCONV_PATH', 'GIO_EXTRA_MODULES', 'VIPSHOME', 'CUDA_INJECTION64_PATH', 'NVTX_INJECTION64_PATH'],
    'NVIDIA_VISIBLE_DEVICES',
  ])
    assert.match(ask(['*'], name) ?? '', new RegExp(`env\\["${name}"\\] \\(never allowed\\)`), name)
})
