/** The programs that `npm run optimize` starts: the optimizer, and the inference server. */
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { optimizerFolder } from './environment.ts'

const server = join(import.meta.dirname, '../../inference-server/src/main.ts')

/** @returns the exit code, which is 1 where a signal ended the program */
export const runs = (command: string, args: readonly string[], cwd?: string): number =>
  spawnSync(command, args, {
    stdio: 'inherit',
    ...(cwd !== undefined && { cwd }),
    env: {
      ...process.env,
      PYTHONPATH: optimizerFolder,
      ORT_DISABLE_TELEMETRY: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  }).status ?? 1

export const serverRuns = (...args: readonly string[]): number =>
  runs(process.execPath, ['--disable-warning=ExperimentalWarning', server, ...args])

/** @returns whether a data set is somewhere else, such as at https://host/file */
export const isAddress = (dataset: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//.test(dataset)

/** A path, or an address as `evaluate` takes it. */
export const addressOf = (dataset: string): string =>
  isAddress(dataset) ? dataset : pathToFileURL(resolve(dataset)).href
