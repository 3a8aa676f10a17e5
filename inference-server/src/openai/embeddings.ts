/** OpenAI's embeddings, out of a model of task feature-extraction. */
import { Failure } from '../failures/errors.ts'
import { jsonList, type ListOptions } from '../requests/json-text.ts'
import type { Members } from '../requests/members.ts'
import type { Usage } from '../requests/usage.ts'
import type { LoadedTask, TaskItem, TaskResult } from '../tasks/task.ts'
import { kindOf } from '../tasks/text/texts.ts'
import { modelUsage } from './answer.ts'

/** A checked request. */
export interface EmbeddingRequest {
  readonly items: readonly TaskItem[]
  /** Whether a vector comes as base64 of its float32, little-endian: a quarter of the bytes of its digits. */
  readonly base64: boolean
}

/** Most texts in one call, as OpenAI has it; its clients cut longer lists by that. */
const maxInputs = 2048

type Reader = Pick<LoadedTask, 'read' | 'readTokens'>

const wrongInput = (field: string, wanted: string, found: unknown): Failure =>
  new Failure('invalid', `${field} has to be ${wanted}, not ${kindOf(found)}`, { field })

/** Tokenized when its turn comes: hundreds of long texts would block the thread. */
const textItem = (value: unknown, field: string, task: Reader): TaskItem => {
  if (typeof value !== 'string') throw wrongInput(field, 'a text', value)
  return () => task.read({ text: value }, () => field)()
}

/** Ids of tokens instead of a text, as LangChain sends them. */
const tokensItem = (value: unknown, field: string, { readTokens }: Reader): TaskItem => {
  if (!Array.isArray(value)) throw wrongInput(field, 'a list of token ids', value)
  const wrong = value.findIndex((id) => typeof id !== 'number')
  if (wrong >= 0) throw wrongInput(`${field}[${wrong}]`, 'a token id', value[wrong])
  if (readTokens) return readTokens(value, field)
  throw wrongInput(field, 'a text', value)
}

/** What the first of a list is, all are: texts, ids of one text, or lists of ids. @throws Failure */
const readInputs = (input: unknown, task: Reader): readonly TaskItem[] => {
  if (!Array.isArray(input)) return [textItem(input, 'input', task)]
  if (typeof input[0] === 'number') return [tokensItem(input, 'input', task)]
  if (input.length === 0 || input.length > maxInputs)
    throw new Failure(
      'invalid',
      `input has to be a text, a list of token ids, or a list of 1 to ${maxInputs} of either`,
      {
        field: 'input',
      },
    )
  const itemOf = Array.isArray(input[0]) ? tokensItem : textItem
  return input.map((value, index) => itemOf(value, `input[${index}]`, task))
}

/** @throws Failure naming the member that is wrong */
export const readEmbeddings = (members: Members, task: Reader): EmbeddingRequest => {
  const { input, encoding_format: format = 'float', dimensions } = members
  if (format !== 'float' && format !== 'base64')
    throw new Failure('invalid', 'encoding_format has to be float or base64', { field: 'encoding_format' })
  if (dimensions !== undefined && dimensions !== null)
    throw new Failure('invalid', 'dimensions is not supported by this server; leave it out', {
      field: 'dimensions',
    })
  if (input === undefined || input === null)
    throw new Failure('invalid', 'input is missing', { field: 'input' })
  return { items: readInputs(input, task), base64: format === 'base64' }
}

const littleEndian = (vector: Float32Array): string => {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes.toString('base64')
}

/** Answer to POST /v1/embeddings, JSON. @throws Failure too-large */
export const embeddingsAnswer = async (
  model: string,
  results: readonly TaskResult[],
  {
    base64,
    promptTokens,
    ...list
  }: Pick<EmbeddingRequest, 'base64'> & Pick<Usage, 'promptTokens'> & ListOptions,
): Promise<string> => {
  const vectorOf = ([index, result]: readonly [number, TaskResult]) => {
    const vector = result.tensors().get('embedding')?.data as Float32Array
    return { object: 'embedding', index, embedding: base64 ? littleEndian(vector) : Array.from(vector) }
  }
  const data = await jsonList([...results.entries()], vectorOf, list)
  const usage = JSON.stringify(modelUsage(promptTokens))
  return `{"object":"list","model":${JSON.stringify(model)},"data":${data},"usage":${usage}}`
}
