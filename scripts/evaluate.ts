/**
 * `npm run evaluate -- --file FILE [options]`: the command `evaluate` of the inference server, from a checkout. Where the file has recipes,
 * it installs the optimizer's packages first, and tells the command how the optimizer is started.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { load } from 'js-yaml'
import { progressOn } from '../local-cluster/progress.ts'
import { ensureEnvironment, optimizerFolder } from './optimizer/environment.ts'

const server = join(import.meta.dirname, '../inference-server/src/main.ts')

/** The file that is measured. What is wrong with the options is said by the command itself. */
const fileOf = (args: readonly string[]): string | undefined => {
  const { values } = parseArgs({ args: [...args], options: { file: { type: 'string' } }, strict: false })
  return typeof values.file === 'string' ? values.file : undefined
}

interface GivenSpec {
  readonly variants?: { readonly optimize?: readonly object[] }
  readonly candidates?: readonly { readonly optimize?: object }[]
}

/** Whether a file asks for a recipe; what is wrong with it is said by the command itself. */
export const needsOptimizer = (text: string): boolean => {
  let spec: GivenSpec | undefined
  try {
    spec = (load(text) as { readonly spec?: GivenSpec } | undefined)?.spec
  } catch {
    return false
  }
  const recipes = [spec?.variants?.optimize, spec?.candidates?.map((candidate) => candidate?.optimize)]
  return recipes
    .flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []))
    .some((recipe) => typeof recipe === 'object' && recipe !== null && Object.keys(recipe).length > 0)
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const main = async (args: readonly string[]): Promise<number> => {
  const file = fileOf(args)
  const isNeeded = file !== undefined && needsOptimizer(textOf(file))
  const optimizer = isNeeded
    ? [await ensureEnvironment('run', progressOn(process.stderr)), '-m', 'gantry_optimizer']
    : []
  const words = optimizer.map((word) => `--optimizer=${word}`)
  const command = ['--disable-warning=ExperimentalWarning', server, 'evaluate', ...args, ...words]
  const env = isNeeded ? { ...process.env, PYTHONPATH: optimizerFolder } : process.env
  // Ctrl-C reaches the command as well, which ends in order; this process waits for it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
  return spawnSync(process.execPath, command, { stdio: 'inherit', env }).status ?? 1
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
