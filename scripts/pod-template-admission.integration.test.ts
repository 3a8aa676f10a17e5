/**
 * What the chart value podTemplate.allow loosens of the admission policies for the operator's account: exactly what it lists,
 * and only in serving pods.
 */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { skipWithoutApiServer, testKubectl } from '../e2e/test-cluster.ts'
import { eventually } from '../local-cluster/kubectl.ts'
import type { ModelDeployment } from '../operator/src/modeldeployment/model-deployment.ts'
import { accountConfig, type Draft, desiredObjects, operatorAccount } from './testing/operator-account.ts'
import { buildTools } from './tools.ts'

const namespace = 'additions'
const kubectl = testKubectl()

const shopToken = { name: 'shop-token' }
const podTemplate = {
  env: [
    { name: 'SHOP_MODE', value: '' },
    { name: 'SHOP_TOKEN', valueFrom: { secretKeyRef: { ...shopToken, key: 'token' } } },
    { name: 'SHOP_URL', valueFrom: { configMapKeyRef: { name: 'shop', key: 'url', optional: true } } },
    { name: 'SHOP_POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  ],
  envFrom: [{ prefix: 'SHOP_', secretRef: shopToken }],
  volumes: [
    { name: 'scratch', emptyDir: { sizeLimit: '10Mi', medium: 'Memory' } },
    { name: 'config', configMap: { name: 'shop' } },
    { name: 'token', secret: { secretName: 'shop-token' } },
    { name: 'both', projected: { sources: [{ secret: shopToken }, { configMap: { name: 'shop' } }] } },
    { name: 'words', persistentVolumeClaim: { claimName: 'words' } },
    { name: 'vault', csi: { driver: 'secrets-store.csi.k8s.io', nodePublishSecretRef: shopToken } },
  ],
  volumeMounts: [
    { name: 'both', mountPath: '/mnt/both' },
    { name: 'words', mountPath: '/mnt/words', subPath: 'de' },
  ],
  serviceAccountName: 'shop',
  sidecars: [
    {
      name: 'proxy',
      image: 'registry.example.com/proxies/envoy:1.34',
      args: ['--config', '$(CONFIG)'],
      env: [
        { name: 'CONFIG', value: '/etc/envoy' },
        { name: 'PATH', valueFrom: { secretKeyRef: { ...shopToken, key: 'path' } } },
      ],
      envFrom: [{ prefix: 'SHOP_', configMapRef: { name: 'shop' } }],
      ports: [{ name: 'proxy', containerPort: 8443 }],
      volumeMounts: [{ name: 'scratch', mountPath: '/tmp' }],
      startupProbe: { tcpSocket: { port: 'proxy' } },
      livenessProbe: { exec: { command: ['true'] } },
      readinessProbe: { httpGet: { path: '/ready', port: 8443, scheme: 'HTTPS' } },
      securityContext: { runAsUser: 101, readOnlyRootFilesystem: false },
    },
    { name: 'shipper', image: 'registry.example.com/shipper:2' },
  ],
}
const allow = {
  env: ['SHOP_*', 'N*', 'n*', 'G*', 'V*', 'C*'],
  envFrom: ['SHOP_', 'N*'],
  secrets: ['shop-*'],
  configMaps: ['shop'],
  volumes: [
    ...['emptyDir', 'configMap', 'secret', 'projected'],
    ...['persistentVolumeClaim/words', 'csi/secrets-store.csi.k8s.io'],
  ],
  sidecars: ['registry.example.com/proxies/*', 'registry.example.com/shipper:2'],
  serviceAccounts: ['shop'],
}

const system = 'additions-on'
const on = operatorAccount(system, ['--set-json', `podTemplate.allow=${JSON.stringify(allow)}`])
const off = operatorAccount('additions-off', [])

const podOf = (object: Draft): Draft => object.spec.template.spec
const serverOf = (object: Draft): Draft => podOf(object).containers[0]
const sidecarOf = (object: Draft): Draft => podOf(object).initContainers[0]

type Case = readonly [what: string, change: (object: Draft) => void, sentence: RegExp]

const account = 'another ServiceAccount'

/** Each addition alone, which an installation that lists nothing refuses. */
const additions: readonly Case[] = [
  ['a variable', (one) => serverOf(one).env.push({ name: 'SHOP_MODE' }), /only the variables/],
  [
    'a key of a Secret',
    (one) => serverOf(one).env.push(podTemplate.env[1]),
    /only the variables|only the keys of a source/,
  ],
  ['a whole Secret', (one) => (serverOf(one).envFrom = podTemplate.envFrom), /only the variables/],
  ...podTemplate.volumes.map(
    (volume): Case => [
      `the volume ${volume.name}`,
      (one) => podOf(one).volumes.push(volume),
      /no volumes beside their own|claims, ConfigMaps, Secrets, empty folders and the image of their source only/,
    ],
  ),
  [account, (one) => (podOf(one).serviceAccountName = 'shop'), /run as the ServiceAccount/],
  [
    'a sidecar',
    (one) =>
      (podOf(one).initContainers = [
        {
          name: 'shipper',
          image: 'registry.example.com/shipper:2',
          restartPolicy: 'Always',
          securityContext: serverOf(one).securityContext,
        },
      ]),
    /have one container/,
  ],
]

/** What goes beyond the lists, though they list something of its kind. */
const misuses: readonly Case[] = [
  ...[
    'NODE_OPTIONS',
    'node_options',
    'GCONV_PATH',
    'VIPSHOME',
    'NVIDIA_VISIBLE_DEVICES',
    'CUDA_INJECTION64_PATH',
  ].map(
    (name): Case => [
      `the variable ${name}`,
      (one) => serverOf(one).env.push({ name, value: 'x' }),
      /only the variables/,
    ],
  ),
  [
    'a key of another Secret',
    (one) =>
      serverOf(one).env.push({
        name: 'SHOP_X',
        valueFrom: { secretKeyRef: { name: 'payments', key: 'token' } },
      }),
    /only the variables|only the keys of a source/,
  ],
  [
    'a variable of our programs from a listed Secret',
    (one) =>
      serverOf(one).env.push({
        name: 'OTEL_X',
        valueFrom: { secretKeyRef: { name: 'shop-token', key: 'token' } },
      }),
    /only the keys of a source/,
  ],
  [
    'a key of another ConfigMap',
    (one) =>
      serverOf(one).env.push({ name: 'SHOP_X', valueFrom: { configMapKeyRef: { name: 'other', key: 'a' } } }),
    /only the variables/,
  ],
  [
    'a whole Secret that is not listed',
    (one) => serverOf(one).envFrom.push({ prefix: 'SHOP_', secretRef: { name: 'payments' } }),
    /only the variables/,
  ],
  [
    'a prefix that could make NODE_OPTIONS of a key',
    (one) => serverOf(one).envFrom.push({ prefix: 'NO', secretRef: { name: 'shop-token' } }),
    /only the variables/,
  ],
  [
    'no prefix',
    (one) => serverOf(one).envFrom.push({ secretRef: { name: 'shop-token' } }),
    /only the variables/,
  ],
  [
    'a volume of another Secret',
    (one) => podOf(one).volumes.push({ name: 'x', secret: { secretName: 'payments' } }),
    /no volumes beside their own/,
  ],
  [
    'another Secret within a projected volume',
    (one) =>
      podOf(one).volumes.push({ name: 'x', projected: { sources: [{ secret: { name: 'payments' } }] } }),
    /no volumes beside their own/,
  ],
  [
    'the token of a ServiceAccount within a projected volume',
    (one) =>
      podOf(one).volumes.push({
        name: 'x',
        projected: { sources: [{ serviceAccountToken: { path: 'token' } }] },
      }),
    /no volumes beside their own/,
  ],
  [
    'an empty folder without a limit',
    (one) => podOf(one).volumes.push({ name: 'x', emptyDir: {} }),
    /no volumes beside their own/,
  ],
  [
    'another claim',
    (one) =>
      podOf(one).volumes.push({ name: 'x', persistentVolumeClaim: { claimName: 'other', readOnly: true } }),
    /no volumes beside their own/,
  ],
  [
    'a claim to write to',
    (one) => podOf(one).volumes.push({ name: 'x', persistentVolumeClaim: { claimName: 'words' } }),
    /no volumes beside their own/,
  ],
  [
    'another CSI driver',
    (one) => podOf(one).volumes.push({ name: 'x', csi: { driver: 'evil.example.com' } }),
    /no volumes beside their own/,
  ],
  [
    'another Secret for a CSI driver',
    (one) =>
      podOf(one).volumes.push({
        name: 'x',
        csi: { driver: 'secrets-store.csi.k8s.io', nodePublishSecretRef: { name: 'payments' } },
      }),
    /no volumes beside their own/,
  ],
  [
    'a folder of the node',
    (one) => podOf(one).volumes.push({ name: 'x', hostPath: { path: '/' } }),
    /claims, ConfigMaps, Secrets, empty folders and the image of their source only/,
  ],
  [
    'a volume over the code of the server',
    (one) => serverOf(one).volumeMounts.push({ name: 'scratch', mountPath: '/mnt/../app' }),
    /below \/mnt/,
  ],
  ['a foreign account', (one) => (podOf(one).serviceAccountName = 'admin'), /run as the ServiceAccount/],
  [
    'the token of its account',
    (one) => (podOf(one).automountServiceAccountToken = true),
    /without its token/,
  ],
  [
    'another image of a sidecar',
    (one) => (sidecarOf(one).image = 'registry.example.com/shipper:3'),
    /images that podTemplate\.allow\.sidecars lists/,
  ],
  [
    'a container that runs before the server and ends',
    (one) => delete podOf(one).initContainers[1].restartPolicy,
    /restarted for ever/,
  ],
  [
    'another Secret in a sidecar',
    (one) =>
      sidecarOf(one).env.push({ name: 'X', valueFrom: { secretKeyRef: { name: 'payments', key: 'token' } } }),
    /only Secrets and ConfigMaps that podTemplate\.allow lists/,
  ],
  [
    'a whole Secret in a sidecar that is not listed',
    (one) => sidecarOf(one).envFrom.push({ prefix: 'SHOP_', secretRef: { name: 'payments' } }),
    /only Secrets and ConfigMaps that podTemplate\.allow lists/,
  ],
  [
    'variables of a sidecar without a prefix',
    (one) => sidecarOf(one).envFrom.push({ secretRef: { name: 'shop-token' } }),
    /only Secrets and ConfigMaps that podTemplate\.allow lists/,
  ],
  [
    "the server's API keys in a sidecar",
    (one) => sidecarOf(one).volumeMounts.push({ name: 'settings', mountPath: '/settings' }),
    /no volume of the server's own/,
  ],
  ['one table of processes', (one) => (podOf(one).shareProcessNamespace = true), /none of its processes/],
  [
    'a port of the node for a sidecar',
    (one) => Object.assign(sidecarOf(one).ports[0], { hostPort: 8443 }),
    /share nothing with their node/,
  ],
  [
    'a probe of another host',
    (one) => (sidecarOf(one).readinessProbe.httpGet.host = '169.254.169.254'),
    /probes ask no other host/,
  ],
  [
    'a hook of a sidecar',
    (one) => (sidecarOf(one).lifecycle = { postStart: { exec: { command: ['sh'] } } }),
    /share nothing with their node/,
  ],
  [
    'root in a sidecar',
    (one) => (sidecarOf(one).securityContext.runAsUser = 0),
    /sidecars of Gantry run without root/,
  ],
  [
    'privileges of a sidecar',
    (one) => Object.assign(sidecarOf(one).securityContext, { allowPrivilegeEscalation: true }),
    /sidecars of Gantry run without root/,
  ],
  [
    'capabilities of a sidecar',
    (one) => (sidecarOf(one).securityContext.capabilities.add = ['NET_ADMIN']),
    /sidecars of Gantry run without root/,
  ],
  [
    'no seccomp profile for a sidecar',
    (one) => (sidecarOf(one).securityContext.seccompProfile = { type: 'Unconfined' }),
    /sidecars of Gantry run without root/,
  ],
]

describe('podTemplate.allow and the admission policies', { skip: skipWithoutApiServer }, () => {
  const made = new Map<string, Draft>()
  const desiredObject = (kind: 'Deployment' | 'Job', name = 'more'): Draft =>
    structuredClone(made.get(`${name}/${kind}`))
  const make = (name: string, serve: object, storage = {}): void => {
    const identity = {
      apiVersion: 'gantry.dev/v1alpha1',
      kind: 'ModelDeployment',
      metadata: { name, namespace },
    }
    const model = { task: 'tensor', source: { uri: 'https://models.example/m.onnx' } }
    kubectl.apply({ ...identity, spec: { model, serve, storage } })
    const live = kubectl.get('modeldeployment', name, namespace) as unknown as ModelDeployment
    for (const object of desiredObjects(live, accountConfig(system)))
      made.set(`${name}/${object.kind}`, object)
  }

  before(async () => {
    await buildTools(['helm'])
    for (const name of [system, 'additions-off', namespace])
      kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    kubectl.apply(...on.policies(), ...off.policies())
    make('more', { podTemplate }, { import: { serviceAccountName: 'shop' } })
    make('plain', {})
    for (const { attempt } of [on, off]) {
      const spoilt = desiredObject('Deployment', 'plain')
      serverOf(spoilt).image = 'other'
      await eventually('the policies are in force', () => /denied request/.test(attempt(spoilt).output), {
        timeoutMs: 60_000,
        intervalMs: 100,
      })
    }
  })

  test('have expressions that fit the kinds they look at', () => {
    const warnings = kubectl.get('validatingadmissionpolicy', `${system}-gantry-operator-pods`)?.['status']
    assert.deepEqual(warnings?.typeChecking ?? {}, {})
  })

  test('what is listed is admitted in serving pods, and imports are admitted beside it', () => {
    for (const kind of ['Deployment', 'Job'] as const) {
      const { ok, output } = on.attempt(desiredObject(kind))
      assert.ok(ok, output)
    }
  })

  for (const [what, add, sentence] of additions) {
    test(`where nothing is listed, ${what} is refused`, () => {
      const object = desiredObject('Deployment', 'plain')
      assert.ok(off.attempt(object).ok)
      add(object)
      assert.match(off.attempt(object).output, sentence)
    })
    // What a cloud gives to an account may be what reads the source.
    if (what === account) continue
    test(`an import never has ${what}`, () => {
      const object = desiredObject('Job', 'plain')
      assert.ok(on.attempt(object).ok)
      add(object)
      assert.match(on.attempt(object).output, sentence)
    })
  }

  test('an import runs as an account that is listed, and as no other', () => {
    const object = desiredObject('Job')
    assert.equal(podOf(object).serviceAccountName, 'shop')
    assert.match(off.attempt(object).output, /run as the ServiceAccount/)
    podOf(object).serviceAccountName = 'admin'
    assert.match(on.attempt(object).output, /run as the ServiceAccount/)
  })

  for (const [what, change, sentence] of misuses)
    test(`no list allows ${what}`, () => {
      const object = desiredObject('Deployment')
      change(object)
      assert.match(on.attempt(object).output, sentence)
    })
})
