/** JSON whose objects may be Maps: members keep their order, whatever they are called. */

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
