/** Writes everything that follows from crds/, contract/documents.schema.json and contract/reasons.ts: `node scripts/generate.ts` writes, `--check` fails on a difference. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SchemaObject } from 'ajv'
import { load } from 'js-yaml'
import { compile, type JSONSchema } from 'json-schema-to-typescript'
import { crdValidator } from './crd-validator.ts'
import { documentFiles } from './documents.ts'
import { commandFiles } from './gantry-commands.ts'
import { optimizerFiles } from './optimizer/generated.ts'
import { reasonFiles } from './reasons.ts'
import { buildTools, toolPath } from './tools.ts'

const root = join(import.meta.dirname, '..')

interface CustomResourceDefinition {
  readonly spec: {
    readonly names: { readonly kind: string; readonly plural: string }
    readonly versions: readonly {
      readonly name: string
      readonly schema: { readonly openAPIV3Schema: JSONSchema }
    }[]
  }
}

/** JSON Schema spells a Kubernetes int-or-string as a union, and closes objects whose fields are listed. */
const toJsonSchema = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(toJsonSchema)
  if (typeof node !== 'object' || node === null) return node
  const source = node as Record<string, unknown>
  if (source['x-kubernetes-int-or-string'])
    return { type: ['integer', 'string'], description: source['description'] }
  const { 'x-kubernetes-validations': _, ...rest } = source
  const copy = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, toJsonSchema(value)]))
  if (source['x-kubernetes-preserve-unknown-fields']) return { ...copy, additionalProperties: true }
  return source['properties'] ? { ...copy, additionalProperties: false } : copy
}

type ObjectSchema = JSONSchema & { properties: Record<string, JSONSchema> }

const schemaOf = ({ spec }: CustomResourceDefinition): ObjectSchema => {
  const version = spec.versions[0]
  if (!version) throw new Error(`the CRD of ${spec.names.kind} declares no version`)
  return toJsonSchema(version.schema.openAPIV3Schema) as ObjectSchema
}

const types = async (crdPath: string): Promise<string> => {
  const crd = load(readFileSync(crdPath, 'utf8')) as CustomResourceDefinition
  const schema = schemaOf(crd)
  // Metadata is the API machinery's; the operator reads it through its own type.
  delete schema.properties['metadata']
  const text = await compile(schema, crd.spec.names.kind, {
    bannerComment: `/** Generated from crds/ by scripts/generate.ts; change the CRD, not this file. */`,
    additionalProperties: false,
    maxItems: -1,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, semi: false, printWidth: 110 },
  })
  return text
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}

/** Paths of all fields, such as `spec.model.task`; those of a list's items follow its name. */
const fieldsOf = ({ properties = {}, items }: Schema, path = ''): readonly string[] => [
  ...(items ? fieldsOf(items, path) : []),
  ...Object.entries(properties).flatMap(([name, child]) => {
    const at = path === '' ? name : `${path}.${name}`
    return [at, ...fieldsOf(child, at)]
  }),
]

/** What `gantry doctor` compares the CRDs of a cluster with. */
const crdFields = (paths: readonly string[]): string => {
  const lists = paths.map((path) => {
    const { spec } = load(readFileSync(path, 'utf8')) as CustomResourceDefinition
    const schema = spec.versions[0]?.schema.openAPIV3Schema as Schema
    return `  ${spec.names.plural}: [\n${fieldsOf(schema)
      .map((field) => `    '${field}',\n`)
      .join('')}  ],\n`
  })
  return `/** Generated from crds/ by scripts/generate.ts: all fields of each kind. */\nexport const crdFields: Readonly<Record<string, readonly string[]>> = {\n${lists.join('')}}\n`
}

const outputs = async (): Promise<ReadonlyMap<string, string>> => {
  const files = new Map<string, string>([
    ...(await documentFiles(root)),
    ...reasonFiles(root),
    ...commandFiles(root),
    ...optimizerFiles(),
  ])
  const crds = readdirSync(join(root, 'crds'))
  files.set('cli/src/doctor/crd-fields.gen.ts', crdFields(crds.map((file) => join(root, 'crds', file))))
  for (const file of crds) {
    const path = join(root, 'crds', file)
    files.set(`contract/${file.replace(/s\.yaml$/, '.gen.ts')}`, await types(path))
    files.set(`helm/gantry/crds/${file}`, readFileSync(path, 'utf8'))
  }
  // The command `evaluate` takes this kind out of files that no API server has seen.
  const evaluations = load(readFileSync(join(root, 'crds/modelevaluations.yaml'), 'utf8'))
  files.set(
    'contract/modelevaluation-validator.gen.ts',
    crdValidator(
      schemaOf(evaluations as CustomResourceDefinition) as SchemaObject,
      'validateModelEvaluation',
    ),
  )
  return files
}

/** The chart as one file, for those who do not use Helm. */
const installManifest = async (): Promise<string> => {
  await buildTools(['helm'])
  const chart = join(root, 'helm/gantry')
  const args = ['template', 'gantry', chart, '--namespace', 'gantry-system', '--include-crds']
  return [
    '# Generated from helm/gantry by scripts/generate.ts: kubectl apply --server-side -f manifests/install.yaml',
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: gantry-system\n  labels:\n    pod-security.kubernetes.io/enforce: restricted',
    execFileSync(toolPath('helm'), args, { encoding: 'utf8' }).replace(/^---\n/, ''),
  ].join('\n---\n')
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const stale: string[] = []
const put = (file: string, text: string): void => {
  const path = join(root, file)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  if (values.check) stale.push(file)
  else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(`wrote ${file}`)
  }
}
for (const [file, text] of await outputs()) put(file, text)
if (existsSync(join(root, 'helm/gantry/Chart.yaml'))) put('manifests/install.yaml', await installManifest())
if (stale.length > 0) {
  console.error(`out of date, run npm run generate: ${stale.join(', ')}`)
  process.exit(1)
}
