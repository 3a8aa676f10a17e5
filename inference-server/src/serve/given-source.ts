/** `serve SOURCE`: a folder or a .onnx file is served where it lies; any other source is imported into the cache first. */
import { createHash } from 'node:crypto'
import { existsSync, type Stats, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { shownSource } from '@gantry/contract/source.ts'
import { StartError } from '../failures/errors.ts'
import { asImportError, inFull, showBytes } from '../failures/import-error.ts'
import { readOptions } from '../import/command/options.ts'
import { importModel } from '../import/import-model.ts'
import { schemeOf } from '../import/sources/source.ts'
import type { Log } from '../process/log.ts'
import { taskOfFolder } from '../versions/model.ts'

/** What `serve` needs of the machine. */
export interface Machine {
  readonly env: NodeJS.ProcessEnv
  /** Tells the person at the terminal what happens before the server is ready. */
  readonly tell: (line: string) => void
  readonly log: Log
  /** Ends an import. */
  readonly signal: AbortSignal
}

/** Options that decide about an import as well as about serving. */
const shared = ['task', 'file'] as const

/** The value of an option among arguments that are not parsed yet. */
const given = (args: readonly string[], name: string): string | undefined => {
  const at = args.indexOf(`--${name}`)
  if (at >= 0) return args[at + 1]
  return args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
}

const refuseBeside = (args: readonly string[], names: readonly string[]): void => {
  const other = names.find((name) => args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)))
  if (other !== undefined)
    throw new StartError(`SOURCE and --${other} both say what is served; give one of them`, 2)
}

/** As other programs of the same user find theirs; versions may be deleted at any time. */
const cacheFolder = ({ XDG_CACHE_HOME: cache }: NodeJS.ProcessEnv): string =>
  join(cache ? resolve(cache) : join(homedir(), '.cache'), 'gantry/models')

const localStats = (source: string): Stats | undefined =>
  schemeOf(source) === undefined ? statSync(source, { throwIfNoEntry: false }) : undefined

/** Name of the model in URLs, from the last part of the source that says something. */
export const nameOfSource = (source: string): string => {
  const path = source.replace(/[?#].*$/, '').replace(/[/:@]+$/, '')
  const last = basename(path.replace(/@[^/]*$/, '')).replace(/\.(onnx|tar|tgz|gz)$/i, '')
  const name = last.replace(/\.(onnx|tar)$/i, '').replace(/[^A-Za-z0-9._-]+/g, '-')
  return name === '' ? 'model' : name
}

/** A source on this machine may be named by its loopback address: who starts the server is at home there. */
const isAtHome = (source: string): boolean => {
  const host = URL.parse(source)?.hostname ?? ''
  return host === 'localhost' || host.startsWith('127.') || host === '[::1]'
}

/** A file of this machine that has changed is imported anew; what an address leads to is not asked for again. */
const stateOf = (source: string, stats: Stats | undefined): readonly string[] => {
  if (!stats) return []
  const state = `${resolve(source)} ${stats.size} ${stats.mtimeMs}`
  return ['--revision', createHash('sha256').update(state).digest('hex').slice(0, 16)]
}

const importArgs = (source: string, args: readonly string[], models: string, stats: Stats | undefined) => [
  ...['--source', source, '--models', models],
  ...shared.flatMap((name) => {
    const value = given(args, name)
    return value === undefined ? [] : [`--${name}=${value}`]
  }),
  ...stateOf(source, stats),
  ...(isAtHome(source) ? ['--allow-loopback'] : []),
]

/** @returns the folder of the version @throws StartError in the words of the import */
const imported = async (
  source: string,
  args: readonly string[],
  { env, tell, log, signal }: Machine,
): Promise<string> => {
  const models = join(cacheFolder(env), nameOfSource(source))
  const options = readOptions(importArgs(source, args, models, localStats(source)), env)
  if (options?.kind !== 'import') throw new StartError(`${shownSource(source)} cannot be imported`, 2)
  try {
    tell(`importing ${options.shownAs} into ${models}`)
    const { version, existed } = await importModel({ ...options, log, signal, now: () => new Date() })
    const dir = join(models, version.id)
    tell(
      existed
        ? `it is there from before as ${dir}; delete that folder to import it again`
        : `imported as ${dir} (${showBytes(version.sizeBytes)})`,
    )
    return dir
  } catch (error) {
    const known = asImportError(error)
    throw new StartError(`${options.shownAs} cannot be served: ${inFull(known)}`, 1, { cause: error })
  }
}

/**
 * The arguments of `serve`, with the folder to serve in place of SOURCE.
 * @param args SOURCE first, if there is one
 * @throws StartError
 */
export const withGivenSource = async (
  args: readonly string[],
  machine: Machine,
): Promise<readonly string[]> => {
  const [source, ...rest] = args
  if (source === undefined || source.startsWith('-')) return args
  refuseBeside(rest, ['model', 'repository'])
  const stats = localStats(source)
  if (stats?.isDirectory() || (stats && source.endsWith('.onnx'))) return ['--model', source, ...rest]
  if (!stats && schemeOf(source) === undefined && !existsSync(source))
    throw new StartError(
      `${source} does not exist; give a folder, a file, or an address such as https://models.example.com/model.tar.gz`,
    )
  const dir = await imported(source, rest, machine)
  const task = given(rest, 'task') === undefined ? ['--task', await taskOfFolder(dir)] : []
  const name = given(rest, 'name') === undefined ? ['--name', nameOfSource(source)] : []
  return ['--model', dir, ...name, ...task, ...rest.filter((arg, at) => !isFileOption(rest, arg, at))]
}

/** The version holds the chosen graph, and knows which it is. */
const isFileOption = (args: readonly string[], arg: string, at: number): boolean =>
  arg === '--file' || arg.startsWith('--file=') || args[at - 1] === '--file'
