import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failing } from '../../testing/imports.ts'
import { type HubAddress, parseHubAddress } from './hub-address.ts'

const commit = 'e4ce9877abf3edfe10b0d82785e83bdcb973e22e'

test('an address names a repository, a revision and a path in it', () => {
  const cases: Readonly<Record<string, Partial<HubAddress>>> = {
    'hf://acme/encoder': {},
    'HF://acme/encoder/': {},
    'hf://models/acme/encoder': {},
    'hf://acme/encoder@main': { revision: 'main' },
    [`hf://acme/encoder@${commit}/onnx`]: { revision: commit, path: 'onnx' },
    'hf://acme/encoder/onnx//model.onnx': { path: 'onnx/model.onnx' },
    'hf://acme/encoder@refs/pr/3/onnx': { revision: 'refs/pr/3', path: 'onnx' },
    'hf://acme/encoder@feature%2Fsmall/a@b': { revision: 'feature/small', path: 'a@b' },
  }
  for (const [text, change] of Object.entries(cases))
    assert.deepEqual(
      parseHubAddress(text),
      { repository: 'acme/encoder', revision: undefined, path: '', ...change },
      text,
    )
})

test('an address that names no repository of a model, or leaves it, is refused', () => {
  for (const text of [
    ...[
      'hf://',
      'hf://encoder',
      'hf:///encoder',
      'hf://acme/',
      'hf://acme/../x',
      'hf://acme/-x',
      'hf://a b/c',
    ],
    ...['hf://user:secret@acme/encoder', 'hf://acme/encoder?x=1', 'hf://acme%2Fother/encoder'],
  ])
    assert.throws(
      () => parseHubAddress(text),
      failing('SourceUnsupported', /write hf:\/\/ORGANISATION/),
      text,
    )
  for (const kind of ['datasets', 'spaces', 'buckets'])
    assert.throws(
      () => parseHubAddress(`hf://${kind}/acme/x`),
      failing('SourceUnsupported', RegExp(`no model, but one of the hub's ${kind}`)),
    )
  for (const revision of ['', 'a..b', 'a b', '%2Fx', 'a%0Ab', 'x?y', '%2e%2e', 'a%2F%2Fb'])
    assert.throws(
      () => parseHubAddress(`hf://acme/encoder@${revision}`),
      failing('SourceUnsupported', /no branch, tag or commit/),
      revision,
    )
  assert.throws(() => parseHubAddress('hf://acme/encoder@%zz'), failing('SourceUnsupported', /write %25/))
  assert.throws(() => parseHubAddress('hf://acme/encoder/../x'), failing('UnsafePath', /without \.\./))
})
