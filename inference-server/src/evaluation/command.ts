/** The command `evaluate`: for the operator by a request, at a terminal by a file. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, type Log } from '../process/log.ts'
import { fetchings } from './fetching.ts'
import { evaluateFile } from './file-command.ts'
import { usualPace } from './load/effort.ts'
import { readMachine } from './machine/hardware.ts'
import { readOptions, usage } from './options.ts'
import { evaluateRequest } from './request-command.ts'
import type { Surroundings } from './surroundings.ts'

/** In a folder of its own, which is removed whatever happens. */
const inWorkspace = async <Result>(
  parent: string | undefined,
  work: (workspace: string) => Promise<Result>,
): Promise<Result> => {
  if (parent !== undefined) await mkdir(parent, { recursive: true })
  const workspace = await mkdtemp(join(parent ?? tmpdir(), '.evaluate-'))
  try {
    return await work(workspace)
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}

/** SIGTERM and SIGINT end what runs; a second one ends the process at once. */
const interruptible = async (
  process: NodeJS.Process,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const interrupted = new AbortController()
  const interrupt = (): void => {
    if (interrupted.signal.aborted) process.exit(1)
    interrupted.abort()
  }
  const signals = ['SIGTERM', 'SIGINT'] as const
  for (const signal of signals) process.on(signal, interrupt)
  try {
    await work(interrupted.signal)
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
  await interruptible(process, (signal) =>
    inWorkspace(options.kind === 'request' ? options.models : undefined, async (workspace) => {
      const surroundings: Surroundings = {
        ...{ process, env, log, signal, workspace },
        ...fetchings(options.sources, env, log, signal),
        machine: await readMachine(env['NODE_NAME']),
        nowMs: () => performance.now(),
        pace: usualPace,
      }
      if (options.kind === 'request') await evaluateRequest(options, surroundings)
      else await evaluateFile(options, surroundings)
    }),
  )
  await log.flush()
}
