/** An example policy of manifests/policies that is in force in one namespace, and a user who may read one Secret there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../local-cluster/kubectl.ts'
import { testKubectl } from './test-cluster.ts'

const folder = join(import.meta.dirname, '../manifests/policies')
const rbac = 'rbac.authorization.k8s.io'

export interface PolicyOfSecrets {
  /** Its file is NAME.yaml, and its objects are NAME.gantry.dev. */
  readonly name: string
  readonly namespace: string
  readonly user: string
  /** Resource that the user may write, in the group gantry.dev. */
  readonly resource: string
}

/** The user may read the Secret `own`, and no other. */
const rightsOf = ({ namespace, user, resource }: PolicyOfSecrets): readonly object[] => {
  const metadata = { name: user, namespace }
  return [
    {
      ...{ apiVersion: `${rbac}/v1`, kind: 'Role', metadata },
      rules: [
        { apiGroups: ['gantry.dev'], resources: [resource], verbs: ['*'] },
        { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['own'] },
      ],
    },
    {
      ...{ apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata },
      roleRef: { apiGroup: rbac, kind: 'Role', name: user },
      subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
    },
  ]
}

export const policyOfSecrets = (about: PolicyOfSecrets) => {
  const { name, namespace, user } = about
  const kubectl = testKubectl()
  const policy = `${name}.gantry.dev`
  /** Applies an object as the user, without keeping it unless `flags` are given. */
  const apply = (object: object, flags: readonly string[] = ['--dry-run=server']) =>
    kubectl.attempt(['apply', '--server-side', `--as=${user}`, ...flags, '-f', '-'], JSON.stringify(object))
  return {
    apply,
    /**
     * @param existing what the user has made before there was a policy
     * @param refused what the policy refuses
     */
    putInForce: async (existing: object, refused: object): Promise<void> => {
      kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
      kubectl.apply(...rightsOf(about))
      apply(existing, [])
      kubectl.run(['apply', '--server-side', '-f', '-'], readFileSync(join(folder, `${name}.yaml`), 'utf8'))
      // Other tests share the API server.
      const selector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } }
      const scope = JSON.stringify({ spec: { matchResources: { namespaceSelector: selector } } })
      kubectl.run(['patch', 'validatingadmissionpolicybinding', policy, '--type=merge', '-p', scope])
      await eventually('the policy is in force', () => !apply(refused).ok)
    },
    remove: (): void => {
      for (const kind of ['validatingadmissionpolicybinding', 'validatingadmissionpolicy'])
        kubectl.run(['delete', kind, policy])
    },
  }
}
