/** Runs one command line: finds the command, reads its options, and says how it failed. */
import { plainLines, plainText } from '@gantry/contract/plain-text.ts'
import { explain } from '@gantry/kube/errors.ts'
import { clusterFailure } from '../cluster/refusals.ts'
import type { Session } from '../cluster/session.ts'
import { commands } from '../commands/index.ts'
import { type ExitCode, exitCodes, Failure, wrongUsage } from '../failure.ts'
import { documentText, type OutputForm } from '../terminal/documents.ts'
import { guarded, type Style, styleFor } from '../terminal/style.ts'
import { version } from '../version.ts'
import { type Command, type Given, type Invocation, passesOn, type World } from './command.ts'
import { parse } from './parse.ts'
import { suggestion } from './suggestions.ts'
import { usageOf } from './usage.ts'

const helpFlags = ['--help', '-h']
const versionFlags = ['--version', '-V']

const findCommand = (name: string): Command => {
  const found = commands.find((command) => command.name === name)
  if (found) return found
  const names = commands.filter(({ isHidden }) => !isHidden).map((command) => command.name)
  throw wrongUsage(`There is no command ${name}.`, suggestion(name, names))
}

/** One session for the whole command, closed at its end. */
const sessions = (world: World, given: Given, command: Command) => {
  let opened: Promise<Session> | undefined
  const place = () =>
    command.usesCluster
      ? {
          namespace: given.text('namespace'),
          context: given.text('context'),
          kubeconfig: given.text('kubeconfig'),
        }
      : { namespace: undefined, context: undefined, kubeconfig: undefined }
  const begin = async (): Promise<Session> => {
    const { openSession } = await import('../cluster/session.ts') // HTTP takes longer to load than all else
    return openSession(world.env, place(), `gantry/${version}`)
  }
  const open = (): Promise<Session> => {
    opened ??= begin()
    return opened
  }
  const close = async (): Promise<void> => (await opened?.catch(() => undefined))?.transport.close()
  return { open, close }
}

const invocationOf = (
  world: World,
  program: string,
  command: Command,
  given: Given,
  { isVerbose, session }: Pick<Invocation, 'isVerbose' | 'session'>,
): Invocation => {
  const form = command.hasDocument ? (given.text('output') as OutputForm | undefined) : undefined
  const style = styleFor(world.stdout, world.env)
  const noteStyle = styleFor(world.stderr, world.env)
  const lines = (texts: readonly string[], own: Style): string =>
    texts.map((text) => `${guarded(text, own)}\n`).join('')
  return {
    ...world,
    given,
    program,
    style,
    noteStyle,
    form,
    isVerbose,
    session,
    print: (...texts) => void world.stdout.write(lines(texts, style)),
    note: (...texts) => void world.stderr.write(lines(texts, noteStyle)),
    printDocument: async (value) => void world.stdout.write(await documentText(value, form ?? 'json')),
  }
}

const runCommand = async (world: World, program: string, command: Command, args: readonly string[]) => {
  const given = parse(command, args)
  const isOwn = !passesOn(command, args)
  if (isOwn && given.flag('help')) {
    world.stdout.write(usageOf(command, program))
    return exitCodes.done
  }
  const { open, close } = sessions(world, given, command)
  const own = { isVerbose: isOwn && given.flag('verbose'), session: open }
  try {
    return await command.run(invocationOf(world, program, command, given, own))
  } finally {
    await close()
  }
}

/** The failure as the user reads it. A mistake of this program shows where it happened, so that it can be reported. */
const tell = (world: World, program: string, error: unknown, isVerbose: boolean): ExitCode => {
  const style = styleFor(world.stderr, world.env)
  const failure = clusterFailure(error)
  if (!failure) {
    const mistake =
      error instanceof Error ? (isVerbose ? (error.stack ?? error.message) : explain(error)) : String(error)
    world.stderr.write(`${style('red', 'error:')} ${plainLines(mistake)}\n`)
    if (!isVerbose)
      world.stderr.write(`This is a mistake of ${program}: report it with what --verbose prints.\n`)
    return exitCodes.failed
  }
  world.stderr.write(`${style('red', 'error:')} ${plainText(failure.message)}\n`)
  if (failure.next) world.stderr.write(`${plainText(failure.next)}\n`)
  if (isVerbose && failure.cause !== undefined) world.stderr.write(`${plainLines(explain(failure.cause))}\n`)
  return failure.exitCode
}

const dispatch = (world: World, program: string, args: readonly string[]): Promise<ExitCode> => {
  const [name = '--help', ...rest] = args
  if (helpFlags.includes(name)) return runCommand(world, program, findCommand('help'), [])
  if (versionFlags.includes(name)) return runCommand(world, program, findCommand('version'), [])
  if (name.startsWith('-'))
    throw wrongUsage('The command comes first, then its options.', `\`${program} help\` lists the commands.`)
  return runCommand(world, program, findCommand(name), rest)
}

/** @param program how the user called this program: `gantry` or `kubectl gantry` */
export const run = async (world: World, program: string, args: readonly string[]): Promise<ExitCode> => {
  try {
    const code = await dispatch(world, program, args)
    return world.signal.aborted ? exitCodes.interrupted : code
  } catch (error) {
    if (world.signal.aborted) return exitCodes.interrupted
    const code = tell(
      world,
      program,
      error,
      args.some((arg) => arg === '-v' || arg === '--verbose'),
    )
    const command = error instanceof Failure && error.exitCode === exitCodes.usage ? args[0] : undefined
    const known = commands.some(({ name }) => name === command)
    if (known) world.stderr.write(`\`${program} help ${command}\` lists what it takes.\n`)
    return code
  }
}
