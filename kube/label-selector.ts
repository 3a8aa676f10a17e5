/** Label selectors as Kubernetes writes them in queries: `app=web,tier in (a, b),!old`. */

/** One requirement of a selector: a label, and the values that it must or must not have. */
export interface Requirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | 'exists' | 'absent'
  /** Empty for `exists` and `absent`. */
  readonly values: readonly string[]
}

const name = '[A-Za-z0-9][-A-Za-z0-9_./]*'
const value = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?'
const equality = new RegExp(`^(${name})\\s*(==|=|!=)\\s*(${value})$`)
/** The values are looked at one by one: in an expression for all of them, spaces would belong to either neighbour. */
const membership = new RegExp(`^(${name})\\s+(in|notin)\\s*\\(([^()]*)\\)$`)
const member = new RegExp(`^${value}$`)
const existence = new RegExp(`^(!?)\\s*(${name})$`)

/** The parts between commas; those within parentheses belong to one part. */
const partsOf = (text: string): readonly string[] => text.split(/,(?![^(]*\))/).map((part) => part.trim())

const requirementOf = (part: string): Requirement | undefined => {
  const [, key = '', sign, one = ''] = equality.exec(part) ?? []
  if (sign) return { key, operator: sign === '!=' ? 'notin' : 'in', values: [one] }
  const [, label = '', operator, list = ''] = membership.exec(part) ?? []
  if (operator === 'in' || operator === 'notin') {
    const values = list.split(',').map((each) => each.trim())
    return values.every((each) => member.test(each)) ? { key: label, operator, values } : undefined
  }
  const [, not, present] = existence.exec(part) ?? []
  return present === undefined ? undefined : { key: present, operator: not ? 'absent' : 'exists', values: [] }
}

/** Selectors of controllers have a few labels; a longer one is no selector. */
const mostCharacters = 4096

/** @returns no requirements for an empty text, which selects all; undefined for a text that is no selector */
export const parseSelector = (text: string): readonly Requirement[] | undefined => {
  if (text.trim() === '') return []
  if (text.length > mostCharacters) return undefined
  const requirements = partsOf(text).map(requirementOf)
  return requirements.every((one) => one !== undefined) ? requirements : undefined
}

const isMet = ({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean => {
  const has = Object.hasOwn(labels, key)
  const found = has ? labels[key] : undefined
  switch (operator) {
    case 'in':
      return found !== undefined && values.includes(found)
    case 'notin':
      return found === undefined || !values.includes(found)
    case 'exists':
      return has
    case 'absent':
      return !has
  }
}

/** Whether an object with these labels is selected. */
export const isSelected = (
  requirements: readonly Requirement[],
  labels: Readonly<Record<string, string>> = {},
): boolean => requirements.every((requirement) => isMet(requirement, labels))
