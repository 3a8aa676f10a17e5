import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { failing } from '../../testing/imports.ts'
import { loginIn } from './docker-config.ts'
import { parseReference } from './reference.ts'

const login = (name: string) => ({ auth: Buffer.from(`${name}:hunter2`).toString('base64') })
const userFor = (reference: string, auths: object): string =>
  loginIn(JSON.stringify({ auths }), parseReference(`oci://${reference}:1`)).username

describe('a pull Secret is read as the kubelet reads it', () => {
  for (const [what, reference, auths, user] of [
    ['its host', 'registry.example/team/model', { 'registry.example': login('a') }, 'a'],
    [
      'a whole address of an older client',
      'registry.example/model',
      { 'https://registry.example/v2/': login('a') },
      'a',
    ],
    [
      'its host with the port',
      'registry.example:5000/model',
      { 'registry.example': login('a'), 'registry.example:5000': login('b') },
      'b',
    ],
    [
      'the longest path',
      'registry.example/team/model',
      {
        'registry.example': login('a'),
        'registry.example/team': login('b'),
        'registry.example/team/other': login('c'),
      },
      'b',
    ],
    ['a pattern of one label', 'eu.registry.example/model', { '*.registry.example': login('a') }, 'a'],
    [
      'the host rather than a pattern',
      'eu.registry.example/model',
      { '*.registry.example': login('a'), 'eu.registry.example': login('b') },
      'b',
    ],
    [
      'the name that docker login gives to Docker Hub',
      'docker.io/team/model',
      { 'https://index.docker.io/v1/': login('a') },
      'a',
    ],
    [
      'user name and password in fields of their own',
      'registry.example/model',
      { 'registry.example': { username: 'a', password: 'b' } },
      'a',
    ],
    ['the port of https', 'registry.example/model', { 'registry.example:443': login('a') }, 'a'],
  ] as const)
    test(`it is found by ${what}`, () => {
      assert.equal(userFor(reference, auths), user)
    })

  test('a password may have colons', () => {
    const auths = { 'registry.example': { auth: Buffer.from('a:b:c').toString('base64') } }
    const found = loginIn(JSON.stringify({ auths }), parseReference('oci://registry.example/model:1'))
    assert.deepEqual(found, { username: 'a', password: 'b:c' })
  })

  for (const [what, text, message] of [
    ['is not JSON', '{', /is no JSON object/],
    ['has no auths', '{}', /has no auths; make the Secret with kubectl/],
    ['names a helper only', '{"credsStore": "desktop"}', /names a program that keeps the credentials/],
    [
      'has another registry',
      { 'other.example': login('a') },
      /no entry for registry\.example\/team\/model; add one/,
    ],
    ['has a path that only begins alike', { 'registry.example/tea': login('a') }, /no entry for/],
    ['has a pattern of too few labels', { '*.example.com': login('a') }, /no entry for/],
    [
      'has an identity token',
      { 'registry.example': { auth: Buffer.from('a:').toString('base64'), identitytoken: 'x' } },
      /has an identitytoken for registry\.example, which imports cannot use/,
    ],
    ['has a broken auth', { 'registry.example': { auth: 'YQ==' } }, /not the base64 of USER:PASSWORD/],
    ['has an empty entry', { 'registry.example': {} }, /without auth, and without username and password/],
  ] as const)
    test(`one that ${what} is refused with what to do`, () => {
      const file = typeof text === 'string' ? text : JSON.stringify({ auths: text })
      const read = () => loginIn(file, parseReference('oci://registry.example/team/model:1'))
      assert.throws(read, failing('SourceForbidden', message))
      assert.throws(read, (error: Error) => !error.message.includes('hunter2'))
    })
})
