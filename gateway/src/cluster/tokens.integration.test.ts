/** Tokens of ServiceAccounts at the gateway, on a real API server. A model without pods is 503 for who may call it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { findAccess } from '@gantry/kube/credentials.ts'
import { resource, ServiceAccount } from '@gantry/kube/resources.ts'
import { createTransport } from '@gantry/kube/transport.ts'
import {
  eventually,
  shortestModel,
  type TestApi,
  testApi,
  testNamespace,
  withoutApiServer,
} from '../../../operator/src/testing/api-server.ts'
import type { Gateway } from '../serve.ts'
import { type Outage, outage } from '../testing/outage.ts'
import { ModelDeployment } from './live.ts'
import { openCluster } from './open.ts'

const options = { skip: withoutApiServer, timeout: 60_000 }
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
const rbac = 'rbac.authorization.k8s.io'
const Role = resource(`${rbac}/v1`, 'Role', 'roles')
const RoleBinding = resource(`${rbac}/v1`, 'RoleBinding', 'rolebindings')
const audience = 'gantry-gateway'

let api: TestApi
let between: Outage
let gateway: Gateway
let shop: string
let other: string

before(async () => {
  if (withoutApiServer) return
  api = await testApi()
  between = await outage(await findAccess({ KUBECONFIG: api.kubeconfig }))
  gateway = await openCluster(
    { KUBECONFIG: between.kubeconfig },
    {
      ...{ host: '127.0.0.1', port: 0, probePort: undefined, allowedHosts: ['*'], accessLog: false },
      ...{ namespace: undefined, manager: undefined, tokenAudience: audience },
      ...{ maxConnections: 100, maxBodyBytes: 2 ** 20 },
      holding: { requests: 100, bytes: 2 ** 20, ms: 20_000 },
    },
    { log: silent, nowMs: () => performance.now(), instance: 'gateway-1', startedAt: '2026-11-26T10:00:00Z' },
  )
  ;[shop, other] = await Promise.all([testNamespace(api, 'shop'), testNamespace(api, 'other')])
  for (const name of ['support', 'intents']) await api.kube.create(ModelDeployment, shortestModel(shop, name))
  await eventually(async () => gateway.directory.find(`${shop}/intents`) !== undefined)
})
after(async () => {
  await gateway?.stop(0)
  await between?.close()
})

/** A new account, with the right to call these models of the shop. */
const account = async (namespace: string, name: string, models: readonly string[] | 'all' = []) => {
  const metadata = { name, namespace }
  await api.kube.create(ServiceAccount, { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
  if (models.length === 0) return
  const rule = { apiGroups: ['gantry.dev'], resources: ['modeldeployments'], verbs: ['call'] }
  await api.kube.create(Role, {
    ...{ apiVersion: Role.apiVersion, kind: Role.kind, metadata: { name, namespace: shop } },
    rules: [{ ...rule, ...(models !== 'all' && { resourceNames: models }) }],
  })
  await api.kube.create(RoleBinding, {
    ...{ apiVersion: RoleBinding.apiVersion, kind: RoleBinding.kind, metadata: { name, namespace: shop } },
    roleRef: { apiGroup: rbac, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  })
}

const tokenOf = async (namespace: string, name: string, itsAudience = audience): Promise<string> => {
  const transport = createTransport(await findAccess({ KUBECONFIG: api.kubeconfig }))
  const { body, code } = await transport.send({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: {
      ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' },
      spec: { audiences: [itsAudience], expirationSeconds: 600 },
    },
  })
  transport.close()
  assert.equal(code, 201, body)
  return (JSON.parse(body) as { readonly status: { readonly token: string } }).status.token
}

const ask = (token: string | undefined, path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${gateway.port}${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })

const statuses = async (token: string | undefined): Promise<readonly number[]> => [
  (await ask(token, `/${shop}/support/v2`)).status,
  (await ask(token, `/${shop}/intents/v2`)).status,
]

const listed = async (token: string): Promise<readonly string[]> => {
  const { data } = (await (await ask(token, '/v1/models')).json()) as { data: { id: string }[] }
  return data.map(({ id }) => id).filter((id) => id.startsWith(`${shop}/`))
}

test(
  'an account may call models of its own namespace, and those that RBAC lets it call',
  options,
  async () => {
    await account(shop, 'near')
    await account(other, 'stranger')
    await account(other, 'one', ['support'])
    await account(other, 'both', 'all')
    const [near, stranger, one, both] = await Promise.all([
      tokenOf(shop, 'near'),
      ...['stranger', 'one', 'both'].map((name) => tokenOf(other, name)),
    ])
    assert.deepEqual(await statuses(near), [503, 503])
    assert.deepEqual(await statuses(both), [503, 503])
    assert.deepEqual(await statuses(one), [503, 403])
    assert.deepEqual(await statuses(stranger), [403, 403])
    const refused = await ask(stranger, `/${shop}/support/v2`)
    assert.match(
      await refused.text(),
      new RegExp(`system:serviceaccount:${other}:stranger may not call ${shop}/support: .*verb call`),
    )
    const all = [`${shop}/intents`, `${shop}/support`]
    assert.deepEqual((await listed(both as string)).toSorted(), all)
    assert.deepEqual((await listed(near)).toSorted(), all)
    assert.deepEqual(await listed(stranger as string), [])
  },
)

test(
  'a token for another audience, a forged one and none are 401 and say what to send',
  options,
  async () => {
    await account(shop, 'audience')
    const token = await tokenOf(shop, 'audience')
    const forged = `${token.slice(0, -8)}AAAAAAAA`
    const foreign = await tokenOf(shop, 'audience', 'https://kubernetes.default.svc')
    for (const [given, said] of [
      [foreign, /Authorization: Bearer CREDENTIAL/],
      [undefined, /Authorization: Bearer CREDENTIAL/],
      [forged, /the token in Authorization is not valid/],
    ] as const) {
      const answer = await ask(given, `/${shop}/support/v2`)
      assert.equal(answer.status, 401)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
      assert.match(await answer.text(), said)
    }
  },
)

test('while the API server is gone who is known may call on, and nobody new is let in', options, async () => {
  await account(shop, 'known')
  await account(shop, 'new')
  const [known, unknown] = [await tokenOf(shop, 'known'), await tokenOf(shop, 'new')]
  assert.deepEqual(await statuses(known), [503, 503])
  between.cut()
  const refused = await ask(unknown, `/${shop}/support/v2`)
  assert.equal(refused.status, 503)
  assert.ok(refused.headers.get('retry-after'))
  assert.match(await refused.text(), /the API server does not answer/)
  const served = await ask(known, `/${shop}/support/v2`)
  assert.match(await served.text(), /is ready/)
  between.join()
  await eventually(async () => /is ready/.test(await (await ask(unknown, `/${shop}/support/v2`)).text()))
})
