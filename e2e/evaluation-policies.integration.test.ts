/** The example policy for evaluations in manifests/policies, on a real API server. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../local-cluster/kubectl.ts'
import { skipWithoutApiServer, testKubectl } from './test-cluster.ts'

const file = join(import.meta.dirname, '../manifests/policies/secrets-of-evaluations.yaml')
const policy = 'secrets-of-evaluations.gantry.dev'
const namespace = 'evaluation-policies'
const user = 'evaluation-user'
const rbac = 'rbac.authorization.k8s.io'

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
  const kubectl = testKubectl()
  const apply = (object: object, flags: readonly string[] = ['--dry-run=server']) =>
    kubectl.attempt(['apply', '--server-side', `--as=${user}`, ...flags, '-f', '-'], JSON.stringify(object))

  before(async () => {
    kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    const metadata = { name: user, namespace }
    kubectl.apply(
      {
        ...{ apiVersion: `${rbac}/v1`, kind: 'Role', metadata },
        rules: [
          { apiGroups: ['gantry.dev'], resources: ['modelevaluations'], verbs: ['*'] },
          { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['own'] },
        ],
      },
      {
        ...{ apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata },
        roleRef: { apiGroup: rbac, kind: 'Role', name: user },
        subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
      },
    )
    apply(evaluationOf('before', ['payments'], 'payments'), [])
    kubectl.run(['apply', '--server-side', '-f', '-'], readFileSync(file, 'utf8'))
    // Other tests share the API server.
    const selector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } }
    const scope = JSON.stringify({ spec: { matchResources: { namespaceSelector: selector } } })
    kubectl.run(['patch', 'validatingadmissionpolicybinding', policy, '--type=merge', '-p', scope])
    await eventually('the policy is in force', () => !apply(evaluationOf('early', ['payments'])).ok)
  })
  after(() => {
    for (const kind of ['validatingadmissionpolicybinding', 'validatingadmissionpolicy'])
      kubectl.run(['delete', kind, policy])
  })

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
