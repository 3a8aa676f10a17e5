/** What follows from contract/documents.schema.json: types, lists of the values of each enumeration, and validators without a library. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type SchemaObject } from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { compile, type JSONSchema } from 'json-schema-to-typescript'

interface Definition {
  readonly enum?: readonly string[]
  readonly pattern?: string
}
type Schema = JSONSchema & {
  readonly $id: string
  readonly definitions: Readonly<Record<string, Definition>>
}

const schemaFile = 'contract/documents.schema.json'
const banner = `/** Generated from ${schemaFile} by scripts/generate.ts; change the schema, not this file. */`

/** Names of the constants that hold the values of an enumeration, in the schema's order. */
const lists = {
  Task: 'tasks',
  Device: 'devices',
  Accelerator: 'accelerators',
  RowVerdict: 'rowVerdicts',
  RowMode: 'rowModes',
  RequestLogMode: 'requestLogModes',
  DriftMode: 'driftModes',
  ImportFailure: 'importFailures',
  Metric: 'metrics',
  EvaluationFailure: 'evaluationFailures',
  CandidateFailure: 'candidateFailures',
  OptimizationFailure: 'optimizationFailures',
  LogLevel: 'logLevels',
  Track: 'tracks',
} as const
/** Names of the constants that hold the pattern of a text. */
const patterns = { VersionId: 'versionIdPattern' } as const
/** Documents that a program reads which another program wrote. */
const read = [
  'ImportReport',
  'IndexedVersion',
  'VersionMetadata',
  'ServedModel',
  'VolumeReport',
  'Requester',
  'DriftReference',
  'ServerSettings',
  'LogLine',
  'EvaluationRequest',
  'EvaluationReport',
  'CandidateReports',
  'OptimizationRecipe',
  'OptimizationReport',
  'ExportReport',
  'OptimizationFailedReport',
  'SamplesRequest',
  'GatewayFile',
  'Demand',
  'ImportProgress',
  'GatewayPorts',
] as const

/** The generator names the schema's path in each comment, and makes an interface of the file itself, which is no document. */
const cleaned = (text: string): string =>
  text
    .replaceAll(
      / \*\n \* This interface was referenced by `Documents`'s JSON-Schema\n \* via the `definition` "\w+".\n/g,
      '',
    )
    .replaceAll(
      /\/\*\*\n \* This interface was referenced by `Documents`'s JSON-Schema\n \* via the `definition` "\w+".\n \*\/\n/g,
      '',
    )
    .replace(/\/\*\*\n(?: \*[^\n]*\n)+export interface Documents \{\n {2}\[k: string\]: unknown\n\}\n/, '')

const typesOf = async (schema: Schema): Promise<string> =>
  cleaned(
    await compile(structuredClone(schema), 'Documents', {
      bannerComment: banner,
      additionalProperties: false,
      unreachableDefinitions: true,
      style: { singleQuote: true, semi: false, printWidth: 110 },
    }),
  )

const constantsOf = ({ definitions }: Schema): string => {
  const values = Object.entries(lists).map(
    ([name, list]) =>
      `export const ${list} = [\n${(definitions[name]?.enum ?? []).map((value) => `  '${value}',\n`).join('')}] as const`,
  )
  const expressions = Object.entries(patterns).map(
    ([name, constant]) => `export const ${constant} = /${definitions[name]?.pattern}/`,
  )
  return [...values, ...expressions].join('\n')
}

/** The validators carry their schemas with them. */
const withoutDescriptions = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(withoutDescriptions)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) =>
      key === 'description' && typeof value === 'string' ? [] : [[key, withoutDescriptions(value)]],
    ),
  )
}

/** JavaScript that needs no library: lengths are counted in UTF-16 code units for that. */
const validatorsOf = (schema: Schema): string => {
  const ajv = new Ajv({
    code: { source: true, esm: true, lines: true },
    ...{ unicode: false, messages: false, logger: false, inlineRefs: false },
  })
  ajv.addSchema(withoutDescriptions(schema) as SchemaObject)
  const validators = Object.fromEntries(
    read.map((name) => [`is${name}`, `${schema.$id}#/definitions/${name}`]),
  )
  const code = standaloneCode.default(ajv, validators).replace('"use strict";\n', '')
  return `// @ts-nocheck\n${banner}\n${code}`
}

/** Generated files by their paths. */
export const documentFiles = async (root: string): Promise<ReadonlyMap<string, string>> => {
  const schema = JSON.parse(readFileSync(join(root, schemaFile), 'utf8')) as Schema
  return new Map([
    ['contract/documents.gen.ts', `${await typesOf(schema)}\n${constantsOf(schema)}\n`],
    ['contract/validators.gen.ts', validatorsOf(schema)],
  ])
}
