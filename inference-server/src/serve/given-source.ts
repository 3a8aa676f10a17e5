/** `serve SOURCE`: a folder or a .onnx file is served where it lies; any other source is imported into the cache first. */
import { createHash } from 'node:crypto'
import { type Stats, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { shownSource } from '@gantry/contract/source.ts'
import { loadConfig } from '../config/config.ts'
import { StartError } from '../failures/errors.ts'
import { asImportError, inFull, showBytes } from '../failures/import-error.ts'
import { type CommandOptions, readOptions } from '../import/command/options.ts'
import { tellProgress } from '../import/command/tell-progress.ts'
import { importModel } from '../import/import-model.ts'
import { countProgress } from '../import/sources/progress.ts'
import { schemeOf } from '../import/sources/source.ts'
import type { Log } from '../process/log.ts'
import { taskOfFolder } from '../versions/model.ts'
import { tellApart } from './source-options.ts'

/** What `serve` needs of the machine. */
export interface Machine {
  readonly env: NodeJS.ProcessEnv
  /** Tells the person at the terminal what happens before the server is ready. */
  readonly tell: (line: string) => void
  readonly log: Log
  /** Ends an import. */
  readonly signal: AbortSignal
}

const given = (args: readonly string[], name: string): boolean =>
  args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`))

const refuseBeside = (args: readonly string[], names: readonly string[]): void => {
  const other = names.find((name) => given(args, name))
  if (other !== undefined)
    throw new StartError(`SOURCE and --${other} both say what is served; give one of them`, 2)
}

/** The cache is where other programs of the same user have theirs; versions may be deleted at any time. */
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

/** The address that is really asked for a source of this scheme. */
const askedFor = (
  source: string,
  { value }: ReturnType<typeof tellApart>,
  env: NodeJS.ProcessEnv,
): string => {
  switch (schemeOf(source)) {
    case 's3':
      return value('s3-endpoint') ?? env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'] ?? ''
    case 'hf':
      return value('hub-endpoint') ?? env['HF_ENDPOINT'] ?? ''
    default:
      return source
  }
}

/** A source on this machine may be named by its loopback address: who starts the server is at home there. */
const isAtHome = (address: string): boolean => {
  const host = URL.parse(address)?.hostname ?? ''
  return host === 'localhost' || host.startsWith('127.') || host === '[::1]'
}

/** A file of this machine that has changed is imported anew; what an address leads to is not asked for again. */
const revisionIn = ({ revision, encryption }: Import, source: string, stats: Stats | undefined): string => {
  const state = stats && `${resolve(source)} ${stats.size} ${stats.mtimeMs}`
  const origin = [revision, state, encryption !== undefined]
  return createHash('sha256').update(JSON.stringify(origin)).digest('hex').slice(0, 16)
}

type Import = Extract<CommandOptions, { readonly kind: 'import' }>

/** @throws StartError where the address or an option is wrong */
const importOf = (source: string, told: ReturnType<typeof tellApart>, env: NodeJS.ProcessEnv): Import => {
  const models = join(cacheFolder(env), nameOfSource(source))
  const atHome = isAtHome(askedFor(source, told, env)) ? ['--allow-loopback'] : []
  const options = readOptions(['--source', source, '--models', models, ...told.forImport, ...atHome], env)
  if (options?.kind !== 'import') throw new StartError(`${shownSource(source)} cannot be imported`, 2)
  return { ...options, revision: revisionIn(options, source, localStats(source)) }
}

/** @returns the folder of the version @throws StartError in the words of the import */
const imported = async (options: Import, { tell, log: plain, signal }: Machine): Promise<string> => {
  const { volume, shownAs } = options
  const progress = countProgress()
  const terminal = process.stderr
  const telling = tellProgress(progress, { log: plain, terminal, nowMs: () => performance.now() })
  try {
    tell(`importing ${shownAs} into ${volume}`)
    const run = { log: telling.log, signal, now: () => new Date(), progress }
    const { version, existed } = await importModel({ ...options, ...run })
    telling.stop()
    const dir = join(volume, version.id)
    tell(
      existed
        ? `it is there from before as ${dir}; delete that folder to import it again`
        : `imported as ${dir} (${showBytes(version.sizeBytes)})`,
    )
    return dir
  } catch (error) {
    telling.stop()
    throw new StartError(`${shownAs} cannot be served: ${inFull(asImportError(error))}`, 1, { cause: error })
  }
}

/** Says what is wrong with the options of the server before minutes of a download. */
const checkServing = (dir: string, args: readonly string[], env: NodeJS.ProcessEnv): void =>
  void loadConfig(['--model', dir, ...args], env)

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
  if (rest.includes('--help')) return ['--help']
  const told = tellApart(rest)
  const stats = localStats(source)
  if (stats?.isDirectory() || (stats && source.endsWith('.onnx'))) {
    if (told.only === undefined) return ['--model', source, ...rest]
    throw new StartError(
      `${source} is served where it lies, and --${told.only} is about an import; leave it out`,
      2,
    )
  }
  if (!stats && schemeOf(source) === undefined)
    throw new StartError(
      `${source} does not exist; give a folder, a file, or an address such as https://models.example.com/model.tar.gz`,
    )
  const options = importOf(source, told, machine.env)
  checkServing(options.volume, told.forServer, machine.env)
  const dir = await imported(options, machine)
  const task = told.value('task') === undefined ? ['--task', await taskOfFolder(dir)] : []
  const name = given(rest, 'name') ? [] : ['--name', nameOfSource(source)]
  return [
    '--model',
    dir,
    ...name,
    ...task,
    ...told.forServer.filter((arg, at, all) => !isFileOption(all, arg, at)),
  ]
}

/** The version holds the chosen graph, and knows which it is. */
const isFileOption = (args: readonly string[], arg: string, at: number): boolean =>
  arg === '--file' || arg.startsWith('--file=') || args[at - 1] === '--file'
