import { Failure } from '../failures/errors.ts'
import type { Members, PathOf } from '../requests/members.ts'
import { kindOf, readText } from './text/texts.ts'

/** Least and most, both allowed. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Reads the parameters of one request; each reader returns the fallback where its parameter is missing. */
export interface ParameterReader {
  readonly whole: <Fallback>(name: string, range: Range, fallback: Fallback) => number | Fallback
  readonly flag: (name: string, fallback: boolean) => boolean
  readonly choice: <Choice extends string>(
    name: string,
    choices: readonly Choice[],
    fallback: Choice,
  ) => Choice
  /** A list of texts, or one text with commas between. */
  readonly list: (name: string, count: Range) => readonly string[] | undefined
}

const missing = (value: unknown): boolean => value === undefined || value === null || value === ''

/** @throws Failure, from each reader, naming the parameter that is wrong */
export const parameterReader = (members: Members, pathOf: PathOf): ParameterReader => {
  const wrong = (name: string, wanted: string): Failure => {
    const field = pathOf(name)
    return new Failure('invalid', `${field} has to be ${wanted}`, { field })
  }
  return {
    whole: (name, { from, to }, fallback) => {
      const value = members[name]
      if (missing(value)) return fallback
      const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
      if (Number.isInteger(number) && Number(number) >= from && Number(number) <= to) return Number(number)
      throw wrong(name, `a whole number from ${from} to ${to}`)
    },
    flag: (name, fallback) => {
      const value = members[name]
      if (missing(value)) return fallback
      if (value === true || value === 'true') return true
      if (value === false || value === 'false') return false
      throw wrong(name, 'true or false')
    },
    choice: (name, choices, fallback) => {
      const value = members[name]
      if (missing(value)) return fallback
      const found = choices.find((choice) => choice === value)
      if (found !== undefined) return found
      throw wrong(name, `one of ${choices.join(', ')}`)
    },
    list: (name, { from, to }) => {
      const value = members[name]
      if (missing(value)) return undefined
      const texts = textList(value, pathOf(name))
      if (texts.length >= from && texts.length <= to) return texts
      throw wrong(name, `a list of ${from} to ${to} texts, not of ${texts.length}`)
    },
  }
}

const textList = (value: unknown, field: string): readonly string[] => {
  if (typeof value === 'string')
    return value
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '')
  if (Array.isArray(value)) return value.map((text, index) => readText(text, `${field}[${index}]`))
  throw new Failure('invalid', `${field} has to be a list of texts, not ${kindOf(value)}`, { field })
}
