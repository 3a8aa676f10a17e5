/** A user who may edit ModelDeployments and nothing else cannot read a Secret by them, nor have one sent anywhere. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { apiVersion, kind, modelSelector } from '../../contract/labels.ts'
import { conditionOf, eventually } from '../../local-cluster/kubectl.ts'
import { exampleFile } from '../requests.ts'
import { openWorld, serveFiles, small, type World } from '../world.ts'

const onnx = exampleFile('breast-cancer', 'model', 'model.onnx')
const user = 'ml-user'
const secrets = {
  token: 'token-of-a-robot',
  username: 'robot-of-payments',
  password: 'Hunter2-password',
  'db-password': 'Hunter2-database',
  'tls.key': 'Hunter2-key',
}

let world: World
let files: Awaited<ReturnType<typeof serveFiles>>
/** What the store was asked: path and header. */
let asked: { url: string; authorization: string | undefined }[] = []

/** Applies as the user with nothing but ModelDeployments. */
const attempt = (name: string, source: object): { ok: boolean; output: string } => {
  const spec = { model: { task: 'tensor', source }, ...small }
  const metadata = { name, namespace: world.namespace }
  const object = { apiVersion, kind, metadata, spec }
  return world.kubectl.attempt(['apply', '--server-side', `--as=${user}`, '-f', '-'], JSON.stringify(object))
}
const applySecret = (name: string, more: Readonly<Record<string, string>> = {}): void =>
  world.kubectl.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: world.namespace },
    stringData: { ...secrets, ...more },
  })
/** Everything that the user can read of a model, and what of its import others can. */
const told = (name: string): string =>
  JSON.stringify([
    world.model(name)['status'],
    world.events(name),
    world.kubectl.list('job', world.namespace, modelSelector(name)),
    world.pods(name),
  ])
const assertKept = (text: string): void => {
  for (const [key, value] of Object.entries(secrets)) assert.ok(!text.includes(value), `${key} is in ${text}`)
}

before(async () => {
  world = openWorld('credentials')
  files = await serveFiles(world.nodeIp, (request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization })
    response.end(onnx)
  })
  const rbac = 'rbac.authorization.k8s.io'
  const metadata = { name: user, namespace: world.namespace }
  world.kubectl.apply(
    {
      ...{ apiVersion: `${rbac}/v1`, kind: 'Role', metadata },
      rules: [{ apiGroups: ['gantry.dev'], resources: ['modeldeployments'], verbs: ['*'] }],
    },
    {
      ...{ apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata },
      roleRef: { apiGroup: rbac, kind: 'Role', name: user },
      subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
    },
  )
  applySecret('payments-db')
})
after(async () => {
  await files?.close()
  world.close()
})

test('the user may read neither Secrets nor pods', () => {
  for (const what of [
    ['get', 'secrets'],
    ['create', 'pods'],
    ['create', 'jobs'],
  ])
    assert.equal(
      world.kubectl.attempt(['auth', 'can-i', ...what, `--as=${user}`, '-n', world.namespace]).ok,
      false,
    )
})

test('an address that names a variable is refused', () => {
  const uri = `${files.url}/$(GANTRY_SOURCE_db-password)`
  const { ok, output } = attempt('named', { uri, secretRef: { name: 'payments-db' } })
  assert.equal(ok, false)
  assert.match(output, /spec\.model\.source\.uri must not have "\$\("/)
})

describe('a Secret', () => {
  const uri = (): string => `${files.url}/model.onnx`

  test('that names no hosts is sent nowhere, and the import goes on once it names them', async () => {
    asked = []
    const name = 'no-hosts'
    assert.deepEqual(attempt(name, { uri: uri(), secretRef: { name: 'payments-db' } }).ok, true)
    const model = await world.condition(name, 'Stalled', 'True', 'SourceForbidden')
    const { host } = new URL(files.url)
    const { message = '' } = conditionOf(model, 'Stalled') ?? {}
    assert.ok(message.includes('Secret payments-db') && message.includes(`hosts: ${host}`), message)
    assertKept(told(name))
    assert.deepEqual(asked, [])
    applySecret('payments-db', { hosts: host })
    await world.ready(name)
    assert.deepEqual(asked, [{ url: '/model.onnx', authorization: `Bearer ${secrets.token}` }])
    assertKept(told(name))
  })

  test('that names other hosts is not sent to this one', async () => {
    asked = []
    const name = 'other-hosts'
    applySecret('robot', { hosts: 'db.payments.example, registry.example:5000' })
    assert.equal(attempt(name, { uri: uri(), secretRef: { name: 'robot' } }).ok, true)
    const model = await world.condition(name, 'Stalled', 'True', 'SourceForbidden')
    assert.match(conditionOf(model, 'Stalled')?.message ?? '', /its key hosts does not name/)
    assertKept(told(name))
    assert.doesNotMatch(told(name), /payments\.example|registry\.example/)
    assert.deepEqual(asked, [])
  })

  test('that does not exist is told', async () => {
    assert.equal(attempt('nothing', { uri: uri(), secretRef: { name: 'nothing' } }).ok, true)
    await world.condition('nothing', 'Stalled', 'True', 'MissingSecret')
  })
})

describe('the kubelet replaces nothing', () => {
  const rules =
    '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/model/properties/source/properties/uri/x-kubernetes-validations'
  const patchRules = (value: unknown): void =>
    void world.kubectl.run([
      ...['patch', 'crd', 'modeldeployments.gantry.dev', '--type=json', '-p'],
      JSON.stringify([{ op: 'replace', path: rules, value }]),
    ])
  /** The rules of the uri, as the cluster has them. */
  const liveRules = (): unknown => {
    const crd = world.kubectl.run(['get', 'crd', 'modeldeployments.gantry.dev', '-o', 'json'])
    return rules
      .slice(1)
      .split('/')
      .reduce((at, key) => at[key], JSON.parse(crd))
  }

  test('in the address of a model from before the rule, which goes on being served', async () => {
    asked = []
    const name = 'before'
    const path = '/$(GANTRY_SOURCE_password)/$(ORT_DISABLE_TELEMETRY)/$$(GANTRY_SOURCE_token)/$.onnx'
    const uri = `${files.url}${path}?a=$(GANTRY_SOURCE_password)#b`
    applySecret('own', { hosts: new URL(files.url).host })
    const known = liveRules()
    patchRules([])
    try {
      await eventually('the rule is gone', () => {
        const { ok, output } = attempt(name, { uri, secretRef: { name: 'own' } })
        return ok || Promise.reject(new Error(output))
      })
    } finally {
      patchRules(known)
    }
    await eventually('the rule is back', () => !attempt('after', { uri }).ok)
    await world.ready(name)
    const url = `${path}?a=$(GANTRY_SOURCE_password)`
    assert.deepEqual(asked, [{ url, authorization: `Bearer ${secrets.token}` }])
    assert.equal(world.model(name)['status'].versions[0].source, `${files.url}${path}`)
    assertKept(told(name))
    world.patchModel(name, { replicas: 0 })
    await world.condition(name, 'Ready', 'True')
  })

  test('in a path on a claim', async () => {
    const uri = 'pvc://before/$$$HOME/$$missing$'
    assert.equal(attempt('on-claim', { uri }).ok, true)
    const model = await world.condition('on-claim', 'Stalled', 'True', 'SourceNotFound')
    const { message = '' } = conditionOf(model, 'Stalled') ?? {}
    assert.ok(message.includes(`${uri} does not exist`), message)
  })
})
