import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartError } from '../failure.ts'
import { parseConfig } from './config-file.ts'

const valid = `models:
  - name: shop/support
    timeoutSeconds: 2.5
    canary: {weight: 10}
    endpoints:
      - url: http://127.0.0.1:9101
      - url: "http://127.0.0.1:9102/"
        track: canary
`

test('reads models with their deadline, weight and endpoints', () => {
  const {
    models: [model],
  } = parseConfig(valid, 'gateway.yaml')
  assert.deepEqual(model, {
    ...{ namespace: 'shop', name: 'support', timeoutMs: 2500 },
    canary: { weight: 10, step: 0, revision: '' },
    endpoints: [
      { url: 'http://127.0.0.1:9101', grpcUrl: undefined, track: 'stable' },
      { url: 'http://127.0.0.1:9102', grpcUrl: undefined, track: 'canary' },
    ],
  })
})

test('takes 30 s for the deadline where the file names none', () => {
  const {
    models: [model],
  } = parseConfig(valid.replace('    timeoutSeconds: 2.5\n', ''), 'gateway.yaml')
  assert.equal(model?.timeoutMs, 30_000)
})

test('reads a limit of clients, whose burst is twice what comes in a second', () => {
  const limitOf = (lines: string) => parseConfig(`${valid}${lines}`, 'gateway.yaml').rateLimit
  assert.equal(limitOf(''), undefined)
  assert.deepEqual(limitOf('rateLimit: {requestsPerSecond: 20}\n'), { requestsPerSecond: 20, burst: 40 })
  assert.deepEqual(limitOf('rateLimit: {requestsPerSecond: 0.1}\n'), { requestsPerSecond: 0.1, burst: 1 })
  assert.deepEqual(limitOf('rateLimit: {requestsPerSecond: 2, burst: 3}\n'), {
    requestsPerSecond: 2,
    burst: 3,
  })
  assert.throws(
    () => limitOf('rateLimit: {burst: 3}\n'),
    /rateLimit: the field "requestsPerSecond" is missing/,
  )
  assert.throws(
    () => limitOf('rateLimit: {requestsPerSecond: 0}\n'),
    /:9: rateLimit\.requestsPerSecond: the value must be at least 0\.001/,
  )
})

test('knows an endpoint again whose address is written in another way', () => {
  const twice = valid.replace('127.0.0.1:9101', 'one:80').replace('127.0.0.1:9102/', 'ONE')
  assert.throws(() => parseConfig(twice, 'gateway.yaml'), /:7: .* this endpoint is named twice/)
})

const wrong: readonly (readonly [what: string, from: string, to: string, said: RegExp])[] = [
  [
    'an unknown field',
    'timeoutSeconds',
    'timeout',
    /^gateway\.yaml:3: models\[0\]\.timeout: there is no field "timeout"/,
  ],
  [
    'a name without a namespace',
    'shop/support',
    'support',
    /^gateway\.yaml:2: models\[0\]\.name: .* NAMESPACE\/NAME/,
  ],
  [
    'a weight above 100',
    'weight: 10',
    'weight: 101',
    /^gateway\.yaml:4: models\[0\]\.canary\.weight: .* at most 100/,
  ],
  [
    'a weight that is no whole number',
    'weight: 10',
    'weight: 1.5',
    /:4: models\[0\]\.canary\.weight: .* type integer/,
  ],
  [
    'a track that there is not',
    'track: canary',
    'track: blue',
    /:8: models\[0\]\.endpoints\[1\]\.track: .* one of stable, canary/,
  ],
  [
    'an address with a path',
    '9102/',
    '9102/v2',
    /:7: models\[0\]\.endpoints\[1\]\.url: .* http:\/\/HOST:PORT/,
  ],
  ['https', 'http://127.0.0.1:9101', 'https://127.0.0.1:9101', /:6: models\[0\]\.endpoints\[0\]\.url: /],
  [
    'a port above 65535',
    '9101',
    '91010',
    /:6: models\[0\]\.endpoints\[0\]\.url: the port must be from 1 to 65535/,
  ],
  ['an endpoint twice', '9102', '9101', /:7: models\[0\]\.endpoints\[1\]\.url: this endpoint is named twice/],
  [
    'a weight without an endpoint',
    '        track: canary\n',
    '',
    /:4: models\[0\]\.canary\.weight: no endpoint has "track: canary"/,
  ],
  [
    'sessions by a header of the connection',
    'weight: 10',
    'weight: 10, sticky: {header: Host}',
    /:4: models\[0\]\.canary\.sticky\.header: the header belongs to one connection/,
  ],
  ['no models', valid, 'models: []', /^gateway\.yaml:1: models: the list must have at least 1 element/],
  ['an empty file', valid, '', /^gateway\.yaml: this is not YAML: .* empty/],
  ['no YAML', 'name: shop/support', 'name: [', /^gateway\.yaml:\d+: this is not YAML: /],
  [
    'a key twice',
    '    timeoutSeconds: 2.5\n',
    '    name: a/b\n',
    /^gateway\.yaml:3: this is not YAML: duplicate/,
  ],
  [
    'a model twice',
    valid,
    `${valid}  - name: shop/support\n    endpoints: [{url: "http://a:1"}]\n`,
    /:9: models\[1\]\.name: the model shop\/support is named twice/,
  ],
]
for (const [what, from, to, said] of wrong)
  test(`refuses ${what}, with the field and the line`, () => {
    assert.ok(from === '' || valid.includes(from))
    assert.throws(
      () => parseConfig(valid.replace(from, to), 'gateway.yaml'),
      (error: Error) => error instanceof StartError && said.test(error.message) && error.exitCode === 2,
    )
  })
