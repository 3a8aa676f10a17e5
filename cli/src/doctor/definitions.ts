/** Whether the cluster knows our kinds, with all fields of this version. */
import { group } from '@gantry/contract/labels.ts'
import type { LiveCondition } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { CustomResourceDefinition, ModelDeployment, ModelEvaluation } from '../cluster/resources.ts'
import { crdFields } from './crd-fields.gen.ts'
import { type Check, type Finding, fail, ok, orForbidden, warn } from './finding.ts'

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
}

type LiveDefinition = KubernetesObject & {
  readonly spec?: {
    readonly versions?: readonly {
      readonly name: string
      readonly served?: boolean
      readonly schema?: { readonly openAPIV3Schema?: Schema }
    }[]
  }
  readonly status?: { readonly conditions?: readonly LiveCondition[] }
}

/** Paths of all fields below spec and status, such as `spec.model.source.uri`; those of the items of a list follow its name. */
const fieldsOf = (schema: Schema, path = ''): readonly string[] => {
  const items = schema.items ? fieldsOf(schema.items, path) : []
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const at = path === '' ? name : `${path}.${name}`
    return [at, ...fieldsOf(child, at)]
  })
  return [...items, ...own]
}

/** Most fields that a message names. */
const mostNamed = 3

const named = (fields: readonly string[]): string =>
  fields.length > mostNamed
    ? `${fields.slice(0, mostNamed).join(', ')} and ${fields.length - mostNamed} more`
    : fields.join(', ')

const apply = 'kubectl apply --server-side --force-conflicts -f crds'

const findingOf = (name: string, definition: LiveDefinition | undefined): Finding => {
  const [plural = ''] = name.split('.')
  if (!definition) return fail('CRD', `${name} is not installed.`, `Install it: \`${apply}\`.`)
  const served = definition.spec?.versions?.find((version) => version.served && version.name === 'v1alpha1')
  const established = definition.status?.conditions?.find(({ type }) => type === 'Established')?.status
  if (!served || established !== 'True')
    return fail('CRD', `${name} does not serve v1alpha1.`, `Apply it again: \`${apply}\`.`)
  const live = new Set(fieldsOf(served.schema?.openAPIV3Schema ?? {}))
  const known = crdFields[plural] ?? []
  const missing = known.filter((field) => !live.has(field))
  if (missing.length > 0)
    return warn(
      'CRD',
      `${name} is older than this program: it lacks ${named(missing)}.`,
      `Apply the CRDs of version ${group}/v1alpha1 that the operator has: \`${apply}\`.`,
    )
  const more = [...live].filter((field) => !known.includes(field) && /^(spec|status)\./.test(field))
  if (more.length > 0)
    return warn(
      'CRD',
      `${name} is newer than this program: it has ${named(more)}.`,
      'Use the gantry of the same version.',
    )
  return ok('CRD', `${name} is installed.`)
}

export const definitionCheck: Check = ({ session }) =>
  orForbidden('CRD', () =>
    Promise.all(
      [ModelDeployment, ModelEvaluation].map(async ({ plural }) => {
        const name = `${plural}.${group}`
        return findingOf(
          name,
          await session.kube.get<LiveDefinition>(CustomResourceDefinition, undefined, name),
        )
      }),
    ),
  )
