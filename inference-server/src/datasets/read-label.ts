/** Labels, by their kind. */
import { isObject, type JsonObject } from '../json/json-object.ts'
import { invalidLine } from './dataset-error.ts'
import type { EntitySpan, Label, LabelKind } from './sample.ts'
import { lengthOf } from './words.ts'

export interface LabelContext {
  readonly line: number
  readonly kind: LabelKind
  /** The text that entities are places in. */
  readonly text: string
}

const isNumeral = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)

const refuseUnlessFinite = (value: number, line: number): void => {
  if (!Number.isFinite(value)) throw invalidLine(line, `label is ${value}; it must be a finite number`)
}

const readClass = (value: unknown, line: number): Label => {
  if (typeof value === 'number') refuseUnlessFinite(value, line)
  if (!['string', 'number', 'boolean'].includes(typeof value))
    throw invalidLine(line, 'label must be the name of a class, a text or a number')
  if (value === '') throw invalidLine(line, 'label is empty')
  return { kind: 'class', name: String(value) }
}

const wordNumbers = new Set(['nan', 'inf', '-inf', '+inf', 'infinity', '-infinity', '+infinity'])

const readNumber = (value: unknown, line: number): Label => {
  if (typeof value === 'string' && wordNumbers.has(value.trim().toLowerCase()))
    throw invalidLine(line, `label is ${value.trim()}; it must be a finite number`)
  const number = typeof value === 'string' && isNumeral(value.trim()) ? Number(value) : value
  if (typeof number !== 'number') throw invalidLine(line, 'label must be a number')
  refuseUnlessFinite(number, line)
  return { kind: 'number', value: number }
}

/** A list, a text alone, or SQuAD's `{"text": […]}`. */
const textsOf = (value: unknown): unknown => {
  const given = isObject(value) ? value['text'] : value
  return typeof given === 'string' ? [given] : given
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((text) => typeof text === 'string')

/** @param none whether there may be no text at all: a question without an answer */
const readTexts = (value: unknown, line: number, none: boolean): Label => {
  const texts = textsOf(value)
  if (!isTexts(texts)) throw invalidLine(line, 'label must be a text or a list of texts')
  const said = texts.filter((text) => text !== '')
  if (!none && said.length < Math.max(1, texts.length)) throw invalidLine(line, 'label has an empty text')
  return { kind: 'texts', texts: said }
}

/** What seqeval reads: the outside, or the place in an entity and its type. */
const isTag = (value: unknown): boolean => typeof value === 'string' && /^(O|[BIES]|[BIES]-.+)$/.test(value)

const isSpan = (value: JsonObject, length: number): boolean => {
  const { start, end } = value
  return (
    Number.isInteger(start) &&
    Number.isInteger(end) &&
    0 <= Number(start) &&
    Number(start) < Number(end) &&
    Number(end) <= length
  )
}

const readEntity = (value: unknown, at: number, { line, text }: LabelContext): EntitySpan => {
  const type = isObject(value) ? (value['entity'] ?? value['entity_group']) : undefined
  if (!isObject(value) || typeof type !== 'string' || type === '')
    throw invalidLine(line, `label[${at}] must be {"entity": …, "start": …, "end": …}`)
  if (!isSpan(value, lengthOf(text)))
    throw invalidLine(
      line,
      `label[${at}] has start and end outside of the text; they count characters, and end is behind the last one`,
    )
  return { type, start: Number(value['start']), end: Number(value['end']) }
}

/** Whether a label of token-classification is a list of tags, one for each word. */
export const isTagList = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.length > 0 && !isObject(value[0])

/** @throws DatasetError */
export const readTags = (value: readonly unknown[], words: number, line: number): readonly string[] => {
  const wrong = value.findIndex((tag) => !isTag(tag))
  if (wrong >= 0)
    throw invalidLine(
      line,
      `label[${wrong}] is no tag: O, or B-, I-, E- or S- and a type; where L- and U- are used, write E- and S-`,
    )
  if (value.length !== words) throw invalidLine(line, `label has ${value.length} tags for ${words} words`)
  return value.map(String)
}

const readEntities = (value: unknown, context: LabelContext): Label => {
  if (!Array.isArray(value))
    throw invalidLine(context.line, 'label must be a list of tags or of {"entity": …, "start": …, "end": …}')
  return { kind: 'entities', entities: value.map((entity, at) => readEntity(entity, at, context)) }
}

const readRelevant = (value: unknown, line: number): Label => {
  const ids = (Array.isArray(value) ? value : [value]).map((id) => (typeof id === 'number' ? String(id) : id))
  if (ids.length === 0 || !isTexts(ids) || ids.includes(''))
    throw invalidLine(line, 'label must be the id of a document or a list of ids')
  return { kind: 'relevant', documents: [...new Set(ids)] }
}

/** @throws DatasetError that names the line */
export const readLabel = (value: unknown, context: LabelContext): Label => {
  const { line, kind } = context
  if (value === undefined) throw invalidLine(line, 'label is missing')
  switch (kind) {
    case 'class':
      return readClass(value, line)
    case 'number':
      return readNumber(value, line)
    case 'texts':
      return readTexts(value, line, false)
    case 'answers':
      return readTexts(value, line, true)
    case 'entities':
      return readEntities(value, context)
    case 'relevant':
      return readRelevant(value, line)
  }
}
