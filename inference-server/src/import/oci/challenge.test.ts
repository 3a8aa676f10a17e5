import assert from 'node:assert/strict'
import { test } from 'node:test'
import { challengesIn } from './challenge.ts'

const bearer = (realm: string, service?: string, scope?: string) => ({
  kind: 'bearer',
  realm,
  service,
  scope,
})

test('challenges are read as RFC 9110 writes them', () => {
  for (const [header, expected] of [
    [undefined, []],
    ['', []],
    ['Basic realm="Registry, Bearer realm=x"', [{ kind: 'basic' }]],
    ['basic realm=registry', [{ kind: 'basic' }]],
    ['Basic', [{ kind: 'basic' }]],
    ['Negotiate', []],
    ['Bearer scope="a"', []],
    [
      'Bearer realm="https://auth.example/token",service="registry.example"',
      [bearer('https://auth.example/token', 'registry.example')],
    ],
    [
      'Bearer realm="https://a/t?x=1,2" , service=s, scope="repository:a/b:pull,push", error="invalid_token"',
      [bearer('https://a/t?x=1,2', 's', 'repository:a/b:pull,push')],
    ],
    ['Basic realm="x", Bearer realm="https://a/t"', [{ kind: 'basic' }, bearer('https://a/t')]],
    ['Bearer realm="a\\"b\\\\c"', [bearer('a"b\\c')]],
    [`Bearer realm="${'x'.repeat(9000)}"`, []],
  ] as const)
    assert.deepEqual(challengesIn(header), expected, header)
})
