/** What an installation gives the imports of all models: the chart's value `imports`. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { isObject } from './json-object.ts'
import type { Quantities, Resources } from './quantities.ts'
import { parseQuantity } from './quantity.ts'

export interface ImportConfig {
  /** Of an import's container, where spec.storage.import.resources says nothing else. */
  readonly resources: Resources
}

/** The chart has the same; a test compares the two. */
export const defaultImportConfig: ImportConfig = Object.freeze({
  resources: Object.freeze({
    requests: Object.freeze({ cpu: '100m', memory: '128Mi' }),
    limits: Object.freeze({ memory: '1Gi' }),
  }),
})

const parse = (key: string, text: string, problems: string[]): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
    problems.push(`${key} is not an object`)
  } catch {
    problems.push(`${key} is not JSON`)
  }
  return {}
}

const quantitiesOf = (key: string, part: string, value: unknown, problems: string[]): Quantities => {
  if (value === undefined || value === null) return {}
  if (!isObject(value)) {
    problems.push(`${key} has no quantities by resource name in ${part}`)
    return {}
  }
  for (const [name, amount] of Object.entries(value)) {
    if ((parseQuantity(amount) ?? -1) >= 0) continue
    problems.push(`${key} has ${part}.${plainText(name, 100)}, which is no quantity such as 500m or 2Gi`)
  }
  return Object.freeze(value as Quantities)
}

const parts = ['requests', 'limits'] as const

const resourcesOf = (key: string, text: string, problems: string[]): Resources => {
  const given = parse(key, text, problems)
  for (const name of Object.keys(given)) {
    const isKnown = parts.some((part) => part === name)
    if (!isKnown) problems.push(`${key} has "${plainText(name, 100)}": there are ${parts.join(', ')}`)
  }
  const [requests, limits] = parts.map((part) => quantitiesOf(key, part, given[part], problems))
  const resources = { requests: requests ?? {}, limits: limits ?? {} }
  for (const [name, amount] of Object.entries(resources.requests)) {
    const [asked, most] = [parseQuantity(amount), parseQuantity(resources.limits[name])]
    if (asked === undefined || most === undefined || asked <= most) continue
    problems.push(`${key} has requests.${plainText(name, 100)} above its limit`)
  }
  return Object.freeze(resources)
}

/**
 * @param text of an environment variable, undefined where it is not set
 * @param problems takes a sentence for each mistake
 */
export const readImportConfig = (
  text: (key: string) => string | undefined,
  problems: string[],
): ImportConfig => {
  const resources = text('IMPORT_RESOURCES')
  return Object.freeze({
    resources:
      resources === undefined
        ? defaultImportConfig.resources
        : resourcesOf('IMPORT_RESOURCES', resources, problems),
  })
}
