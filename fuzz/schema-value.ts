/** Values that a schema of a CustomResourceDefinition describes, or nearly. */
import { pick } from '../inference-server/src/testing/fuzz.ts'
import type { Random } from './target.ts'

export interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
}

/** Texts that fields of Kubernetes take, and texts that break what reads them. */
const texts = [
  ...[
    'a',
    'model',
    'nvidia.com/gpu',
    'nvidia',
    '1',
    '10Gi',
    '0.5',
    '1e3',
    '1500m',
    'Exists',
    'NoSchedule',
    'zone',
  ],
  ...[
    '',
    ' ',
    '$(HOME)',
    '$$(HOME)',
    '../..',
    'a/b',
    '\u001b[31m',
    'a\r\nReady: True',
    '\u202ea',
    'é',
    '日本',
    '{}',
  ],
  ...[
    'x'.repeat(63),
    'x'.repeat(300),
    'true',
    'null',
    '-',
    '.',
    'A',
    'kubernetes.io/x',
    'gantry.dev/model',
    '*',
  ],
]
/** Valid texts for fields that take few others. */
const textsOf: Readonly<Record<string, readonly string[]>> = {
  uri: [
    'https://models.example/m.onnx',
    'http://models.example:8080/m.tar.gz?sig=x#y',
    'pvc://claim/a/b',
    'file:///m',
  ],
  sha256: ['a'.repeat(64)],
  size: ['10Gi', '1Ti', '500M'],
  version: ['nov', 'v_20261123_101500'],
  file: ['model.onnx', 'onnx/model_quantized.onnx'],
  name: ['keys', 'token'],
  resource: ['nvidia.com/gpu', 'nvidia.com/mig-1g.5gb'],
  memory: ['1Gi', '500M'],
  cpu: ['1', '500m'],
}

const number = (random: Random, { minimum = -2, maximum = 2 ** 31 }: Schema): number =>
  random() < 0.95
    ? Math.min(maximum, Math.max(minimum, pick(random, [minimum, maximum, minimum + 1, 1, 2])))
    : pick(random, [minimum - 1, maximum + 1])

const anything = (random: Random): unknown =>
  pick(random, [
    null,
    0,
    'x',
    [],
    {},
    [{}],
    { key: 'zone' },
    { matchLabels: { a: 'b' } },
    [{ operator: 'Exists' }],
  ])

const object = (schema: Schema, random: Random): unknown => {
  const { properties, required = [], additionalProperties } = schema
  if (properties)
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => random() < (required.includes(name) ? 0.99 : 0.15))
        .map(([name, member]) => [name, schemaValue(member, random, name)]),
    )
  if (typeof additionalProperties !== 'object') return anything(random)
  const names = Array.from({ length: Math.floor(random() * 3) }, () => pick(random, texts))
  return Object.fromEntries(names.map((name) => [name, schemaValue(additionalProperties, random, name)]))
}

/** @param field name of the member that the value is for */
export const schemaValue = (schema: Schema, random: Random, field: string): unknown => {
  if (random() < 0.004) return anything(random)
  if (schema.enum && random() < 0.98) return pick(random, schema.enum)
  if (schema['x-kubernetes-int-or-string']) return pick(random, [1, ...(textsOf[field] ?? texts)])
  switch (schema.type) {
    case 'string':
      return pick(random, random() < 0.95 ? (textsOf[field] ?? texts) : texts)
    case 'integer':
      return number(random, schema)
    case 'number':
      return pick(random, [0, 0.5, 1, -1, number(random, schema)])
    case 'boolean':
      return random() < 0.5
    case 'array':
      return Array.from({ length: Math.floor(random() * 3) }, () =>
        schemaValue(schema.items ?? {}, random, field),
      )
    default:
      return object(schema, random)
  }
}
