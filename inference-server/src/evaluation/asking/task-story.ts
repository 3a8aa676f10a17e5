/** Models of the other tasks: one sample a request by POST /predict, as their users ask them. */
import { readFile } from 'node:fs/promises'
import type { Task } from '@gantry/contract/server.ts'
import { CandidateError } from '../../accuracy/candidate-error.ts'
import type { Prediction, TaggedToken } from '../../accuracy/prediction.ts'
import type { Label, Sample } from '../../datasets/sample.ts'
import { isObject } from '../../json/json-object.ts'
import { jsonBody, type RequestBody } from './request-body.ts'
import { paths } from './served-model.ts'
import type { Story } from './story.ts'

type Members = Readonly<Record<string, unknown>>

/** What of an evaluation decides how a task is asked. */
export interface TaskRules {
  readonly topK: number
  /** Whether the data set has questions without an answer, to which nothing is the right one. */
  readonly unanswerable: boolean
}

interface TaskReader {
  /** Members and parameters beside the sample's own. */
  readonly ask?: (sample: Sample, rules: TaskRules) => Members
  /** @throws CandidateError where the answer has another form */
  readonly read: (answer: Members, label: Label) => Prediction
}

const odd = (member: string): CandidateError =>
  new CandidateError('PredictionFailed', `the answer has no ${member} that this task gives`)

const textOf =
  (member: string): TaskReader['read'] =>
  (answer) => {
    const text = answer[member]
    if (typeof text !== 'string') throw odd(member)
    return { kind: 'text', text }
  }

const objectsIn = (answer: Members, member: string): readonly Members[] => {
  const list = answer[member]
  if (!Array.isArray(list)) throw odd(member)
  return list.filter(isObject)
}

/** All classes, the likeliest first; equal ones in the order of the answer. */
const classification: TaskReader = {
  read: ({ label, score, probabilities }, wanted) => {
    if (wanted.kind === 'number') return { kind: 'number', value: Number(score) }
    if (typeof label !== 'string' || !isObject(probabilities)) throw odd('label')
    const others = Object.entries(probabilities)
      .filter(([name]) => name !== label)
      .toSorted(([, one], [, other]) => Number(other) - Number(one))
      .map(([name]) => name)
    return { kind: 'classes', ranking: [label, ...others] }
  },
}

const spanOf = ({ start, end }: Members) => ({ start: Number(start), end: Number(end) })

const tokenClassification: TaskReader = {
  ask: ({ label }) => ({
    parameters: { aggregation_strategy: label.kind === 'entities' ? 'simple' : 'none' },
  }),
  read: (answer, label) => {
    const found = objectsIn(answer, 'entities')
    if (label.kind === 'entities')
      return {
        kind: 'entities',
        entities: found.map((entity) => ({ type: String(entity['entity_group']), ...spanOf(entity) })),
      }
    const tokens = found.map((token): TaggedToken => ({ tag: String(token['entity']), ...spanOf(token) }))
    return { kind: 'tokens', tokens }
  },
}

const questionAnswering: TaskReader = {
  ask: (_, { unanswerable }) => ({ parameters: { handle_impossible_answer: unanswerable } }),
  read: textOf('answer'),
}

const zeroShot: TaskReader = {
  read: ({ labels }) => {
    if (!Array.isArray(labels) || labels.length === 0) throw odd('labels')
    return { kind: 'classes', ranking: labels.map(String) }
  },
}

const fillMask: TaskReader = {
  ask: (_, { topK }) => ({ parameters: { top_k: topK } }),
  read: (answer) => {
    const fillings = answer['fillings']
    if (!Array.isArray(fillings) || fillings.length === 0) throw odd('fillings')
    if (Array.isArray(fillings[0]))
      throw new CandidateError(
        'ShapeMismatch',
        'the text has several masks, but a label is one word; give one mask',
      )
    return {
      kind: 'classes',
      ranking: fillings.map((filling: Members) => String(filling['token_str']).trim()),
    }
  },
}

const featureExtraction: TaskReader = {
  read: ({ embedding }) => {
    if (!Array.isArray(embedding)) throw odd('embedding')
    return { kind: 'vector', vector: embedding.map(Number) }
  },
}

const writing: TaskReader = {
  ask: () => ({ parameters: { return_full_text: false } }),
  read: textOf('generated_text'),
}

const readers: Readonly<Record<Exclude<Task, 'tensor'>, TaskReader>> = {
  'text-classification': classification,
  'image-classification': classification,
  'token-classification': tokenClassification,
  'question-answering': questionAnswering,
  'feature-extraction': featureExtraction,
  'zero-shot-classification': zeroShot,
  'zero-shot-image-classification': zeroShot,
  'fill-mask': fillMask,
  'text-generation': writing,
  'code-generation': writing,
  translation: { read: textOf('translation_text') },
  'image-to-text': { read: textOf('generated_text') },
}

export const taskStory = (task: Exclude<Task, 'tensor'>, rules: TaskRules): Story => {
  const { ask, read } = readers[task]
  const body = async (sample: Sample): Promise<RequestBody> => {
    const { inputs, line } = sample
    if (inputs.kind !== 'members')
      throw new CandidateError(
        'ShapeMismatch',
        `line ${line}: the sample has elements of a tensor, but task ${task} reads members`,
      )
    const { members, picture } = inputs
    const image = picture === undefined ? {} : { image: await readFile(picture, 'base64') }
    return jsonBody({ ...members, ...image, ...ask?.(sample, rules) })
  }
  return {
    path: paths.predict,
    group: (samples) => samples.map((sample) => [sample]),
    body: (group) => body(group[0] as Sample),
    read: (answer, [sample]) => {
      if (!isObject(answer) || !sample) throw odd('object')
      return [read(answer, sample.label)]
    },
  }
}
