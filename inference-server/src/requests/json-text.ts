/** JSON whose objects may be Maps: members keep their order under all names, whole numbers too. */

import { inTurns } from '../process/turns.ts'
import { checkAnswer } from './answer-size.ts'

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null

const member = (name: string, value: unknown): string => `${JSON.stringify(name)}:${jsonText(value)}`

/** @param value as JSON.stringify takes it, with a Map where an object has names from outside */
export const jsonText = (value: unknown): string => {
  if (value instanceof Map) return `{${Array.from(value, ([name, one]) => member(name, one)).join(',')}}`
  if (Array.isArray(value) && value.some(isNested)) return `[${value.map(jsonText).join(',')}]`
  if (!isNested(value) || Array.isArray(value)) return JSON.stringify(value)
  const members = Object.entries(value as object).filter(([, one]) => one !== undefined)
  return `{${members.map(([name, one]) => member(name, one)).join(',')}}`
}

export interface ListOptions {
  /** Most bytes of the list. */
  readonly mostBytes: number
  /** What a request may make smaller, for the sentence. */
  readonly field: string
  readonly nowMs: () => number
}

/**
 * The text of a list, value by value, so that probes and others come between.
 * @throws Failure too-large
 */
export const jsonList = async <Value>(
  values: readonly Value[],
  make: (value: Value) => unknown,
  { mostBytes, field, nowMs }: ListOptions,
): Promise<string> => {
  let characters = 0
  const one = (value: Value): string => {
    const text = jsonText(make(value))
    characters += text.length
    checkAnswer(characters, mostBytes, field)
    return text
  }
  return `[${(await inTurns(values, one, { atATime: 64, nowMs })).join(',')}]`
}
