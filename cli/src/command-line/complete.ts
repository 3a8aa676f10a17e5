/** What a shell offers for the last word of a command line. */
import { plainLine } from '@gantry/contract/plain-text.ts'
import type { Argument, Command, Completes, Option, Options } from './command.ts'
import { optionsOf } from './options.ts'

/** Names of what a cluster has; empty where it does not answer. */
export type Names = (kind: Completes, words: readonly string[]) => Promise<readonly string[]>

export interface Offer {
  readonly value: string
  readonly about?: string
}

/** Offered where files are to be completed by the shell itself. */
export const filesOffer = ':files'

/** A name with a line break, a tab or a mark would be another offer, or drive the terminal. */
const isOffered = (name: string): boolean => name !== filesOffer && plainLine(name) === name

const isOption = (word: string): boolean => word.startsWith('-') && word !== '-'

/** The declaration of `--name`, `-n` or `--name=value`. */
const findOption = (options: Options, word: string): Option | undefined => {
  const name = word.replace(/^--?/, '').split('=')[0] ?? ''
  return word.startsWith('--') ? options[name] : Object.values(options).find(({ short }) => short === name)
}

interface Read {
  readonly positionals: readonly string[]
  /** The option whose value is to come. */
  readonly pending: Option | undefined
}

const readWords = (options: Options, words: readonly string[]): Read => {
  const positionals: string[] = []
  let pending: Option | undefined
  for (const word of words) {
    if (pending) pending = undefined
    else if (isOption(word)) {
      const option = findOption(options, word)
      pending = option?.type === 'string' && !word.includes('=') ? option : undefined
    } else positionals.push(word)
  }
  return { positionals, pending }
}

const valuesOf = async (
  { choices, completes }: Pick<Option & Argument, 'choices' | 'completes'>,
  names: Names,
  words: readonly string[],
): Promise<readonly Offer[]> => {
  if (choices) return choices.map((value) => ({ value }))
  if (completes === undefined) return []
  if (completes === 'files') return [{ value: filesOffer }]
  return (await names(completes, words)).filter(isOffered).map((value) => ({ value }))
}

const optionOffers = (options: Options): readonly Offer[] =>
  Object.entries(options).map(([name, { about }]) => ({ value: `--${name}`, about }))

const offersOf = async (command: Command, words: readonly string[], last: string, names: Names) => {
  const options = optionsOf(command)
  const { positionals, pending } = readWords(options, words)
  if (pending) return valuesOf(pending, names, positionals)
  const [joined] = /^--[^=]+=/.exec(last) ?? []
  if (joined) {
    const option = findOption(options, joined)
    const values = option ? await valuesOf(option, names, positionals) : []
    return values.map(({ value }) => ({ value: value === filesOffer ? value : joined + value }))
  }
  if (last.startsWith('-')) return optionOffers(options)
  const argument = command.arguments[positionals.length]
  return argument ? valuesOf(argument, names, positionals) : []
}

/** @param words what follows the name of the program; the last one is being typed */
export const complete = async (
  commands: readonly Command[],
  words: readonly string[],
  names: Names,
): Promise<readonly Offer[]> => {
  const last = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const [name, ...given] = before
  const command = commands.find((one) => one.name === name)
  const visible = commands.filter(({ isHidden }) => !isHidden)
  const all = name === undefined ? visible.map((one): Offer => ({ value: one.name, about: one.summary })) : []
  const offers = command ? await offersOf(command, given, last, names) : all
  return offers.filter(({ value }) => value === filesOffer || value.startsWith(last))
}
