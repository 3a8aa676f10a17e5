/** OpenAI's embeddings, out of a model of task feature-extraction. */
import { Failure } from '../errors.ts'
import type { LoadedTask, Members, TaskItem, TaskResult } from '../tasks/task.ts'
import { kindOf } from '../tasks/texts.ts'
import type { Usage } from '../usage.ts'
import { modelUsage } from './answer.ts'

/** A checked request. */
export interface EmbeddingRequest {
  readonly items: readonly TaskItem[]
  /** Whether a vector comes as base64 of its float32, little-endian: a quarter of the bytes of its digits. */
  readonly base64: boolean
}

/** Most texts in one call. */
const maxInputs = 256

/** @throws Failure naming the member that is wrong */
export const readEmbeddings = (members: Members, task: Pick<LoadedTask, 'read'>): EmbeddingRequest => {
  const { input, encoding_format: format = 'float', dimensions } = members
  if (format !== 'float' && format !== 'base64')
    throw new Failure('invalid', 'encoding_format has to be float or base64', { field: 'encoding_format' })
  if (dimensions !== undefined && dimensions !== null)
    throw new Failure('invalid', 'dimensions is not supported by this server; leave it out', {
      field: 'dimensions',
    })
  if (input === undefined || input === null)
    throw new Failure('invalid', 'input is missing', { field: 'input' })
  const inputs: readonly unknown[] = Array.isArray(input) ? input : [input]
  if (inputs.length === 0 || inputs.length > maxInputs)
    throw new Failure('invalid', `input has to be a text or a list of 1 to ${maxInputs} texts`, {
      field: 'input',
    })
  const items = inputs.map((text, index) => {
    const field = Array.isArray(input) ? `input[${index}]` : 'input'
    if (typeof text !== 'string')
      throw new Failure('invalid', `${field} has to be a text, not ${kindOf(text)}`, { field })
    // Read when its turn comes: hundreds of long texts would hold the thread.
    return () => task.read({ text }, () => field)()
  })
  return { items, base64: format === 'base64' }
}

const littleEndian = (vector: Float32Array): string => {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes.toString('base64')
}

/** Answer to POST /v1/embeddings. */
export const embeddingsAnswer = (
  model: string,
  results: readonly TaskResult[],
  { base64, promptTokens }: Pick<EmbeddingRequest, 'base64'> & Pick<Usage, 'promptTokens'>,
) => ({
  object: 'list',
  model,
  data: results.map((result, index) => {
    const vector = result.tensors().get('embedding')?.data as Float32Array
    return { object: 'embedding', index, embedding: base64 ? littleEndian(vector) : Array.from(vector) }
  }),
  usage: modelUsage(promptTokens),
})
