/** The static checks, in the order of what is quickest to say no. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { toolPath } from './tools.ts'

const root = join(import.meta.dirname, '..')
const bin = (name: string): string => join(root, 'node_modules/.bin', name)

interface Check {
  readonly name: string
  readonly command: () => readonly [string, ...string[]]
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

const outcome = ([command, ...args]: readonly [string, ...string[]]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(command, args, { cwd: root, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
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

/** Runs every check, prints the output of those that fail. */
export const runChecks = async (): Promise<Checked> => {
  const failed: string[] = []
  const durations = new Map<string, number>()
  const waiting = [...checks]
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const startedMs = performance.now()
      const { ok, output } = await outcome(check.command())
      durations.set(check.name, performance.now() - startedMs)
      console.log(`${ok ? '✔' : '✖'} ${check.name}`)
      if (ok) continue
      console.log(output)
      failed.push(check.name)
    }
  }
  await Promise.all(Array.from({ length: atATime }, work))
  return { passed: checks.length - failed.length, failed, durations }
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
