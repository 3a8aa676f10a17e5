import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { failing } from '../../testing/imports.ts'
import { apiOf, parseReference, repositoryIn } from './reference.ts'

const digest = `sha256:${'0a'.repeat(32)}`

describe('a reference', () => {
  for (const [text, registry, repository, tag, pin] of [
    ['oci://registry.example/team/model:1.0', 'registry.example', 'team/model', '1.0', undefined],
    [`oci://registry.example:5000/model@${digest}`, 'registry.example:5000', 'model', undefined, digest],
    [`oci://localhost/a/b_c/d-e.f:latest@${digest}`, 'localhost', 'a/b_c/d-e.f', 'latest', digest],
    ['oci://[fd00::1]:5000/model:v1', '[fd00::1]:5000', 'model', 'v1', undefined],
    ['oci://registry:5000/model:v1', 'registry:5000', 'model', 'v1', undefined],
  ] as const)
    test(`${text} is read`, () => {
      assert.deepEqual(parseReference(text), { registry, repository, tag, digest: pin })
    })

  for (const [text, message] of [
    ['oci://registry.example/team/model', /names neither tag nor digest; add :TAG/],
    ['oci://library/model:1', /begins with no registry/],
    ['oci://registry.example/Team/model:1', /lower-case letters/],
    ['oci://registry.example/../model:1', /lower-case letters/],
    ['oci://registry.example/model:', /tag or digest is not one/],
    ['oci://registry.example/model:a b', /oci:\/\/….*tag or digest is not one/],
    [`oci://registry.example/model@${digest.toUpperCase()}`, /tag or digest is not one/],
    [`oci://registry.example/model@sha512:${'0a'.repeat(64)}`, /sha512 are not supported/],
    [
      'oci://user:secret@registry.example/model:1',
      /^the source oci:\/\/… cannot be read: it begins with no registry/,
    ],
    [`oci://registry.example/${'a'.repeat(256)}:1`, /its repository/],
  ] as const)
    test(`${text.slice(0, 60)} is refused with what is wrong`, () => {
      assert.throws(() => parseReference(text), failing('SourceUnsupported', message))
    })

  test('of Docker Hub is asked at its own host, and official images below library/', () => {
    const api = apiOf(parseReference('oci://docker.io/model:1'), false)
    assert.equal(api.href, 'https://registry-1.docker.io/v2/library/model/')
    assert.equal(repositoryIn(api), 'library/model')
  })
})
