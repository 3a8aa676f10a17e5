/** Where the optimizer's Python packages lie: an environment for each lock file, made once and kept in Gantry's cache. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError, run, tryRun } from '../../local-cluster/machine/command.ts'
import { withLock } from '../../local-cluster/machine/lock.ts'
import { pathsFrom } from '../../local-cluster/paths.ts'
import { during, type Progress } from '../../local-cluster/progress.ts'
import { withoutCuda } from './without-cuda.ts'

export const optimizerFolder = join(import.meta.dirname, '../../optimizer')

/**
 * `test` holds what `run` does, and pytest, mypy and ruff. `trees` holds what `test` does, and the libraries of tables; `torch` PyTorch
 * and transformers.
 */
export type EnvironmentKind = 'run' | 'test' | 'trees' | 'torch'

const locks = {
  run: 'requirements.lock',
  test: 'requirements-test.lock',
  trees: 'requirements-trees.lock',
  torch: 'requirements-torch.lock',
} as const

/** Environments that hold what a kind needs. Tests of exports run where somebody has exported, and are skipped elsewhere. */
const serving: Readonly<Record<EnvironmentKind, readonly EnvironmentKind[]>> = {
  run: ['trees', 'torch', 'test', 'run'],
  test: ['trees', 'torch', 'test'],
  trees: ['trees'],
  torch: ['torch'],
}

/**
 * An index of PyTorch's packages without CUDA, such as https://download.pytorch.org/whl/cpu. The torch of PyPI brings CUDA: 3 GB that
 * an export does not use. The files of such an index have no digests in the lock, so the user names it.
 */
const indexVariable = 'GANTRY_TORCH_INDEX'

const torchIndex = (kind: EnvironmentKind): string | undefined =>
  kind === 'torch' ? process.env[indexVariable] || undefined : undefined

/** The newest version that the packages have files for comes first. */
const interpreters = ['python3.13', 'python3.12', 'python3.11', 'python3'] as const
const oldest = [3, 11] as const

/** Changes when environments are made in another way. */
const recipe = '1'

interface Python {
  readonly command: string
  readonly version: string
}

const versionOf = async (command: string): Promise<string | undefined> => {
  const said = await tryRun(command, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])
  const version = said?.trim()
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  return major === oldest[0] && minor >= oldest[1] ? version : undefined
}

/** @throws Error that says what to install */
const findPython = async (): Promise<Python> => {
  for (const command of interpreters) {
    const version = await versionOf(command)
    if (version !== undefined) return { command, version }
  }
  throw new Error(`the optimizer needs Python ${oldest.join('.')} or newer; install python3 and python3-venv`)
}

const folderOf = (kind: EnvironmentKind, version: string): string => {
  const lock = readFileSync(join(optimizerFolder, locks[kind]))
  const index = torchIndex(kind)
  const how = index === undefined ? recipe : `${recipe} ${index}`
  const digest = createHash('sha256').update(`${how} ${version}\n`).update(lock).digest('hex')
  return join(pathsFrom(process.env).cache, `optimizer-${digest.slice(0, 16)}`)
}

/** Written last: a folder without it was left by a run that ended in the middle. */
const stamp = (folder: string): string => join(folder, '.made')
const programOf = (folder: string): string => join(folder, 'bin/python')

const installOptions = [
  'install',
  '--quiet',
  '--disable-pip-version-check',
  '--no-input',
  '--only-binary',
  ':all:',
  // A lock names all that is needed. CatBoost asks for libraries that draw, which the lock leaves out.
  '--no-deps',
] as const

const install = async (kind: EnvironmentKind, folder: string): Promise<void> => {
  const pip = (...args: readonly string[]) =>
    run(programOf(folder), ['-m', 'pip', ...installOptions, ...args])
  const lock = join(optimizerFolder, locks[kind])
  const index = torchIndex(kind)
  if (index === undefined) {
    await pip('--require-hashes', '--requirement', lock)
    return
  }
  const small = withoutCuda(readFileSync(lock, 'utf8'))
  const file = join(folder, 'requirements.lock')
  writeFileSync(file, small.lock)
  await pip('--require-hashes', '--requirement', file)
  await pip('--index-url', index, small.torch)
}

const make = async (
  kind: EnvironmentKind,
  folder: string,
  { command }: Python,
  progress: Progress,
): Promise<void> => {
  const start = performance.now()
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const cuda =
    kind === 'torch' && torchIndex(kind) === undefined
      ? ` (3 GB, most of it CUDA; ${indexVariable} names an index without)`
      : ''
  const what = `installing the Python packages of the optimizer${cuda}`
  await during(progress, what, async () => {
    await run(command, ['-m', 'venv', folder])
    await install(kind, folder)
  })
  writeFileSync(stamp(folder), '')
  progress.line(`${what} … ${Math.round((performance.now() - start) / 1000)} s, once`)
}

const withAdvice = (error: unknown): unknown =>
  error instanceof CommandError && /ensurepip|No module named venv/.test(error.message)
    ? new Error('Python has no module to make environments; install python3-venv', { cause: error })
    : error

/**
 * Makes the environment unless it is there; what tests need serves as what a run needs, too.
 * @returns the path of its Python
 * @throws Error that says what to install
 */
export const ensureEnvironment = async (kind: EnvironmentKind, progress: Progress): Promise<string> => {
  const python = await findPython()
  const good = serving[kind]
    .map((one) => folderOf(one, python.version))
    .find((folder) => existsSync(stamp(folder)))
  if (good !== undefined) return programOf(good)
  const folder = folderOf(kind, python.version)
  const makeMissing = async (): Promise<void> => {
    if (!existsSync(stamp(folder))) await make(kind, folder, python, progress)
  }
  await withLock(folder, makeMissing, () =>
    progress.now('waiting for another process that installs the same packages'),
  ).catch((error: unknown) => {
    throw withAdvice(error)
  })
  return programOf(folder)
}

/** Where the tools of Python keep what they remember. */
export const toolCache = (): string => join(pathsFrom(process.env).cache, 'optimizer-tools')
