import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { failing } from '../../testing/imports.ts'
import { credentialsFor, readSecret } from './credentials.ts'

const token = { kind: 'bearer', token: 't' }
const given = (hosts: string | undefined, env: NodeJS.ProcessEnv = { GANTRY_SOURCE_token: 't' }) =>
  readSecret({ ...env, ...(hosts === undefined ? {} : { GANTRY_SOURCE_hosts: hosts }) })
const ask = (address: string, hosts: string | undefined, allowHttp = false) =>
  credentialsFor(new URL(address), given(hosts), allowHttp)
const refuses = (run: () => unknown, message: RegExp): void => {
  assert.throws(run, failing('SourceForbidden', message))
}

describe('credentials come from four variables and no other', () => {
  test('a token, or a user and a password', () => {
    assert.deepEqual(given('h', { GANTRY_SOURCE_token: 't\n' })?.credentials, token)
    const pair = { GANTRY_SOURCE_username: 'u', GANTRY_SOURCE_password: 'p' }
    assert.deepEqual(given('h', pair)?.credentials, { kind: 'basic', username: 'u', password: 'p' })
    assert.deepEqual(given('h', { GANTRY_SOURCE_username: 'u' })?.credentials, {
      kind: 'basic',
      username: 'u',
      password: '',
    })
  })

  test('without any of them there are none', () => {
    assert.equal(readSecret({ GANTRY_SOURCE_other: 'x', PATH: '/bin' }), undefined)
    assert.equal(credentialsFor(new URL('http://models.example/m'), undefined, false), undefined)
  })

  for (const env of [{}, { GANTRY_SOURCE_password: 'p' }])
    test(`a Secret of ${JSON.stringify(env)} and hosts is refused: it holds nothing to send`, () => {
      const secret = given('models.example', env)
      refuses(
        () => credentialsFor(new URL('https://models.example/m'), secret, false),
        /neither.*token.*username/,
      )
    })

  test('a token that no header carries is refused without being shown', () => {
    const secret = given('models.example', { GANTRY_SOURCE_token: 'hun\nter2' })
    assert.throws(
      () => credentialsFor(new URL('https://models.example/m'), secret, false),
      (error: Error) => failing('SourceForbidden', /key token/)(error) && !/hun|ter2/.test(error.message),
    )
  })
})

describe('credentials go to a host that their Secret names', () => {
  const named: readonly (readonly [string, string])[] = [
    ['models.example', 'https://models.example/m.onnx'],
    ['models.example', 'https://models.example:443/m.onnx'],
    ['models.example:443', 'https://models.example/m.onnx'],
    ['Models.EXAMPLE', 'https://MODELS.example/m.onnx'],
    ['models.example:8443', 'https://models.example:8443/m.onnx'],
    ['a.example, models.example', 'https://models.example/m.onnx'],
    ['a.example\n  models.example\n', 'https://models.example/m.onnx'],
    ['a.example,models.example,,', 'https://models.example/m.onnx'],
    ['bücher.example', 'https://xn--bcher-kva.example/m'],
    ['xn--bcher-kva.example', 'https://BÜCHER.example/m'],
    ['[::1]:8443', 'https://[0:0::1]:8443/m'],
    ['127.0.0.1', 'https://127.1/m'],
  ]
  for (const [hosts, address] of named)
    test(`${JSON.stringify(hosts)} names that of ${address}`, () => {
      assert.deepEqual(ask(address, hosts), token)
    })

  const others: readonly (readonly [string, string])[] = [
    ['models.example', 'https://evil.example/m'],
    ['models.example', 'https://models.example:8443/m'],
    ['models.example', 'https://models.example.evil.example/m'],
    ['models.example', 'https://a.models.example/m'],
    ['models.example', 'https://xmodels.example/m'],
    ['models.example', 'https://models.example@evil.example/m'],
    ['models.example', 'https://evil.example/models.example'],
    ['models.example', 'https://evil.example?models.example'],
    ['models.example', 'https://evil.example\\@models.example'],
    ['models.example', 'https://models.example./m'],
    ['models.example', 'https://modeIs.example/m'],
    ['models.example:80', 'https://models.example/m'],
    ['a.models.example', 'https://models.example/m'],
  ]
  for (const [hosts, address] of others)
    test(`${JSON.stringify(hosts)} does not name that of ${address}`, () => {
      refuses(() => ask(address, hosts), /its key hosts does not name \S+; add it there/)
    })

  for (const hosts of [undefined, '', '  ', ',', '\n'])
    test(`${JSON.stringify(hosts)} names none`, () => {
      refuses(() => ask('https://models.example/m', hosts), /names none.*add the key hosts.*models\.example/)
    })

  for (const hosts of [
    '*',
    '*.example',
    '.private',
    'https://models.example',
    'models.example/',
    'models.example/path',
    'models.example?a',
    'models.example#a',
    'ann@models.example',
    'models.example:port',
    'models.example:',
    'models.example;other.example',
    'models.example\\a',
    '[::1',
  ])
    test(`${hosts} is no host, and is not shown`, () => {
      assert.throws(
        () => ask('https://first.example/m', `first.example, ${hosts}`),
        (error: Error) =>
          failing('SourceForbidden', /^entry 2 of the key hosts is no host/)(error) &&
          !error.message.includes(hosts),
      )
    })

  test('those of the Secret count where the address has its own', () => {
    refuses(() => ask('https://ann:pass@evil.example/m', 'models.example'), /does not name evil\.example/)
    assert.deepEqual(ask('https://ann:pass@models.example/m', 'models.example'), token)
  })

  test('those of an address go to its own host', () => {
    const url = new URL('https://ann:p%40ss@models.example/m')
    assert.deepEqual(credentialsFor(url, undefined, false), {
      kind: 'basic',
      username: 'ann',
      password: 'p@ss',
    })
  })

  test('those of an address that are not encoded as such are refused', () => {
    const url = new URL('https://ann:p%zzass@models.example/m')
    assert.throws(
      () => credentialsFor(url, undefined, false),
      (error: Error) => failing('SourceForbidden', /percent/)(error) && !/zz/.test(error.message),
    )
  })
})

describe('credentials travel over https', () => {
  test('and not over http, unless that is allowed', () => {
    for (const hosts of ['models.example:80', 'models.example:8080']) {
      const address = `http://${hosts}/m`
      refuses(
        () => ask(address, hosts),
        /over https only.*imports\.allowHttpCredentials.*--allow-http-credentials/,
      )
      assert.deepEqual(ask(address, hosts, true), token)
    }
  })

  test('those of an address neither', () => {
    const url = new URL('http://ann:pass@models.example/m')
    refuses(() => credentialsFor(url, undefined, false), /over https only/)
    assert.equal(credentialsFor(url, undefined, true)?.kind, 'basic')
  })

  test('a host without a port is that of https, so that a Secret says when it may go over http', () => {
    refuses(() => ask('http://models.example/m', 'models.example', true), /does not name models\.example:80/)
  })
})
