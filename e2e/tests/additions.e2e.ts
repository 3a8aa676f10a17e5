/** What a model adds to its pods, on a real node: references, volumes and a sidecar, and what the status says where one of them is amiss. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { serverSelector } from '../../contract/labels.ts'
import type { Live } from '../../local-cluster/kubectl.ts'
import { chartValues, installChart, upgradeChart } from '../chart.ts'
import { storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

const name = 'added'
const allow = {
  ...{ env: ['SHOP_*'], envFrom: ['SHOP_'], secrets: ['shop'], configMaps: ['shop'] },
  ...{ volumes: ['emptyDir', 'projected'], sidecars: ['*'], serviceAccounts: ['shop'] },
}

let world: World
/** Values of the release before these tests. */
let original: string
/** It has Node, and the node has it. */
let image: string

const object = (kind: string, fields: object = {}): object => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'shop', namespace: world.namespace },
  ...fields,
})

/** Tells through its probe that it found what it was given. */
const program = `
const { readFileSync, writeFileSync } = require('node:fs')
writeFileSync('/scratch/token', process.env.TOKEN)
const words = [readFileSync('/shop/token', 'utf8'), readFileSync('/shop/url', 'utf8'), process.getuid()].join(' ')
require('node:http').createServer((_, answer) => answer.end(words)).listen(8443)
process.on('SIGTERM', () => process.exit(0))`

const sidecar = (code: string) => ({
  ...{ name: 'helper', image, imagePullPolicy: 'IfNotPresent', command: ['node', '-e', code] },
  env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'shop', key: 'token' } } }],
  ports: [{ name: 'helper', containerPort: 8443 }],
  resources: { requests: { cpu: '10m' } },
  startupProbe: { httpGet: { path: '/', port: 'helper' }, periodSeconds: 1 },
  volumeMounts: [
    { name: 'shop', mountPath: '/shop', readOnly: true },
    { name: 'scratch', mountPath: '/scratch' },
  ],
  securityContext: { runAsUser: 10101 },
})

const podTemplate = (code = program) => ({
  env: [
    { name: 'SHOP_PLAIN', value: '$(SHOP_TOKEN)' },
    { name: 'SHOP_TOKEN', valueFrom: { secretKeyRef: { name: 'shop', key: 'token' } } },
  ],
  envFrom: [{ prefix: 'SHOP_', configMapRef: { name: 'shop' } }],
  volumes: [
    { name: 'scratch', emptyDir: { sizeLimit: '1Mi' } },
    { name: 'shop', projected: { sources: [{ secret: { name: 'shop' } }, { configMap: { name: 'shop' } }] } },
  ],
  volumeMounts: [
    { name: 'shop', mountPath: '/mnt/shop' },
    { name: 'scratch', mountPath: '/mnt/scratch' },
  ],
  serviceAccountName: 'shop',
  sidecars: [sidecar(code)],
})

const serve = (added: object) => ({ ...small.serve, podTemplate: added })

/** Serving pods that are not being deleted. */
const serving = (): readonly Live[] =>
  world.kubectl
    .list('pod', world.namespace, serverSelector(name))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)

const inServer = (code: string): string => {
  const [pod] = serving()
  assert.ok(pod)
  const flags = ['exec', pod.metadata.name, '-n', world.namespace, '-c', 'server', '--']
  return world.kubectl.run([...flags, 'node', '-p', code]).trim()
}

before(() => {
  world = openWorld('additions')
  original = chartValues()
  const operator = world.kubectl.get('deployment', 'gantry-operator', 'gantry-system')
  const env: readonly { name: string; value: string }[] = operator?.['spec'].template.spec.containers[0].env
  image = env.find((one) => one.name === 'SERVER_IMAGE')?.value ?? ''
  upgradeChart('--set-json', `podTemplate.allow=${JSON.stringify(allow)}`)
})
after(() => {
  world.close()
  installChart(original)
})

test('a model whose Secrets, ConfigMaps and ServiceAccount are missing says which, and starts once they are there', async () => {
  world.applyModel(name, {
    ...small,
    model: { task: 'tensor', source: storedModel('breast-cancer') },
    serve: serve(podTemplate()),
  })
  const refused = await world.condition(name, 'Stalled', 'True', 'PodRefused')
  assert.match(JSON.stringify(refused['status']), /ServiceAccount shop does not exist/)
  world.kubectl.apply(object('ServiceAccount', { automountServiceAccountToken: false }))
  await world.condition(name, 'Stalled', 'True', 'MissingSecret', { timeoutMs: 120_000 })
  world.kubectl.apply(object('Secret', { stringData: { other: 'x' } }))
  const missing = await world.condition(name, 'Stalled', 'True', 'MissingConfigMap', { timeoutMs: 120_000 })
  assert.match(JSON.stringify(missing['status']), /spec\.serve\.podTemplate\.volumes\[shop\]/)
  world.kubectl.apply(object('ConfigMap', { data: { url: 'https://shop.example' } }))
  const key = await world.condition(name, 'Stalled', 'True', 'MissingSecret', { timeoutMs: 120_000 })
  assert.match(JSON.stringify(key['status']), /no key token, which spec\.serve\.podTemplate\.(env|sidecars)/)
  world.kubectl.apply(object('Secret', { stringData: { other: 'x', token: 's3cret' } }))
  await world.ready(name, { timeoutMs: 120_000 })
})

test('the server has its variables and files, and the sidecar runs beside it as its own user', async () => {
  const variables = inServer(
    '[process.env.SHOP_PLAIN, process.env.SHOP_TOKEN, process.env.SHOP_url].join(" ")',
  )
  assert.equal(variables, '$(SHOP_TOKEN) s3cret https://shop.example')
  assert.equal(inServer('require("node:fs").readFileSync("/mnt/shop/token", "utf8")'), 's3cret')
  assert.equal(inServer('require("node:fs").readFileSync("/mnt/scratch/token", "utf8")'), 's3cret')
  const asked = 'fetch("http://127.0.0.1:8443/").then((a) => a.text()).then(console.log), ""'
  assert.equal(inServer(asked), 's3cret https://shop.example 10101')
  const [pod] = serving()
  assert.equal(pod?.['spec'].serviceAccountName, 'shop')
  const volumes: readonly object[] = pod?.['spec'].volumes
  assert.ok(!JSON.stringify(volumes).includes('serviceAccountToken'), 'the pod has no token')
})

test('a sidecar that does not stay up is told, and the pods from before serve on', async () => {
  const broken = "console.error('no certificate in /etc/helper'); process.exit(3)"
  world.patchModel(name, { serve: serve(podTemplate(broken)) })
  const stalled = await world.condition(name, 'Stalled', 'True', 'SidecarCrashLoop', { timeoutMs: 180_000 })
  assert.match(JSON.stringify(stalled['status']), /exit code 3\. Its last words: no certificate in/)
  assert.ok((await fetch(`${world.url(name)}/v2/health/ready`)).ok)
  world.patchModel(name, { serve: serve(podTemplate()) })
  await world.ready(name, { timeoutMs: 180_000 })
})

test('what the installation lists no longer is refused, and the pods stay', async () => {
  const pods = serving().map(({ metadata }) => metadata.uid)
  upgradeChart('--set-json', 'podTemplate.allow={"sidecars":[],"secrets":[]}')
  await world.condition(name, 'Stalled', 'True', 'PodTemplateNotAllowed', { timeoutMs: 180_000 })
  assert.deepEqual(
    serving().map(({ metadata }) => metadata.uid),
    pods,
  )
  assert.ok((await fetch(`${world.url(name)}/v2/health/ready`)).ok)
})
