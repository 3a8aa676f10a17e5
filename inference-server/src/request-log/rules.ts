/** What may be shown of a JSON value. A rule names what it shows; everything else is covered. */
import { isObject } from '../json/json-object.ts'
import { type Cover, covered } from './cover.ts'

/** A value -> what the log holds instead. */
export type Rule = (value: unknown, cover: Cover) => unknown

export const hidden: Rule = covered

/** Shows what the server itself wrote, or the owner of the model declared not to be sensitive. */
export const shown: Rule = (value) => value

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === 'number' || typeof value === 'boolean'

/** A number, a switch or null. */
export const scalar: Rule = (value, cover) => (isScalar(value) ? value : covered(value, cover))

/** One of a closed list of texts. */
export const oneOf = (words: readonly string[]): Rule => {
  const known = new Set<unknown>(words)
  return (value, cover) => (known.has(value) ? value : covered(value, cover))
}

export const listOf =
  (rule: Rule): Rule =>
  (value, cover) =>
    Array.isArray(value) ? value.map((item) => rule(item, cover)) : covered(value, cover)

/** Member that stands for all those whose names are not known; a name that a caller chose can be a secret itself. */
const othersName = 'hidden'

/** An object, by the names of its members. */
export const membersOf = (rules: Readonly<Record<string, Rule>>): Rule => {
  const byName = new Map(Object.entries(rules))
  return (value, cover) => {
    if (!isObject(value)) return covered(value, cover)
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    const others = members.filter(([name]) => !byName.has(name))
    const known = members.flatMap(([name, member]) => {
      const rule = byName.get(name)
      return rule ? [[name, rule(member, cover)] as const] : []
    })
    const rest = others.length > 0 && [[othersName, covered(Object.fromEntries(others), cover)] as const]
    return Object.fromEntries([...known, ...(rest || [])])
  }
}

/** The same rule for several names. */
export const each = (names: readonly string[], rule: Rule): Readonly<Record<string, Rule>> =>
  Object.fromEntries(names.map((name) => [name, rule]))
