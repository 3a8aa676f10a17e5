/** A validator of the objects of a CRD, for programs that read one without an API server. */
import { Ajv, type SchemaObject } from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'

const banner = '/** Generated from crds/ by scripts/generate.ts; change the CRD, not this file. */'

/** What ajv does not know, and the names of formats, which say only how wide a number is. */
const isForeign = (key: string, value: unknown): boolean =>
  key.startsWith('x-kubernetes-') || (typeof value === 'string' && ['format', 'description'].includes(key))

/**
 * The schema as ajv reads it. OpenAPI 3.0 has `exclusiveMinimum` as a switch beside `minimum`, JSON Schema as the limit itself.
 */
const forAjv = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(forAjv)
  if (typeof node !== 'object' || node === null) return node
  const copy: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) if (!isForeign(key, value)) copy[key] = forAjv(value)
  for (const [limit, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (copy[exclusive] !== true) continue
    copy[exclusive] = copy[limit]
    delete copy[limit]
  }
  return copy
}

/**
 * JavaScript that needs no library. The validator sets the defaults of the CRD, and `errors` of it has every problem.
 * Lengths are counted in UTF-16 code units. `status` may be anything: a file that was copied out of a cluster has one.
 */
export const crdValidator = (schema: SchemaObject, name: string): string => {
  const ajv = new Ajv({
    code: { source: true, esm: true, lines: true },
    ...{ unicode: false, allErrors: true, useDefaults: true, strict: false, logger: false },
  })
  const properties = { ...schema['properties'], status: {} }
  const validate = ajv.compile(forAjv({ ...schema, properties }) as SchemaObject)
  const code = standaloneCode
    .default(ajv, validate)
    .replace('"use strict";\n', '')
    .replace(/^export const validate = (\w+);\nexport default \w+;/m, `export const ${name} = $1;`)
  return `// @ts-nocheck\n${banner}\n${code}`
}
