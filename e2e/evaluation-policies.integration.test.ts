/** The example policy for evaluations in manifests/policies, on a real API server. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { policyOfSecrets } from './policy-of-secrets.ts'
import { skipWithoutApiServer } from './test-cluster.ts'

const namespace = 'evaluation-policies'

const source = (secret?: string): object => ({
  uri: 'https://models.example.com/m.onnx',
  ...(secret === undefined ? {} : { secretRef: { name: secret } }),
})

/** @param candidates Secrets of candidates @param dataset Secret of the data set */
const evaluationOf = (
  name: string,
  candidates: readonly (string | undefined)[],
  dataset?: string,
): object => ({
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelEvaluation',
  metadata: { name, namespace },
  spec: {
    candidates: candidates.map((secret, index) => ({
      ...{ name: `c${index}`, task: 'tensor', source: source(secret) },
    })),
    dataset: source(dataset),
  },
})

describe('secrets-of-evaluations.yaml', { skip: skipWithoutApiServer }, () => {
  const policy = policyOfSecrets({
    name: 'secrets-of-evaluations',
    namespace,
    user: 'evaluation-user',
    resource: 'modelevaluations',
  })
  const { apply } = policy

  before(() =>
    policy.putInForce(evaluationOf('before', ['payments'], 'payments'), evaluationOf('early', ['payments'])),
  )
  after(policy.remove)

  test('a candidate and a data set may name a Secret that the user may read, and no other', () => {
    const own = apply(evaluationOf('one', ['own', undefined, 'own'], 'own'))
    assert.ok(own.ok, own.output)
    for (const foreign of [
      evaluationOf('one', ['own', 'payments']),
      evaluationOf('one', [undefined], 'payments'),
    ])
      assert.match(apply(foreign).output, /you may not read the Secret payments/)
    assert.match(apply(evaluationOf('one', [...'abcdefg'])).output, /more than six Secrets/)
  })

  test('an evaluation that names no Secret needs none, and what one names already stays', () => {
    assert.ok(apply(evaluationOf('plain', [undefined])).ok)
    assert.ok(apply(evaluationOf('before', ['payments', 'own'], 'payments')).ok)
    assert.ok(!apply(evaluationOf('before', ['payments', 'database'], 'payments')).ok)
  })
})
