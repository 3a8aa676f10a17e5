/** The OpenAPI document of one server: what its model answers, and nothing that it does not. */

import { driftReferencePath } from '@gantry/contract/drift.ts'
import { type ExplanationKind, explanationKind } from '../explain/kinds.ts'
import type { TextModel } from '../generation/text-model.ts'
import type { Served } from '../inference/served.ts'
import { isOpen } from '../security/api-keys.ts'
import type { LoadedTask } from '../tasks/task.ts'
import { explainPaths, explainSchemas } from './explaining.ts'
import { answer, failed, form, get, json, type Paths, post } from './operations.ts'
import {
  analysisSchemas,
  chatSchemas,
  driftSchemas,
  list,
  object,
  openaiSchemas,
  protocolSchemas,
  ref,
  type Schema,
  text,
} from './schemas.ts'

const empty = object({})
const probe = (summary: string) =>
  get(summary, { ...answer(empty), '503': { description: 'Why not.', content: json(ref('Error')) } })

const protocolPaths = (name: string): Paths => {
  const model = `/v2/models/${encodeURIComponent(name)}`
  const infer = post(
    'Runs the model on tensors. Binary tensors: see the binary tensor data extension.',
    {
      ...json(ref('InferRequest')),
      'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
    },
    { ...answer(ref('InferResponse')), ...failed() },
  )
  return {
    '/v2': get('What the server is.', answer(ref('ServerMetadata'))),
    '/v2/health/live': probe('Whether the process is well.'),
    '/v2/health/ready': probe('Whether the model answers.'),
    '/v2/models': get('Names of the models.', answer(object({ models: list(text) }))),
    [model]: get('Inputs, outputs and version of the model.', {
      ...answer(ref('ModelMetadata')),
      ...failed(),
    }),
    [`${model}/ready`]: get('Whether this model answers.', {
      ...answer(object({ name: text, ready: { type: 'boolean' } })),
      ...failed(),
    }),
    [`${model}/infer`]: infer,
    '/metrics': get('Metrics for Prometheus.', {
      '200': { description: 'The text format of Prometheus.', content: { 'text/plain': { schema: text } } },
    }),
    '/stats': get('The metrics as one small object.', answer(ref('Stats'))),
    '/openapi.json': get('This document.', answer(empty)),
  }
}

const repositoryPaths = (name: string, loads: boolean): Paths => {
  const root = '/v2/repository'
  const change = (summary: string) =>
    post(summary, json(ref('RepositoryChange')), { ...answer(ref('RepositoryChanged')), ...failed() })
  return {
    [`${root}/index`]: post(
      'The versions there are, and which of them answer.',
      json(ref('RepositoryQuery')),
      {
        ...answer(list(ref('RepositoryEntry'))),
        ...failed(),
      },
    ),
    ...(loads && {
      [`${root}/models/${encodeURIComponent(name)}/load`]: change(
        'Loads a version, and answers when it is ready.',
      ),
      [`${root}/models/${encodeURIComponent(name)}/unload`]: change(
        'Unloads a version, or all, and answers when they have finished what they had begun.',
      ),
    }),
  }
}

/** What the items of a request share. */
const sharedOf = ({ lists, parameters }: LoadedTask): Readonly<Record<string, Schema>> => ({
  ...Object.fromEntries(lists.map((name) => [name, list(text)])),
  ...(parameters.length > 0 && {
    parameters: object(Object.fromEntries(parameters.map((name) => [name, {}]))),
  }),
})

const fieldsOf = ({ fields }: LoadedTask): Readonly<Record<string, Schema>> =>
  Object.fromEntries(
    fields.map((name) => [name, name === 'image' ? { ...text, contentEncoding: 'base64' } : text]),
  )

/** An item of the task, as /predict takes it alone: its members, and what all tasks of its kind may set. */
const itemOf = (task: LoadedTask): Schema =>
  object({ ...fieldsOf(task), ...sharedOf(task) }, task.fields.slice(0, 1))

/** Several items: each its members, or the main one alone; parameters are for all of them. */
const severalOf = (task: LoadedTask): Schema => {
  const lists = Object.fromEntries(task.lists.map((name) => [name, list(text)]))
  const instance = object({ ...fieldsOf(task), ...lists }, task.fields.slice(0, 1))
  return object({ instances: list({ anyOf: [text, instance] }), ...sharedOf(task) }, ['instances'])
}

