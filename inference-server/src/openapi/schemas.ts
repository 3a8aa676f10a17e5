/** Shapes of requests and answers, in the words of JSON Schema. */
import { datatypes } from '../tensors/tensor.ts'

export type Schema = Readonly<Record<string, unknown>>

export const text: Schema = { type: 'string' }
const number: Schema = { type: 'number' }
const integer: Schema = { type: 'integer' }
export const list = (items: Schema): Schema => ({ type: 'array', items })
export const object = (
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema => ({ type: 'object', properties, ...(required.length > 0 && { required }) })
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

const datatype: Schema = { type: 'string', enum: datatypes }
const shape = (description: string): Schema => ({ ...list(integer), description })
const parameters: Schema = { type: 'object', additionalProperties: true }
const data: Schema = {
  type: 'array',
  items: {},
  description: 'Elements in row-major order, nested or flat; null is a missing floating number.',
}
const described = object({ name: text, datatype, shape: shape('-1 is any length.') }, [
  'name',
  'datatype',
  'shape',
])
const tensor = (extra: Readonly<Record<string, Schema>> = {}): Schema =>
  object({ name: text, datatype, shape: shape('Lengths of the axes.'), parameters, data, ...extra }, [
    'name',
    'datatype',
    'shape',
  ])

/** Schemas that every model has. */
export const protocolSchemas: Readonly<Record<string, Schema>> = {
  Error: object({ error: text, field: { ...text, description: 'The member or tensor that is wrong.' } }, [
    'error',
  ]),
  ServerMetadata: object({ name: text, version: text, extensions: list(text) }),
  ModelMetadata: object({
    name: text,
    versions: list(text),
    platform: text,
    inputs: list(described),
    outputs: list(described),
    gantry: object({
      version: text,
      device: object({ requested: text, active: text, reason: text }, ['requested', 'active']),
      task: text,
      anyRank: { ...list(text), description: 'Inputs and outputs that the model declares without a shape.' },
      inputs: { ...list(described), description: 'What the task takes instead of tensors of the model.' },
      parameters: { ...list(text), description: 'What a request to the task may set.' },
      outputs: { ...list(described), description: 'What the task answers.' },
    }),
  }),
  InferRequest: object(
    {
      id: text,
      parameters,
      inputs: list(tensor()),
      outputs: list(object({ name: text, parameters }, ['name'])),
    },
    ['inputs'],
  ),
  InferResponse: object({ model_name: text, model_version: text, id: text, outputs: list(tensor()) }, [
    'model_name',
    'outputs',
  ]),
  RepositoryQuery: object({ ready: { type: 'boolean', description: 'Only those that answer.' } }),
  RepositoryEntry: object(
    {
      name: text,
      version: text,
      state: { type: 'string', enum: ['LOADING', 'READY', 'UNLOADING', 'UNAVAILABLE'] },
      reason: { ...text, description: 'Why it does not answer.' },
    },
    ['name', 'version', 'state', 'reason'],
  ),
  RepositoryChange: object({ parameters: object({ version: text }) }),
  RepositoryChanged: object({
    name: text,
    versions: list(text),
    load: { type: 'boolean' },
    unload: { type: 'boolean' },
  }),
  Stats: object({
    request_count: integer,
    avg_response_time: { ...number, description: 'Seconds.' },
    units: object({ avg_response_time: text, error_rate: text }),
    error_rate: number,
    errors: { type: 'object', additionalProperties: integer },
    queue_length: integer,
    uptime_seconds: number,
  }),
}

/** As drift-reference.json. */
export const driftSchemas: Readonly<Record<string, Schema>> = {
  DriftReference: object(
    { format: integer, samples: integer, salt: text, features: list({ type: 'object' }) },
    ['format', 'samples', 'salt', 'features'],
  ),
}

export const chatSchemas: Readonly<Record<string, Schema>> = {
  ChatReply: object({
    response: text,
    category: text,
    confidence: number,
    timestamp: { ...text, format: 'date-time' },
  }),
}

export const analysisSchemas: Readonly<Record<string, Schema>> = {
  Analysis: object({
    prediction: text,
    confidence: number,
    probabilities: { type: 'object', additionalProperties: number },
    timestamp: { ...text, format: 'date-time' },
    disclaimer: text,
  }),
}

const completion = (further: Readonly<Record<string, Schema>>, required: string): Schema => ({
  ...object(
    {
      model: text,
      ...further,
      max_tokens: integer,
      temperature: number,
      top_p: number,
      n: integer,
      seed: integer,
      stop: { anyOf: [text, list(text)] },
      stream: { type: 'boolean', description: 'Answer with server-sent events, as the text is written.' },
    },
    [required],
  ),
  description: "As OpenAI's clients send it.",
})

export const openaiSchemas: Readonly<Record<string, Schema>> = {
  CompletionRequest: completion({ prompt: { anyOf: [text, list(text)] } }, 'prompt'),
  ChatCompletionRequest: completion(
    { messages: list(object({ role: text, content: text }, ['role', 'content'])) },
    'messages',
  ),
  EmbeddingsRequest: object(
    {
      model: text,
      input: {
        anyOf: [text, list(text), list(integer), list(list(integer))],
        description: "Texts, or ids of the model's own tokens without the special ones.",
      },
      encoding_format: { type: 'string', enum: ['float', 'base64'] },
    },
    ['input'],
  ),
  Embeddings: object({ object: text, model: text, data: list({}), usage: {} }),
  Completion: object({ id: text, object: text, created: integer, model: text, choices: list({}), usage: {} }),
  OpenaiError: object({ error: object({ message: text, type: text, param: {}, code: text }) }, ['error']),
}
