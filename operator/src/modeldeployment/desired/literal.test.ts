/** What a container is told, after the kubelet has replaced the names of variables in its arguments and environment. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { literal } from '../../pods/literal.ts'
import { type Draft, testConfig } from '../../testing/cluster.ts'
import { expand } from '../../testing/expansion.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { replicasBySpec } from '../replicas.ts'
import { deployment } from './deployment.ts'
import { importJob } from './import-job.ts'

const version: Version = {
  ...{ id: 'v_20261123_100001', revision: 'ab', source: 'https://models.example', digest: 'sha256:00' },
  ...{ sizeBytes: 1000, createdAt: '2026-11-23T10:00:00Z', phase: 'Imported' },
}

/** Every key of the Secret, as an environment would have it that holds the whole Secret. */
const secret = {
  token: 'SECRET-token',
  password: 'SECRET-password',
  'db-password': 'SECRET-of-database',
  'tls.key': 'SECRET-key',
}
const all = new Map(Object.entries(secret).map(([key, value]) => [`GANTRY_SOURCE_${key}`, value]))

interface Started {
  readonly args: readonly string[]
  readonly env: ReadonlyMap<string, string>
}

/** Expands as the kubelet does when it starts the container: variables one after the other, then the arguments with all of them. */
const start = (object: Draft): Started => {
  const [container] = object.spec.template.spec.containers
  const env = new Map(all)
  for (const { name, value, valueFrom } of container.env)
    env.set(name, valueFrom ? 'pod-0' : expand(value, env))
  return { args: container.args.map((arg: string) => expand(arg, env)), env }
}
const startImport = (model: ModelDeployment, config: Partial<ReconcileConfig> = {}): Started =>
  start(importJob(model, { ...testConfig, ...config }, 0, ['v_$(GANTRY_SOURCE_token)']))

const hostile = [
  '$(GANTRY_SOURCE_token)',
  '$(GANTRY_SOURCE_db-password)',
  '$(GANTRY_SOURCE_tls.key)',
  '$$(GANTRY_SOURCE_token)',
  '$$$(GANTRY_SOURCE_token)',
  '$$$$(GANTRY_SOURCE_token)',
  '$(ORT_DISABLE_TELEMETRY)',
  '$$',
  '$',
  'a$',
  '$(',
  '$(GANTRY_SOURCE_token',
  '$()',
  '$($(GANTRY_SOURCE_token))',
  '$é',
  '$\u{1f511}$(GANTRY_SOURCE_token)',
  "$&$'$`$1$<x>",
]

describe('the port of the kubelet’s expansion', () => {
  const variables = new Map([['A', 'value']])
  for (const [text, expected] of [
    ['$(A)', 'value'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$value'],
    ['$(B)', '$(B)'],
    ['$(A', '$(A'],
    ['$A$', '$A$'],
    ['$é', '$é'],
    ['$$$$', '$$'],
    ['$($(A))', '$($(A))'],
  ] as const)
    test(`makes ${expected} of ${text}`, () => assert.equal(expand(text, variables), expected))
})

test('any text at all is the same behind the kubelet', () => {
  const pieces = ['$', '$', '$$', '(', ')', '$(A)', '$(', 'A', 'é', '\u{1f511}', '\n', '-', '=']
  const variables = new Map([
    ['A', '$(B)'],
    ['', 'empty'],
    ['(A', 'odd'],
  ])
  let state = 7
  const pick = (limit: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * limit)
  }
  for (let round = 0; round < 20_000; round += 1) {
    const text = Array.from({ length: pick(12) }, () => pieces[pick(pieces.length)]).join('')
    assert.equal(expand(literal(text), variables), text)
  }
})

describe('what a user writes reaches the import as it is written', () => {
  for (const text of hostile) {
    test(`in an address: ${text}`, () => {
      const uri = `https://models.example/${text}`
      const { args } = startImport(
        modelDeployment({ spec: { model: { source: { uri, secretRef: { name: 'payments-db' } } } } }),
      )
      assert.ok(args.includes(`--source=${uri}`), args.join(' '))
    })
    test(`in a path on a claim: ${text}`, () => {
      const uri = `pvc://shared/${text}`
      const { args } = startImport(modelDeployment({ spec: { model: { source: { uri } } } }))
      assert.ok(args.includes(`--source=file:///source/${text}`), args.join(' '))
      assert.ok(args.includes(`--source-name=${uri}`), args.join(' '))
    })
    test(`in the name of a ConfigMap: ${text}`, () => {
      const source = { uri: undefined, configMapRef: { name: text } }
      const { args } = startImport(modelDeployment({ spec: { model: { source } } }))
      assert.ok(args.includes(`--source-name=configmap://${text}`), args.join(' '))
    })
    test(`in a label, a file, a digest and a task: ${text}`, () => {
      const source = { file: text, sha256: text }
      const task = text as 'tensor'
      const { args } = startImport(modelDeployment({ spec: { model: { version: text, task, source } } }))
      for (const flag of ['label', 'file', 'sha256', 'task'])
        assert.ok(args.includes(`--${flag}=${text}`), args.join(' '))
    })
  }

  test('an argument that begins with a hyphen is no option of the import', () => {
    const { args } = startImport(modelDeployment({ spec: { model: { source: { file: '--strict.onnx' } } } }))
    assert.ok(args.includes('--file=--strict.onnx'), args.join(' '))
    assert.ok(args.every((arg) => !arg.startsWith('--strict')))
  })

  test('ids of versions are given as they are', () => {
    assert.ok(startImport(modelDeployment()).args.includes('--keep=v_$(GANTRY_SOURCE_token)'))
  })
})

describe('what an installation says reaches the server as it is written', () => {
  for (const text of hostile)
    test(`in the address of its collector: ${text}`, () => {
      const endpoint = `http://collector:4318/${text}`
      const config = { ...testConfig, tracing: { endpoint, sampleRate: 1 } }
      const { env } = start(
        deployment(modelDeployment(), config, version, {
          settingsName: 'settings',
          replicas: replicasBySpec(modelDeployment()),
          track: 'stable',
        }),
      )
      assert.equal(env.get('OTEL_EXPORTER_OTLP_ENDPOINT'), endpoint)
      assert.equal(env.get('OTEL_RESOURCE_ATTRIBUTES'), 'k8s.namespace.name=demo,k8s.pod.name=pod-0')
    })
})