const taskPaths = (task: LoadedTask): Paths => {
  const hasImage = task.fields.includes('image')
  return {
    '/predict': post(
      'Runs the model’s task on one item, or on several.',
      { ...json({ anyOf: [ref('Item'), severalOf(task)] }), ...(hasImage && form) },
      { ...answer({}, 'One result, or `{"predictions": […]}`.'), ...failed() },
    ),
    ...(task.endpoint === 'chat' && {
      '/chat': post('Answers a message by its category.', json(ref('Item')), {
        ...answer(ref('ChatReply')),
        ...failed(),
      }),
    }),
    ...(task.endpoint === 'analyze' && {
      '/analyze': post('Says what is on an uploaded picture.', form, {
        ...answer(ref('Analysis')),
        ...failed(),
      }),
    }),
  }
}

const completionPath = (summary: string, request: string) =>
  post(summary, json(ref(request)), { ...answer(ref('Completion')), ...failed('OpenaiError') })

const modelsPaths = (name: string): Paths => ({
  '/v1/models': get("The models, for OpenAI's clients.", { ...answer(empty), ...failed('OpenaiError') }),
  [`/v1/models/${encodeURIComponent(name)}`]: get("The model, for OpenAI's clients.", {
    ...answer(empty),
    ...failed('OpenaiError'),
  }),
})

const completionPaths = ({ chatTemplate }: TextModel): Paths => ({
  '/v1/completions': completionPath('Goes on with a text.', 'CompletionRequest'),
  ...(chatTemplate && {
    '/v1/chat/completions': completionPath('Goes on with a conversation.', 'ChatCompletionRequest'),
  }),
})

const embeddingsPaths: Paths = {
  '/v1/embeddings': post('Gives vectors to texts.', json(ref('EmbeddingsRequest')), {
    ...answer(ref('Embeddings')),
    ...failed('OpenaiError'),
  }),
}

/** Declares for each operation whether it needs an API key. */
const guardedPaths = (paths: Paths): Paths =>
  Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => [
          method,
          isOpen(method.toUpperCase(), path) ? { ...operation, security: [] } : operation,
        ]),
      ),
    ]),
  )

export interface DocumentOptions {
  /** Whether API keys are asked for. */
  readonly guarded: boolean
  /** Whether requests may load and unload versions. */
  readonly loads: boolean
  /** Whether explanations are made. */
  readonly explains: boolean
}

/** Only of a server with --drift record. */
const driftPaths: Paths = {
  [driftReferencePath]: get('The reference of the requests so far; the recording ends.', {
    ...answer(ref('DriftReference')),
    ...failed(),
  }),
}

const pathsOf = (
  { model, task, drift }: Served,
  loads: boolean,
  kind: ExplanationKind | undefined,
): Paths => ({
  ...protocolPaths(model.name),
  ...repositoryPaths(model.name, loads),
  ...(task && taskPaths(task)),
  ...(kind && explainPaths(model.name, kind)),
  ...(drift.reference && driftPaths),
  ...modelsPaths(model.name),
  ...(task?.textModel && completionPaths(task.textModel)),
  ...(task && model.task === 'feature-extraction' && embeddingsPaths),
})

const schemasOf = ({ task, drift }: Served, kind: ExplanationKind | undefined) => ({
  ...protocolSchemas,
  ...(task && { Item: itemOf(task) }),
  ...(task?.endpoint === 'chat' && chatSchemas),
  ...(task?.endpoint === 'analyze' && analysisSchemas),
  ...(kind && explainSchemas(kind, task)),
  ...(drift.reference && driftSchemas),
  ...openaiSchemas,
})

/** @param version of the server */
export const openapiDocument = (
  served: Served,
  version: string,
  { guarded, loads, explains }: DocumentOptions,
) => {
  const { model } = served
  const kind = explains ? explanationKind(served) : undefined
  const paths = pathsOf(served, loads, kind)
  return {
    openapi: '3.1.0',
    info: {
      title: `${model.name} (${model.task})`,
      version,
      description: `Version ${model.version} of ${model.name}, served by Gantry.`,
    },
    paths: guarded ? guardedPaths(paths) : paths,
    ...(guarded && { security: [{ bearer: [] }, { header: [] }] }),
    components: {
      schemas: schemasOf(served, kind),
      ...(guarded && {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          header: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        },
      }),
    },
  }
}
