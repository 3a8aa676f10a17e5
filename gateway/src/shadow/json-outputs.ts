/** Outputs of an answer in JSON, such as those of /predict and OpenAI's addresses. */
import { type Output, UnreadableAnswer } from './output.ts'

type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Members that say when it was answered, or that are the same whatever the model says. */
const notAnswers: ReadonlySet<string> = new Set(['timestamp', 'disclaimer'])
/** Places in a text; a place beside the right one is another answer. */
const places: ReadonlySet<string> = new Set(['start', 'end', 'index'])
/** Lists of alternatives, the best one first. */
const alternatives: ReadonlySet<string> = new Set(['fillings', 'answers'])

interface Numbers {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

const numberOf = (value: unknown): number | undefined => {
  if (value === null) return Number.NaN
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
}

/** Lists and objects within each other. Values of tensors have some eight axes; each level costs a look at all that is in it. */
const mostLevels = 32

/**
 * Numbers of a list of any depth whose rows are of one length; undefined for other lists.
 * @throws UnreadableAnswer for one that is too deep
 */
const numbersOf = (value: unknown, levels = mostLevels): Numbers | undefined => {
  if (!Array.isArray(value)) {
    const number = numberOf(value)
    return number === undefined ? undefined : { shape: [], values: [number] }
  }
  if (levels === 0) throw new UnreadableAnswer(`lists of more than ${mostLevels} levels`)
  const rows = value.map((row) => numbersOf(row, levels - 1))
  const [first] = rows
  if (!first) return undefined
  const shape = String(first.shape)
  if (!rows.every((row) => row !== undefined && String(row.shape) === shape)) return undefined
  return { shape: [rows.length, ...first.shape], values: rows.flatMap((row) => row?.values ?? []) }
}

/** A flat list of numbers is one vector. */
const asRows = (shape: readonly number[]): readonly number[] =>
  shape.length === 1 ? [1, shape[0] as number] : shape

interface Where {
  readonly name: string
  /** Lists and objects that it stands in. */
  readonly level?: number
  /** Name of the nearest member. */
  readonly member: string
  readonly place?: number | undefined
}

const nextLevel = ({ name, level = 0 }: Where): number => {
  if (level === mostLevels) throw new UnreadableAnswer(`${name} stands in more than ${mostLevels} levels`)
  return level + 1
}

const within = (where: Where, member: string): Where => {
  const { name, place } = where
  return { name: name === '' ? member : `${name}.${member}`, member, place, level: nextLevel(where) }
}

const listOutputs = (list: readonly unknown[], where: Where): readonly Output[] => {
  const { name, member, place } = where
  const level = nextLevel(where)
  if (list.length > 0 && list.every((one) => typeof one === 'string')) {
    const values = list as readonly string[]
    return [{ name, kind: 'text', shape: [1, values.length], values, place }]
  }
  const count: Output = { name: `${name}.length`, kind: 'whole', shape: [], values: [BigInt(list.length)] }
  return [
    ...(alternatives.has(member) ? [] : [count]),
    ...list.flatMap((one, at) =>
      jsonOutputs(one, {
        ...{ name: `${name}[${at}]`, member, level },
        // A text of several hidden words has a list for each, so that the place is that of the inner list.
        place: alternatives.has(member) && !Array.isArray(one) ? at : place,
      }),
    ),
  ]
}

/** @throws UnreadableAnswer for what is no value of JSON */
export const jsonOutputs = (value: unknown, where: Where = { name: '', member: '' }): readonly Output[] => {
  const { name, member, place } = where
  const whole = (number: bigint): Output => ({ name, kind: 'whole', shape: [], values: [number], place })
  if (typeof value === 'string') return [{ name, kind: 'text', shape: [], values: [value], place }]
  if (typeof value === 'boolean') return [whole(value ? 1n : 0n)]
  if (typeof value === 'number' && places.has(member) && Number.isInteger(value))
    return [whole(BigInt(value))]
  const numbers = numbersOf(value)
  if (numbers) return [{ name, kind: 'float', shape: asRows(numbers.shape), values: numbers.values, place }]
  if (Array.isArray(value)) return listOutputs(value, where)
  if (!isObject(value)) throw new UnreadableAnswer(`${name} is no value of JSON`)
  return Object.entries(value).flatMap(([key, one]) =>
    notAnswers.has(key) ? [] : jsonOutputs(one, within(where, key)),
  )
}

/** Vectors as base64 of float32, little-endian. */
const decodedVector = (text: string): readonly number[] => {
  const bytes = Buffer.from(text, 'base64')
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(4 * at))
}

const listOf = (value: unknown, name: string): readonly Json[] => {
  if (Array.isArray(value) && value.every(isObject)) return value
  throw new UnreadableAnswer(`the answer has no list ${name}`)
}

/** Vectors of OpenAI's embeddings. @throws UnreadableAnswer */
export const embeddingOutputs = (answer: unknown): readonly Output[] =>
  listOf(isObject(answer) ? answer['data'] : undefined, 'data').flatMap(({ embedding }, at) =>
    jsonOutputs(typeof embedding === 'string' ? decodedVector(embedding) : embedding, {
      ...{ name: `data[${at}].embedding`, member: 'embedding' },
    }),
  )

/** Texts of OpenAI's completions; ids, times and counts of tokens are no answer. @throws UnreadableAnswer */
export const completionOutputs = (answer: unknown): readonly Output[] => {
  const choices = listOf(isObject(answer) ? answer['choices'] : undefined, 'choices')
  const count: Output = { name: 'choices.length', kind: 'whole', shape: [], values: [BigInt(choices.length)] }
  const texts = choices.flatMap(({ text, message, finish_reason }, at) => {
    const said = isObject(message) ? { content: message['content'] } : { text }
    return jsonOutputs(
      { ...said, ...(typeof finish_reason === 'string' && { finish_reason }) },
      { name: `choices[${at}]`, member: 'choices' },
    )
  })
  return [count, ...texts]
}
