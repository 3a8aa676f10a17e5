import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FrontProxy, frontProxyOf, userOf } from './front-proxy.ts'

const authority = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
const clients = '-----BEGIN CERTIFICATE-----\nBBBB\n-----END CERTIFICATE-----\n'

const mapOf = (data: Readonly<Record<string, string>>) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extension-apiserver-authentication' } },
  data: {
    'client-ca-file': clients,
    'requestheader-client-ca-file': authority,
    'requestheader-allowed-names': '["front-proxy-client"]',
    'requestheader-username-headers': '["X-Remote-User"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
    ...data,
  },
})

const proxyOf = (data: Readonly<Record<string, string>> = {}): FrontProxy => {
  const proxy = frontProxyOf(mapOf(data))
  assert.ok(typeof proxy !== 'string', String(proxy))
  return proxy
}

const trusted = { authorized: true, commonName: 'front-proxy-client' }
const headers = {
  'x-remote-user': ['jane'],
  'x-remote-group': ['developers', 'system:authenticated'],
  'x-remote-extra-scopes%2fteam': ['a', 'b'],
  'x-forwarded-for': ['10.0.0.1'],
}

test('the caller has the name, groups and extras that the front proxy passes on', () => {
  assert.deepEqual(userOf(proxyOf(), trusted, headers), {
    user: 'jane',
    groups: ['developers', 'system:authenticated'],
    extra: { 'scopes/team': ['a', 'b'] },
  })
})

test('names in headers count only from a certificate of the front proxy', () => {
  for (const peer of [
    { authorized: false, commonName: 'front-proxy-client' },
    { authorized: true, commonName: 'jane' },
    { authorized: true, commonName: undefined },
  ])
    assert.match(String(userOf(proxyOf(), peer, headers)), /only the API server is answered/)
  assert.match(String(userOf(proxyOf(), trusted, {})), /names no user in x-remote-user/)
})

test('where users could pass for the front proxy, nobody is let in', () => {
  const shared = { 'client-ca-file': `${clients}${authority}` }
  assert.equal(typeof frontProxyOf(mapOf({ ...shared, 'requestheader-allowed-names': '[]' })), 'string')
  assert.equal(typeof frontProxyOf(mapOf(shared)), 'object')
  assert.deepEqual(proxyOf({ 'requestheader-allowed-names': '[]' }).allowedNames, [])
})

test('a cluster without an aggregation layer is told what it lacks', () => {
  for (const map of [undefined, mapOf({ 'requestheader-client-ca-file': '' })])
    assert.match(String(frontProxyOf(map)), /start the API server with its --requestheader/)
  assert.match(String(frontProxyOf(mapOf({ 'requestheader-allowed-names': '{' }))), /no JSON/)
})
