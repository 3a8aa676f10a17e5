/** The settings file of `serve`, over which options of the command line win. */
import { readFileSync } from 'node:fs'
import { isObject, parseJsonText } from '../json/json-object.ts'
import { type Flag, type Flags, shown, wrong } from './serve-options.ts'

export type Settings = Readonly<Record<string, unknown>>

export const readSettings = (path: string | undefined): Settings => {
  if (path === undefined) return {}
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    throw wrong(`the settings file ${path} cannot be read: ${(error as Error).message}`)
  }
  try {
    const settings: unknown = parseJsonText(content)
    if (isObject(settings)) return settings
  } catch (error) {
    throw wrong(`the settings file ${path} is not JSON: ${(error as Error).message}`)
  }
  throw wrong(`the settings file ${path} must hold a JSON object`)
}

/** @throws StartError where the member is there and no object */
export const sectionOf = (settings: Settings, member: string): Settings => {
  const section = settings[member] ?? {}
  if (isObject(section)) return section
  throw wrong(`${member} in the settings file must be an object, not ${shown(section)}`)
}

export interface Range {
  readonly least: number
  readonly most: number
  readonly fallback: number
}

/** One value that the command line or the settings file may give; the command line wins. */
export const source = (flags: Flags, settings: Settings) => {
  const textOf = (flag: Flag, member = flag): string | undefined => {
    const value = flags[flag] ?? settings[member]
    if (value === undefined) return undefined
    if (typeof value !== 'string' || value === '')
      throw wrong(`--${flag} must be a text, not ${shown(value)}`)
    return value
  }
  const numberOf = (flag: Flag, member: unknown, { least, most, fallback }: Range, whole = true): number => {
    const given = flags[flag] ?? member
    if (given === undefined) return fallback
    const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
    const fits =
      typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))
    if (!fits) {
      const kind = whole ? 'a whole number' : 'a number'
      throw wrong(`--${flag} must be ${kind} from ${least} to ${most}, not ${shown(given)}`)
    }
    return value
  }
  const choiceOf = <Choice extends string>(flag: Flag, choices: readonly Choice[]): Choice | undefined => {
    const value = textOf(flag)
    if (value === undefined || choices.includes(value as Choice)) return value as Choice | undefined
    throw wrong(`--${flag} must be one of ${choices.join(', ')}, not ${shown(value)}`)
  }
  return { textOf, numberOf, choiceOf }
}
