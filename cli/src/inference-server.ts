/** Runs commands of the inference server, where it stands beside this program: in a checkout. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { httpPort } from '@gantry/contract/server.ts'
import { type ExitCode, exitCodes, Failure, failed } from './failure.ts'
import { version } from './version.ts'

/** The same from `cli/src` and from `cli/dist`. */
const root = join(import.meta.dirname, '../..')
const program = join(root, 'inference-server/src/main.ts')
/** The sources need the Node that the checkout installs for itself. */
const node = join(root, 'node_modules/.bin/node')

/** A server in a container is reached by a port that is published, on this machine alone. */
const portOf = ([command, ...args]: readonly string[]): string => {
  if (command !== 'serve') return ''
  const given = args.find((arg) => arg.startsWith('--port='))?.slice('--port='.length)
  const at = args.indexOf('--port')
  const port = given ?? (at >= 0 ? args[at + 1] : undefined) ?? `${httpPort}`
  return ` -p 127.0.0.1:${port}:${port}`
}

/** Where it is not beside this program, its image has it. */
const advice = (args: readonly string[]): string => {
  const command = `docker run --rm${portOf(args)} -v "$PWD:/work" -w /work gantry/inference-server:${version} ${args.join(' ')}`
  return `Run its image, from the registry of your installation: \`${command}\`. From a checkout: \`npm run ${args[0]} -- …\`.`
}

const startFailure = (error: NodeJS.ErrnoException): Failure =>
  failed(
    `The inference server cannot be started (${error.code ?? error.message}).`,
    'See that the arguments are short, that this account may run the program, and that the machine has room for another process.',
    error,
  )

/** As shells count a Ctrl-C; whoever sends another signal learns that it came. */
const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null): ExitCode => {
  if (code !== null) return code as ExitCode
  if (signal === 'SIGINT' || signal === 'SIGTERM') return exitCodes.interrupted
  throw failed(
    `The inference server was ended by ${signal}.`,
    signal === 'SIGKILL'
      ? 'The kernel does that where memory is short: take a smaller model, or a larger machine.'
      : undefined,
  )
}

/** Its output is that of this program. SIGTERM is passed on; Ctrl-C reaches both. @throws Failure where it cannot be started, or is killed */
export const runServer = async (args: readonly string[]): Promise<ExitCode> => {
  if (!existsSync(program)) throw failed('The inference server is not part of this program.', advice(args))
  let child: ChildProcess | undefined
  const passOn = (): void => void child?.kill('SIGTERM')
  process.on('SIGTERM', passOn)
  try {
    child = spawn(existsSync(node) ? node : process.execPath, [program, ...args], { stdio: 'inherit' })
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    return exitCodeOf(code, signal)
  } catch (error) {
    throw error instanceof Failure ? error : startFailure(error as Error)
  } finally {
    process.off('SIGTERM', passOn)
  }
}
