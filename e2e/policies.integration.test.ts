/** The example policies in manifests/policies, on a real API server. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { policyOfSecrets } from './policy-of-secrets.ts'
import { skipWithoutApiServer } from './test-cluster.ts'

const namespace = 'policies'
const uri = 'https://models.example.com/m.onnx'

const fields: readonly (readonly [string, (name: string) => object])[] = [
  ['spec.model.source.secretRef', (name) => ({ model: { source: { uri, secretRef: { name } } } })],
  [
    'spec.model.source.signature.publicKeySecretRef',
    (name) => ({ model: { source: { uri, signature: { publicKeySecretRef: { name } } } } }),
  ],
  ['spec.serve.auth.apiKeySecretRef', (name) => ({ serve: { auth: { apiKeySecretRef: { name } } } })],
  ['spec.serve.tls.secretRef', (name) => ({ serve: { tls: { secretRef: { name } } } })],
  [
    'spec.serve.requestLog.keySecretRef',
    (name) => ({ serve: { requestLog: { mode: 'hashed', keySecretRef: { name } } } }),
  ],
  [
    'spec.evaluate.dataset.secretRef',
    (name) => ({
      evaluate: { dataset: { uri: 'https://data.example.com/test.jsonl', secretRef: { name } } },
    }),
  ],
  [
    'spec.storage.encryptionKeySecretRef',
    (name) => ({ storage: { encryptionKeySecretRef: { name, key: 'k1' } } }),
  ],
  [
    'spec.optimize.dataset.secretRef',
    (name) => ({
      optimize: {
        graph: 'all',
        dataset: { uri: 'https://data.example.com/test.jsonl', secretRef: { name } },
      },
    }),
  ],
]

/** The same within spec.serve.podTemplate. */
const additions: readonly (readonly [string, (name: string) => object])[] = [
  ['a variable', (name) => ({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name, key: 'a' } } }] })],
  ['envFrom', (name) => ({ envFrom: [{ prefix: 'A_', secretRef: { name } }] })],
  ['a volume', (name) => ({ volumes: [{ name: 'v', secret: { secretName: name } }] })],
  [
    'a projected volume',
    (name) => ({ volumes: [{ name: 'v', projected: { sources: [{ secret: { name } }] } }] }),
  ],
  [
    'a CSI driver',
    (name) => ({
      volumes: [{ name: 'v', csi: { driver: 'a.example.com', nodePublishSecretRef: { name } } }],
    }),
  ],
  [
    'a variable of a sidecar',
    (name) => ({
      sidecars: [
        { name: 's', image: 'a', env: [{ name: 'A', valueFrom: { secretKeyRef: { name, key: 'a' } } }] },
      ],
    }),
  ],
  [
    'envFrom of a sidecar',
    (name) => ({ sidecars: [{ name: 's', image: 'a', envFrom: [{ secretRef: { name } }] }] }),
  ],
]

interface GivenSpec {
  readonly model?: object
  readonly serve?: object
  readonly evaluate?: object
  readonly optimize?: object
  readonly storage?: object
}

const modelOf = (name: string, spec: GivenSpec): object => ({
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelDeployment',
  metadata: { name, namespace },
  spec: { ...spec, model: { task: 'tensor', source: { uri }, ...spec.model } },
})

describe('secrets-of-models.yaml', { skip: skipWithoutApiServer }, () => {
  const policy = policyOfSecrets({
    name: 'secrets-of-models',
    namespace,
    user: 'ml-user',
    resource: 'modeldeployments',
  })
  const { apply } = policy

  before(() => {
    const [, spec = () => ({})] = fields[0] ?? []
    const podTemplate = additions[0]?.[1]('payments') ?? {}
    return policy.putInForce(
      modelOf('before', { ...spec('payments'), serve: { podTemplate } }),
      modelOf('early', spec('payments')),
    )
  })
  after(policy.remove)

  for (const [field, spec] of fields) {
    test(`${field} may name a Secret that the user may read`, () => {
      const { ok, output } = apply(modelOf('one', spec('own')))
      assert.ok(ok, output)
    })
    test(`${field} may not name another one`, () => {
      const { ok, output } = apply(modelOf('one', spec('payments')))
      assert.equal(ok, false)
      assert.ok(output.includes(`${field}: you may not read the Secret payments`), output)
    })
  }

  for (const [what, part] of additions)
    test(`${what} of spec.serve.podTemplate may name a Secret that the user may read, and no other`, () => {
      const ask = (name: string) => apply(modelOf('one', { serve: { podTemplate: part(name) } }))
      const own = ask('own')
      assert.ok(own.ok, own.output)
      const other = ask('payments')
      assert.equal(other.ok, false)
      assert.ok(
        other.output.includes('spec.serve.podTemplate: you may not read the Secret payments'),
        other.output,
      )
    })

  test('every Secret of spec.serve.podTemplate is asked for, and each once', () => {
    const env = (...names: readonly string[]) => ({
      serve: {
        podTemplate: {
          env: names.map((name, index) => ({
            name: `A${index}`,
            valueFrom: { secretKeyRef: { name, key: `${index}` } },
          })),
        },
      },
    })
    const often = apply(modelOf('one', env(...Array.from({ length: 12 }, () => 'own'))))
    assert.ok(often.ok, often.output)
    const last = apply(modelOf('one', env('own', 'own', 'own', 'payments')))
    assert.match(last.output, /you may not read the Secret payments/)
    const many = apply(modelOf('one', env('a', 'b', 'c', 'd', 'e', 'f', 'g')))
    assert.match(many.output, /more than six Secrets/)
  })

  test('a model that names no Secret needs none', () => {
    assert.ok(apply(modelOf('plain', {})).ok)
  })

  test('what a model names already stays, and nothing is added to it', () => {
    const before = modelOf('before', {
      model: { source: { uri: `${uri}?v=2`, secretRef: { name: 'payments' } } },
    })
    assert.ok(apply(before).ok)
    const moved = { serve: { podTemplate: additions[1]?.[1]('payments') ?? {} } }
    assert.ok(apply(modelOf('before', moved)).ok)
    const other = modelOf('before', { model: { source: { uri, secretRef: { name: 'database' } } } })
    assert.equal(apply(other).ok, false)
  })
})
