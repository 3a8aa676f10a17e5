/** What `--help` prints. */
import type { Command, Option } from './command.ts'
import { optionsOf } from './options.ts'

const indent = '  '
/** Columns of the left half; a longer option has its text on the next line. */
const leftColumns = 28

const pair = (left: string, right: string): string =>
  left.length < leftColumns
    ? `${indent}${left.padEnd(leftColumns)}${right}`
    : `${indent}${left}\n${indent}${' '.repeat(leftColumns)}${right}`

const shownOption = (name: string, { short, type, value }: Option): string => {
  const dashed = `${short ? `-${short}, ` : ''}--${name}`
  return type === 'string' ? `${dashed} ${value ?? 'TEXT'}` : dashed
}

const synopsis = (command: Command, program: string): string => {
  const names = command.arguments.map(({ name, required }) => (required ? name : `[${name}]`))
  return [program, command.name, ...names, command.passesOn === true ? '…' : '[options]'].join(' ')
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines]

export const usageOf = (command: Command, program: string): string => {
  const options = command.passesOn === true ? {} : optionsOf(command)
  const examples = (command.examples ?? []).flatMap(([line, what]) => [
    `${indent}${program} ${line}`,
    `${indent}${indent}${what}`,
  ])
  return [
    `usage: ${synopsis(command, program)}`,
    '',
    `${command.summary}.`,
    ...(command.about ? ['', command.about] : []),
    ...section(
      'arguments',
      command.arguments.map(({ name, about }) => pair(name, about)),
    ),
    ...section(
      'options',
      Object.entries(options).map(([name, option]) => pair(shownOption(name, option), option.about)),
    ),
    ...section('examples', examples),
    '',
  ].join('\n')
}

/** All commands. */
export const overview = (commands: readonly Command[], program: string): string =>
  [
    `usage: ${program} COMMAND [arguments] [options]`,
    '',
    'Models that Gantry serves on Kubernetes.',
    ...section(
      'commands',
      commands.filter(({ isHidden }) => !isHidden).map(({ name, summary }) => pair(name, summary)),
    ),
    '',
    `\`${program} help COMMAND\` describes one command. Exit codes: 0 done, 1 failed, 2 wrong command line,`,
    '3 the named object does not exist, 4 the cluster does not answer or refuses.',
    '',
  ].join('\n')
