import { execFile } from 'node:child_process'

export type CommandOptions = {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Written to standard input, which is then closed. */
  readonly input?: string
  readonly signal?: AbortSignal
}

/** A command that could not be started or ended with a non-zero code. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly stderr: string
  constructor(command: string, stderr: string, cause: unknown) {
    const lines = stderr.trim().split('\n').slice(-12).join('\n')
    super(`\`${command}\` failed${lines ? `:\n${lines}` : ''}`, { cause })
    this.stderr = stderr
  }
}

/** Runs a command to its end. @returns standard output @throws CommandError with the last lines of standard error */
export const run = (
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const { input, ...rest } = options
    const limits = { maxBuffer: 256 * 1024 * 1024, encoding: 'utf8' } as const
    const child = execFile(command, args, { ...rest, ...limits }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const reason = 'code' in error && error.code === 'ENOENT' ? `${command}: not found` : stderr || stdout
      reject(new CommandError([command, ...args].join(' ').slice(0, 200), reason, error))
    })
    child.stdin?.on('error', () => undefined) // a command that ends early closes its input; its exit code tells the rest
    child.stdin?.end(input ?? '')
  })

/** Runs a command like {@link run}, but returns undefined where it fails. */
export const tryRun = async (command: string, args: readonly string[]): Promise<string | undefined> => {
  try {
    return await run(command, args)
  } catch {
    return undefined
  }
}
