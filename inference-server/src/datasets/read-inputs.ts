/** Inputs of a sample, by the task that reads them. */
import type { Task } from '@gantry/contract/server.ts'
import { quotedText } from '../failures/shown-text.ts'
import { isObject, type JsonObject } from '../json/json-object.ts'
import { invalidLine } from './dataset-error.ts'
import { pictureFile } from './pictures.ts'
import { mostDepth, type RecordInputs } from './record.ts'
import type { Elements, SampleInputs, Span } from './sample.ts'
import { joined, wordsOf } from './words.ts'

/** Members of an item of /predict, the main one first; none for models of raw tensors. */
const fieldsByTask: Readonly<Record<Task, readonly string[]>> = {
  tensor: [],
  'text-classification': ['text'],
  'token-classification': ['text'],
  'question-answering': ['question', 'context'],
  'feature-extraction': ['text'],
  'zero-shot-classification': ['text'],
  'fill-mask': ['text'],
  'text-generation': ['text'],
  'code-generation': ['text'],
  translation: ['text'],
  'image-classification': ['image'],
  'zero-shot-image-classification': ['image'],
  'image-to-text': ['image'],
}

export const fieldsOf = (task: Task): readonly string[] => fieldsByTask[task]

/** Tasks whose items name the classes to choose from. Where they name none, all classes of the data set are meant. */
export const takesCandidateLabels = (task: Task): boolean => task.startsWith('zero-shot-')

export interface InputsContext {
  readonly line: number
  readonly task: Task
  /** The folder that pictures are relative to. */
  readonly folder: string
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** A value that is no list, as an element. */
const elementOf = (value: unknown): number | string | undefined => {
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'boolean') return Number(value)
  return value === null ? Number.NaN : undefined
}

/** Elements of a tensor, from lists in lists, row-major. @param path for the error */
const elementsOf = (value: unknown, path: string, line: number): Elements => {
  const elements: (number | string)[] = []
  const addList = (list: readonly unknown[], room: number): void => {
    if (room === 0) throw invalidLine(line, `${path} is nested deeper than ${mostDepth} lists`)
    for (const item of list)
      if (Array.isArray(item)) addList(item, room - 1)
      else add(elementOf(item))
  }
  const add = (element: number | string | undefined): void => {
    if (element === undefined) throw invalidLine(line, `${path} must be a list of numbers or texts`)
    elements.push(element)
  }
  addList(Array.isArray(value) ? value : [value], mostDepth)
  if (elements.length === 0) throw invalidLine(line, `${path} has no elements`)
  return elements
}

const tensorInputs = (value: unknown, line: number): SampleInputs => {
  if (Array.isArray(value) || typeof value === 'number')
    return { kind: 'elements', elements: elementsOf(value, 'inputs', line) }
  if (!isObject(value))
    throw invalidLine(line, 'inputs must be a list of numbers, or {"name of an input": numbers, …}')
  const names = Object.entries(value)
  if (names.length === 0) throw invalidLine(line, 'inputs has no members')
  const named = names.map(
    ([name, item]) => [name, elementsOf(item, `inputs.${quotedText(name)}`, line)] as const,
  )
  return { kind: 'named', named: new Map(named) }
}

/** The members of an item, from a text or an object. */
const membersOf = (value: unknown, { line, task }: InputsContext): JsonObject => {
  const [main = '', ...others] = fieldsOf(task)
  if (typeof value === 'string' && others.length === 0) return { [main]: value }
  if (!isObject(value)) {
    const form = [main, ...others].map((field) => `"${field}": …`).join(', ')
    throw invalidLine(line, `inputs must be ${others.length === 0 ? 'a text or ' : ''}{${form}}`)
  }
  const known = [...fieldsOf(task), ...(takesCandidateLabels(task) ? ['candidate_labels'] : [])]
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw invalidLine(
      line,
      `inputs.${quotedText(unknown)} is no member of task ${task}, which has ${known.join(', ')}`,
    )
  return value
}

const candidateLabels = (value: unknown, line: number): readonly string[] => {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isText))
    throw invalidLine(line, 'inputs.candidate_labels must be a list of texts')
  return value
}

const memberInputs = async (value: unknown, context: InputsContext): Promise<SampleInputs> => {
  const { line, task, folder } = context
  const given = membersOf(value, context)
  const members: Record<string, string | readonly string[]> = {}
  for (const field of fieldsOf(task)) {
    const member = given[field]
    if (!isText(member)) throw invalidLine(line, `inputs.${field} must be a text that is not empty`)
    members[field] = member
  }
  const labels = given['candidate_labels'] ?? undefined
  if (labels !== undefined) members['candidate_labels'] = candidateLabels(labels, line)
  const { image, ...texts } = members
  if (image === undefined) return { kind: 'members', members }
  return { kind: 'members', members: texts, picture: await pictureFile(folder, String(image), line) }
}

/** @throws DatasetError that names the line and the member */
export const readInputs = async (inputs: RecordInputs, context: InputsContext): Promise<SampleInputs> => {
  if (inputs.kind === 'row') return { kind: 'row', columns: inputs.columns, elements: inputs.cells }
  return context.task === 'tensor'
    ? tensorInputs(inputs.value, context.line)
    : memberInputs(inputs.value, context)
}

/** A text whose words have tags: a text, whose words stand between white space, or the list of its words. */
export interface TaggedText {
  readonly text: string
  readonly words: readonly Span[]
}

/** @throws DatasetError */
export const readTaggedText = (value: unknown, line: number): TaggedText => {
  const given = isObject(value) ? value['text'] : value
  if (isText(given)) return { text: given, words: wordsOf(given) }
  if (!Array.isArray(given) || given.length === 0 || !given.every(isText))
    throw invalidLine(line, 'inputs must be a text or a list of words that are not empty')
  const { text, places } = joined(given)
  return { text, words: places }
}
