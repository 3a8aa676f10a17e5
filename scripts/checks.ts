/** The static checks, in the order of what is quickest to say no. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { progressOn } from '../local-cluster/progress.ts'
import { ensureEnvironment, toolCache } from './optimizer/environment.ts'
import { toolPath } from './tools.ts'

const root = join(import.meta.dirname, '..')
const bin = (name: string): string => join(root, 'node_modules/.bin', name)

interface Check {
  readonly name: string
  readonly command: () => readonly [string, ...string[]]
  /** Below the root; the root itself where it is left out. */
  readonly cwd?: string
}

/** @param python of the optimizer's environment */
const optimizerChecks = (python: string): readonly Check[] => {
  const ruff = (...args: readonly string[]): readonly [string, ...string[]] => [
    python,
    '-m',
    'ruff',
    ...args,
    '--cache-dir',
    join(toolCache(), 'ruff'),
  ]
  return [
    { name: 'format of the optimizer', command: () => ruff('format', '--check', '.'), cwd: 'optimizer' },
    { name: 'lint of the optimizer', command: () => ruff('check', '.'), cwd: 'optimizer' },
    {
      name: 'types of the optimizer',
      command: () => [python, '-m', 'mypy', '--cache-dir', join(toolCache(), 'mypy')],
      cwd: 'optimizer',
    },
  ]
}

const checks: readonly Check[] = [
  {
    name: 'format, lint and walls',
    command: () => [bin('biome'), 'ci', '--colors=off', '--error-on-warnings', '.'],
  },
  { name: 'types', command: () => [bin('tsc'), '-p', root] },
  { name: 'no dead code, no undeclared dependency', command: () => [bin('knip')] },
  {
    name: 'no imports in a circle, those of types among them',
    command: () => [process.execPath, join(root, 'scripts/imports/circles.ts')],
  },
  {
    name: 'no function has more than 40 lines of its own',
    command: () => [process.execPath, join(root, 'scripts/functions/check.ts')],
  },
  {
    name: 'generated files are current',
    command: () => [process.execPath, join(root, 'scripts/generate.ts'), '--check'],
  },
  {
    name: 'links, commands and options of the pages exist',
    command: () => [process.execPath, join(root, 'scripts/pages/check.ts')],
  },
  {
    name: 'digests of the examples in the samples are current',
    command: () => [process.execPath, join(root, 'examples/store/pack.ts'), '--check'],
  },
  {
    name: 'the lock file says what every package must hash to',
    command: () => [process.execPath, join(root, 'scripts/lock.ts')],
  },
  {
    name: 'Dockerfiles build on the bases of bases.json, by digest',
    command: () => [process.execPath, join(root, 'scripts/images/bases.ts'), 'check'],
  },
  {
    name: 'kube-score finds nothing in the chart and in the pods of models that has no reason',
    command: () => [process.execPath, join(root, 'scripts/kube-score/score.ts')],
  },
  { name: 'helm lint', command: () => [toolPath('helm'), 'lint', '--strict', join(root, 'helm/gantry')] },
]

/** Most of them are one thread, and a machine has at least two cores. */
const atATime = 2

interface Outcome {
  readonly ok: boolean
  /** What it wrote, or why it could not be started. */
  readonly output: string
}

const outcome = (check: Check): Promise<Outcome> =>
  new Promise((resolve) => {
    const [command, ...args] = check.command()
    const cwd = join(root, check.cwd ?? '')
    execFile(command, args, { cwd, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ ok: error === null, output: `${stdout}${stderr}` || (error?.message ?? '') })
    })
  })

interface Checked {
  readonly passed: number
  /** Names. */
  readonly failed: readonly string[]
  /** ms, by name. */
  readonly durations: ReadonlyMap<string, number>
}

/** Runs every check, prints the output of those that fail. @throws Error where the optimizer's tools cannot be installed */
export const runChecks = async (): Promise<Checked> => {
  const python = await ensureEnvironment('test', progressOn(process.stderr))
  const all = [...checks, ...optimizerChecks(python)]
  const failed: string[] = []
  const durations = new Map<string, number>()
  const waiting = [...all]
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const startedMs = performance.now()
      const { ok, output } = await outcome(check)
      durations.set(check.name, performance.now() - startedMs)
      console.log(`${ok ? '✔' : '✖'} ${check.name}`)
      if (ok) continue
      console.log(output)
      failed.push(check.name)
    }
  }
  await Promise.all(Array.from({ length: atATime }, work))
  return { passed: all.length - failed.length, failed, durations }
}

const ignored = new Set(['node_modules', '.git', 'model', 'data'])

/** Files below the root whose name ends with `suffix`, sorted. */
export const filesNamed = (suffix: string, folder = root): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return ignored.has(entry.name) ? [] : filesNamed(suffix, path)
      return entry.name.endsWith(suffix) ? [path] : []
    })
    .sort()
