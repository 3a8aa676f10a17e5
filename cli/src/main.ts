/** `gantry`, and `kubectl gantry` where it is called as a plugin of kubectl. */
import module from 'node:module'
import { basename } from 'node:path'
import { run } from './command-line/run.ts'
import { isLocalImport } from './commands/import.ts'
import { exitCodes } from './failure.ts'
import { readInput } from './given-files.ts'

/** How long a command may take to end after Ctrl-C, or after it is over. */
const graceMs = 1_000

/** @param waits whether a command takes the time that it needs after Ctrl-C; a second one ends it */
const interrupted = (waits: boolean): AbortSignal => {
  const controller = new AbortController()
  process.once('SIGINT', () => {
    controller.abort()
    if (!waits) setTimeout(() => process.exit(exitCodes.interrupted), graceMs).unref()
    process.once('SIGINT', () => process.exit(exitCodes.interrupted))
  })
  return controller.signal
}

/** A reader that has enough, such as `head`, is no failure; a full disk is one. */
const endWithReader = (): void => {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(exitCodes.done)
    process.stderr.write(`error: The output cannot be written: ${message}.\n`)
    process.exit(exitCodes.failed)
  })
  process.stderr.on('error', () => {}) // nobody reads what it says; the command and its exit code stay
}

/** A login program of the kubeconfig that hangs would keep this process, though its command is over. */
const endAnyway = (): void =>
  void setTimeout(() => process.stdout.writableLength === 0 && process.exit(), graceMs).unref()

/** The inference server ends by its own rules: it answers what it has begun. Both get the Ctrl-C of a terminal. */
const runsServer = ([command = '', ...args]: readonly string[]): boolean =>
  command === 'serve' ||
  (command === 'import' && isLocalImport(args)) ||
  (command === 'evaluate' && args.includes('--local')) ||
  (command === 'fsck' && args.includes('--folder'))

/** Names of the program by the name of the file that was called. */
const calls: Readonly<Record<string, { readonly program: string; readonly first: readonly string[] }>> = {
  'kubectl-gantry': { program: 'kubectl gantry', first: [] },
  'kubectl_complete-gantry': { program: 'kubectl gantry', first: ['__complete', '--kubectl', '--'] },
}

const main = async ([, path = '', ...args]: readonly string[]): Promise<void> => {
  module.enableCompileCache?.() // from Node 22 on: a second start needs less time
  endWithReader()
  const name = basename(path).replace(/\.[cm]?[jt]s$/, '')
  const { program, first } = calls[name] ?? { program: 'gantry', first: [] }
  const world = {
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    readInput: () => readInput(process.stdin),
    now: () => Date.now(),
    elapsed: () => performance.now(),
    signal: interrupted(runsServer(args)),
  }
  process.exitCode = await run(world, program, [...first, ...args])
  endAnyway()
}

await main(process.argv)
