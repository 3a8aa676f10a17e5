/** The command `evaluate`: for the operator by a request, at a terminal by a file. */
import type { ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { createLog, type Log } from '../process/log.ts'
import { fetchings } from './fetching.ts'
import { evaluateFile } from './file-command.ts'
import { usualPace } from './load/effort.ts'
import { usualDriver } from './machine/gpus.ts'
import { readMachine } from './machine/hardware.ts'
import { readOptions, usage } from './options.ts'
import { evaluateRequest } from './request-command.ts'
import type { Surroundings } from './surroundings.ts'
import { inWorkspace } from './workspace.ts'

/** What ends at once, where a user does not wait for an orderly end. */
interface Ending {
  readonly signal: AbortSignal
  /** @param work done before the process ends, in the order in which it was given */
  readonly beforeExit: (work: () => void) => void
}

/** SIGTERM and SIGINT end what runs; a second one ends the process at once. */
const interruptible = async (
  process: NodeJS.Process,
  log: Log,
  work: (ending: Ending) => Promise<void>,
): Promise<void> => {
  const interrupted = new AbortController()
  const last: (() => void)[] = []
  const interrupt = (): void => {
    if (interrupted.signal.aborted) {
      for (const end of last) end()
      process.exit(1)
    }
    log.info('interrupted: the servers are told to end; a second signal kills them')
    interrupted.abort()
  }
  const signals = ['SIGTERM', 'SIGINT'] as const
  for (const signal of signals) process.on(signal, interrupt)
  try {
    await work({ signal: interrupted.signal, beforeExit: (end) => void last.push(end) })
  } finally {
    for (const signal of signals) process.off(signal, interrupt)
  }
}

const logOf = (kind: 'request' | 'file'): Log =>
  createLog({ level: kind === 'request' ? 'info' : 'error', nowMs: () => performance.now() })

/**
 * Measures candidates. Sets the exit code: 0 measured, 1 failed, 2 the file is wrong.
 * @throws StartError when the command line is wrong
 */
export const evaluateCommand = async (args: readonly string[], process: NodeJS.Process): Promise<void> => {
  const options = readOptions(args)
  if (!options) {
    process.stdout.write(usage)
    return
  }
  const log = logOf(options.kind)
  const { env } = process
  const models = options.kind === 'request' ? options.models : undefined
  await interruptible(process, log, ({ signal, beforeExit }) =>
    inWorkspace(models ?? tmpdir(), async ({ dir, removeNow }) => {
      const servers = new Set<ChildProcess>()
      beforeExit(() => {
        for (const server of servers) server.kill('SIGKILL')
        removeNow()
      })
      const surroundings: Surroundings = {
        ...{ process, env, log, signal, servers, workspace: dir },
        ...fetchings(options.sources, env, log, signal),
        machine: await readMachine(env['NODE_NAME'], usualDriver(env)),
        nowMs: () => performance.now(),
        pace: usualPace,
      }
      if (options.kind === 'request') await evaluateRequest(options, surroundings)
      else await evaluateFile(options, surroundings)
    }),
  )
  await log.flush()
}
