/** Reads the members of a parsed YAML value and notes what is wrong with each, by the path of its field. */
import { quoted } from '@gantry/contract/plain-text.ts'

export interface SheetReader {
  readonly has: (field: string) => boolean
  /** Notes every other field as unknown. */
  readonly only: (fields: readonly string[]) => void
  /** A text that is not empty; '' after a mistake. */
  readonly text: (field: string) => string
  /** Texts by name; none where the field is absent, or after a mistake. */
  readonly texts: (field: string) => Readonly<Record<string, string>>
  /** A decimal of zero or more; 0 after a mistake. */
  readonly price: (field: string) => number
  readonly object: (field: string) => SheetReader
  /** Its elements; none where the field is absent, or after a mistake. */
  readonly list: (field: string) => readonly SheetReader[]
  readonly problem: (field: string, what: string) => void
}

/** More rules than any cluster has kinds of machines; a pass looks at all of them. */
const mostElements = 500

/** Up to nine digits before and after the point: far finer than a cent, and exact enough in a double. */
const decimal = /^\d{1,9}(\.\d{1,9})?$/

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a mapping' : `"${quoted(String(value))}"`
}

/** YAML writes a number as 0.25 or as "0.25". A number has no other form here: 1e3 and 0x10 are read by people as something else. */
const priceOf = (value: unknown): number | undefined => {
  const isNumber = typeof value === 'number'
  if (!isNumber && typeof value !== 'string') return undefined
  // Small numbers are written as 1e-7 by String().
  const text =
    isNumber && Number.isFinite(value) && value < 1e-6 && value > 0 ? value.toFixed(9) : String(value)
  return decimal.test(text) ? Number(text) : undefined
}

/**
 * @param path of the value; '' for the sheet itself
 * @param problems gathers one sentence for each mistake
 */
export const sheetReader = (value: unknown, problems: string[], path = ''): SheetReader => {
  const pathOf = (field: string): string => (path === '' ? field : `${path}.${field}`)
  const problem = (field: string, what: string): void => void problems.push(`${pathOf(field)}: ${what}`)
  const members = isMapping(value) ? value : {}
  if (!isMapping(value)) problems.push(`${path || 'the sheet'}: it is ${shown(value)} and must be a mapping`)
  const has = (field: string): boolean => Object.hasOwn(members, field)
  const at = (field: string): unknown => (has(field) ? members[field] : undefined)

  const text = (field: string): string => {
    const given = at(field)
    if (typeof given === 'string' && given.trim() !== '') return given
    problem(field, has(field) ? `it is ${shown(given)} and must be a text` : 'it is missing')
    return ''
  }
  const texts = (field: string): Readonly<Record<string, string>> => {
    if (!has(field)) return {}
    const given = at(field)
    if (!isMapping(given)) {
      problem(field, `it is ${shown(given)} and must be a mapping of names to texts`)
      return {}
    }
    const entries = Object.entries(given)
    for (const [name, one] of entries)
      if (typeof one !== 'string')
        problem(`${field}.${quoted(name)}`, `it is ${shown(one)} and must be a text; put it in quotes`)
    // A list of aliases of lists would be a text of any length.
    return Object.fromEntries(entries.map(([name, one]) => [name, typeof one === 'string' ? one : '']))
  }
  const price = (field: string): number => {
    const given = at(field)
    const number = priceOf(given)
    if (number !== undefined) return number
    const form =
      'must be a decimal of zero or more with at most nine digits before and after the point, such as 0.25'
    problem(field, has(field) ? `it is ${shown(given)} and ${form}` : 'it is missing')
    return 0
  }
  const list = (field: string): readonly SheetReader[] => {
    const given = has(field) ? at(field) : []
    if (!Array.isArray(given) || given.length > mostElements) {
      problem(
        field,
        Array.isArray(given)
          ? `it has ${given.length} elements, and ${mostElements} are allowed`
          : `it is ${shown(given)} and must be a list`,
      )
      return []
    }
    if (has(field) && given.length === 0)
      problem(field, 'it is an empty list; leave the field out, or give a price')
    return given.map((one, index) => sheetReader(one, problems, `${pathOf(field)}[${index}]`))
  }
  return {
    ...{ has, text, texts, price, list, problem },
    only: (fields) => {
      for (const name of Object.keys(members))
        if (!fields.includes(name))
          problem(quoted(name), `there is no such field; there is ${fields.join(', ')}`)
    },
    object: (field) => sheetReader(at(field), problems, pathOf(field)),
  }
}
