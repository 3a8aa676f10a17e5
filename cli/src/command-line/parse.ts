/** Reads the arguments of a command. */
import { parseArgs } from 'node:util'
import { wrongUsage } from '../failure.ts'
import { type Command, type Given, type Option, type Options, passesOn } from './command.ts'
import { optionsOf } from './options.ts'
import { suggestion } from './suggestions.ts'

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

/** The messages of parseArgs advise what only its authors need; the first sentence says what is wrong. */
const sentenceOf = (error: unknown, options: Options): { message: string; next: string | undefined } => {
  const [message = ''] = (error as Error).message.split(/\. |\n/)
  const unknown = /^Unknown option '(-{1,2})([^']*)'/.exec(message)
  if (!unknown) return { message, next: undefined }
  const names = Object.keys(options).map((name) => `--${name}`)
  const next = unknown[1] === '--' ? suggestion(`--${unknown[2]}`, names) : undefined
  return { message, next: next?.startsWith('Did') ? next : undefined }
}

const readValues = (args: readonly string[], options: Options) => {
  const declared = Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short ? { short } : {}), multiple: multiple ?? false },
    ]),
  )
  try {
    return parseArgs({ args: [...args], options: declared, allowPositionals: true })
  } catch (error) {
    const { message, next } = sentenceOf(error, options)
    throw wrongUsage(message, next)
  }
}

const checkValue = (name: string, { choices }: Option, value: unknown): void => {
  if (value === '') throw wrongUsage(`--${name} is empty.`) // as where a variable of a shell is not set
  if (!choices || value === undefined || choices.includes(String(value))) return
  throw wrongUsage(`--${name} is ${choices.join(' or ')}, not ${String(value)}.`)
}

const checkArguments = (command: Command, given: readonly string[]): void => {
  const surplus = given[command.arguments.length]
  if (surplus !== undefined) throw wrongUsage(`${command.name} takes no argument ${surplus}.`)
  const missing = command.arguments.find(({ required }, index) => required && given[index] === undefined)
  if (missing) throw wrongUsage(`${missing.name} is missing: ${missing.about}.`)
  for (const [index, { name, choices }] of command.arguments.entries()) {
    const value = given[index]
    if (value === '') throw wrongUsage(`${name} is empty.`)
    if (choices && value !== undefined && !choices.includes(value))
      throw wrongUsage(`${name} is ${choices.join(', ')}, not ${value}.`, suggestion(value, choices))
  }
}

const givenOf = (options: Options, values: Values, positionals: readonly string[]): Given => {
  const declared = (name: string): unknown => {
    if (!Object.hasOwn(options, name)) throw new TypeError(`the command declares no option ${name}`)
    return values[name]
  }
  return {
    arguments: positionals,
    text: (name) => declared(name) as string | undefined,
    texts: (name) => (declared(name) as readonly string[] | undefined) ?? [],
    flag: (name) => declared(name) === true,
  }
}

/** @throws Failure of exit code 2 */
export const parse = (command: Command, args: readonly string[]): Given => {
  const options = optionsOf(command)
  if (passesOn(command, args)) return givenOf(options, {}, args)
  const { values, positionals } = readValues(args, options)
  if (values['help'] !== true) {
    for (const [name, option] of Object.entries(options)) checkValue(name, option, values[name])
    checkArguments(command, positionals)
  }
  return givenOf(options, values as Values, positionals)
}

/** A whole number from `least`. @throws Failure of exit code 2 */
export const wholeNumber = (option: string, text: string, least: number, most: number): number => {
  const value = Number(text)
  if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return value
  throw wrongUsage(`--${option} is a whole number from ${least} to ${most}, not ${text}.`)
}
