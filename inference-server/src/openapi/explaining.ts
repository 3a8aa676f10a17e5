/** Addresses and shapes of explanations, by what is explained. */
import type { ExplanationKind } from '../explain/kinds.ts'
import type { LoadedTask } from '../tasks/task.ts'
import { failed, file, form, json, type Paths, post } from './operations.ts'
import { list, object, ref, type Schema, text } from './schemas.ts'

const number: Schema = { type: 'number' }
const whole: Schema = { type: 'integer' }
const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values })

const common = {
  maxEvaluations: { ...whole, description: 'Most rows that the model is asked about.' },
  timeout: { ...whole, description: 'Microseconds.' },
}

const settings: Readonly<Record<ExplanationKind, Readonly<Record<string, Schema>>>> = {
  text: {
    method: oneOf('leave-one-out', 'occlusion'),
    mask: { ...text, description: 'What stands in place of hidden words; by default the mask token.' },
    target: { ...text, description: 'The label; by default the likeliest.' },
    windows: { ...list(whole), description: 'Lengths of phrases in words; by default [1].' },
  },
  picture: {
    target: { ...text, description: 'The label; by default the likeliest.' },
    patch: { ...whole, description: 'Edge of a patch, in pixels of the model’s input.' },
    stride: { ...whole, description: 'From one patch to the next; by default the edge.' },
    fill: oneOf('grey', 'blur'),
  },
  table: {
    target: { anyOf: [text, whole], description: 'The class; by default the likeliest.' },
    output: text,
    samples: { ...whole, description: 'Coalitions of features.' },
    seed: whole,
    link: oneOf('identity', 'logit'),
  },
}

const word = object({ text, start: whole, end: whole, words: whole, weight: number })
const answers: Readonly<Record<ExplanationKind, Readonly<Record<string, Schema>>>> = {
  text: { target: text, score: number, words: list(word), phrases: list(word) },
  picture: {
    target: text,
    score: number,
    cells: list(object({ x: whole, y: whole, width: whole, height: whole, weight: number })),
    picture: {
      ...text,
      contentEncoding: 'base64',
      description: 'PNG: red speaks for the label, blue against it.',
    },
  },
  table: {
    output: text,
    target: { anyOf: [text, whole] },
    base: { ...number, description: 'Mean answer for the background; with the weights it adds up to score.' },
    score: number,
    features: list(object({ name: text, value: {}, weight: number })),
    exact: { type: 'boolean' },
  },
}

const row = { ...list({}), description: 'A value for each feature, in the order of the inputs.' }

/** Schemas of a model whose answers are explained. */
export const explainSchemas = (
  kind: ExplanationKind,
  task: LoadedTask | undefined,
): Readonly<Record<string, Schema>> => {
  const own = Object.fromEntries((task?.parameters ?? []).map((name) => [name, {}]))
  const parameters = object({ ...own, ...settings[kind], ...common })
  const item = task
    ? { allOf: [ref('Item'), object({ parameters })] }
    : object({ inputs: list({}), background: list(row), parameters }, ['inputs'])
  return {
    ExplainRequest: item,
    Explanation: object({
      model_name: text,
      model_version: text,
      task: text,
      method: text,
      ...answers[kind],
      evaluations: whole,
    }),
  }
}

/** @param name of the model */
export const explainPaths = (name: string, kind: ExplanationKind): Paths => {
  const files = kind === 'picture'
  const png = { 'image/png': { schema: file } }
  const explain = post(
    'Says why the model answers as it does.',
    { ...json(ref('ExplainRequest')), ...(files && form) },
    {
      '200': { description: 'The answer.', content: { ...json(ref('Explanation')), ...(files && png) } },
      ...failed(),
    },
  )
  return { '/explain': explain, [`/v2/models/${encodeURIComponent(name)}/explain`]: explain }
}
