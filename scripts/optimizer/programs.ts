/** The programs that `npm run optimize` starts: the optimizer, and the inference server. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { optimizerFolder } from './environment.ts'

const server = join(import.meta.dirname, '../../inference-server/src/main.ts')

const ignore = (): void => {}

/**
 * A signal ends the program first, so that what was made for it can be removed afterwards. A terminal sends SIGINT to both; SIGTERM is
 * passed on.
 * @returns the exit code, which is 1 where a signal ended the program
 * @throws Error where the program does not start
 */
export const runs = async (command: string, args: readonly string[], cwd?: string): Promise<number> => {
  const program = spawn(command, args, {
    stdio: 'inherit',
    ...(cwd !== undefined && { cwd }),
    env: {
      ...process.env,
      PYTHONPATH: optimizerFolder,
      ORT_DISABLE_TELEMETRY: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  })
  const passOn = (): void => void program.kill('SIGTERM')
  process.on('SIGINT', ignore).on('SIGTERM', passOn)
  try {
    const [code] = (await once(program, 'close')) as [number | null]
    return code ?? 1
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', passOn)
  }
}

export const serverRuns = (...args: readonly string[]): Promise<number> =>
  runs(process.execPath, ['--disable-warning=ExperimentalWarning', server, ...args])

/** @returns whether a data set is somewhere else, such as at https://host/file */
export const isAddress = (dataset: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//.test(dataset)

/** A path, or an address as `evaluate` takes it. */
export const addressOf = (dataset: string): string =>
  isAddress(dataset) ? dataset : pathToFileURL(resolve(dataset)).href
