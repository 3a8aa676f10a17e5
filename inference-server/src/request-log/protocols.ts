/** What may be shown of a request and its answer, by the address that it came through. */

import type { Declared } from '../requests/declared-names.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import { explainAnswer, explainRequest } from './explain-rules.ts'
import { each, hidden, listOf, membersOf, oneOf, type Rule, scalar, shown } from './rules.ts'
import { tensorAnswer, tensorRequest } from './tensor-rules.ts'

/** Rules for one address. */
export interface Protocol {
  readonly request: Rule
  readonly response: Rule
}

/** The owner of a model and what it declares. */
export interface Owned {
  readonly model: string
  readonly declared: Declared
  /** Names that the owner calls sensitive. */
  readonly sensitive: ReadonlySet<string>
}

/** Numbers and switches of OpenAI's requests, and of servers of its kind. */
const openaiSettings = [
  ...[
    'temperature',
    'top_p',
    'top_k',
    'min_p',
    'repetition_penalty',
    'presence_penalty',
    'frequency_penalty',
  ],
  ...[
    'seed',
    'max_tokens',
    'max_completion_tokens',
    'min_tokens',
    'n',
    'best_of',
    'echo',
    'stream',
    'logprobs',
  ],
  ...['top_logprobs', 'dimensions'],
]

const openai = ({ model }: Owned): Protocol => ({
  request: membersOf({
    ...each(openaiSettings, scalar),
    model: oneOf([model]),
    encoding_format: oneOf(['float', 'base64']),
    stream_options: membersOf({ include_usage: scalar }),
    ...each(['messages', 'prompt', 'input', 'stop', 'user'], hidden),
  }),
  response: membersOf({
    // The server wrote these.
    ...each(['id', 'object', 'created', 'model'], shown),
    usage: membersOf(each(['prompt_tokens', 'completion_tokens', 'total_tokens'], scalar)),
    ...each(['choices', 'data'], hidden),
  }),
})

/** A picture is personal under any name; texts follow their names, and those of the tensors that are made of them. */
const fieldRule = ({ declared: { inputs }, sensitive }: Owned): ((name: string) => Rule) => {
  const made = inputs.some((name) => sensitive.has(name))
  return (name) => (made || sensitive.has(name) || name === 'image' ? hidden : shown)
}

const itemRules = (owned: Owned): Readonly<Record<string, Rule>> => {
  const { fields, lists } = owned.declared
  return {
    ...each(lists, hidden),
    ...Object.fromEntries(fields.map((name) => [name, fieldRule(owned)(name)])),
  }
}

const predictRequest = (owned: Owned): Rule => {
  const { declared, sensitive } = owned
  const members = itemRules(owned)
  const item = membersOf(members)
  const bare = fieldRule(owned)(declared.fields[0] ?? '')
  const settings = declared.parameters.filter((name) => !sensitive.has(name))
  return membersOf({
    ...members,
    parameters: membersOf({ ...each(declared.lists, hidden), ...each(settings, scalar) }),
    instances: listOf((value, cover) => (typeof value === 'string' ? bare : item)(value, cover)),
  })
}

/** Members of answers that are numbers about a text, not the text. */
const figures = ['score', 'scores', 'confidence', 'start', 'end', 'index']

const answerRules = ({ declared: { labels }, sensitive }: Owned): Readonly<Record<string, Rule>> => {
  const label = oneOf(labels)
  const numbers: Rule = (value, cover) => (Array.isArray(value) ? listOf(scalar) : scalar)(value, cover)
  const rules: Readonly<Record<string, Rule>> = {
    ...each(figures, numbers),
    label,
    category: label,
    entity: label,
    entity_group: label,
    labels: listOf(label),
    probabilities: membersOf(each(labels, scalar)),
    // Written by the server.
    timestamp: shown,
    ...each(['answer', 'word', 'token_str', 'sequence', 'response', 'embedding'], hidden),
    ...each(['generated_text', 'translation_text', 'fillings'], hidden),
  }
  return {
    ...rules,
    ...each(
      Object.keys(rules).filter((name) => sensitive.has(name)),
      hidden,
    ),
  }
}

const predictAnswer = (owned: Owned): Rule => {
  const { sensitive } = owned
  const members = answerRules(owned)
  const nested = (name: string): Readonly<Record<string, Rule>> => ({
    [name]: sensitive.has(name) ? hidden : listOf(membersOf(members)),
  })
  const answer = { ...members, ...nested('entities'), ...nested('answers') }
  return membersOf({ ...answer, predictions: listOf(membersOf(answer)) })
}

const predict = (owned: Owned): Protocol => ({
  request: predictRequest(owned),
  response: predictAnswer(owned),
})

const tensors = (owned: Owned): Protocol => {
  const { declared, sensitive, model } = owned
  return {
    request: tensorRequest(declared, sensitive, { model, field: fieldRule(owned) }),
    response: tensorAnswer(declared, sensitive),
  }
}

const explain = (owned: Owned): Protocol => {
  const { declared, sensitive } = owned
  const of = { ...declared, sensitive, item: itemRules(owned), word: fieldRule(owned)('text') }
  return { request: explainRequest(of), response: explainAnswer(of) }
}

const makers: Readonly<Record<Endpoint, (owned: Owned) => Protocol>> = {
  infer: tensors,
  grpc: tensors,
  predict,
  chat: predict,
  analyze: predict,
  explain,
  completions: openai,
  'chat/completions': openai,
  embeddings: openai,
}

/** The rules of a version, each made when its address is first used. */
export const protocolsOf = (owned: Owned): ((endpoint: Endpoint) => Protocol) => {
  const made = new Map<Endpoint, Protocol>()
  return (endpoint) => {
    const known = made.get(endpoint) ?? makers[endpoint](owned)
    made.set(endpoint, known)
    return known
  }
}
