/** The tests of the optimizer, which are Python's: pytest runs them, and its report is counted like that of the others. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { progressOn } from '../../local-cluster/progress.ts'
import type { Tally } from '../suites.ts'
import { ensureEnvironment, optimizerFolder } from './environment.ts'

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
}
const unescaped = (text: string): string => text.replace(/&\w+;/g, (entity) => entities[entity] ?? entity)

/** @param report of pytest, in the form of JUnit. A test whose fixture failed at the end is there twice: it failed. */
export const tallyOf = (report: string): Tally => {
  const outcomes = new Map<string, 'passed' | 'failed' | 'skipped'>()
  const durations = new Map<string, number>()
  const testcase =
    /<testcase classname="([^"]*)" name="([^"]*)" time="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs
  for (const [, group = '', name = '', seconds = '', content = ''] of report.matchAll(testcase)) {
    const key = unescaped(`${group}: ${name}`)
    durations.set(group, (durations.get(group) ?? 0) + Number(seconds) * 1000)
    if (/<(failure|error)\b/.test(content)) outcomes.set(key, 'failed')
    else if (!outcomes.has(key)) outcomes.set(key, content.includes('<skipped') ? 'skipped' : 'passed')
  }
  const of = (wanted: string): readonly string[] =>
    [...outcomes].filter(([, outcome]) => outcome === wanted).map(([name]) => name)
  return { passed: of('passed').length, failed: of('failed'), skipped: of('skipped').length, durations }
}

/** @throws Error where pytest could not begin, or found no test */
export const runOptimizer = async (files: readonly string[] = []): Promise<Tally> => {
  const python = await ensureEnvironment('test', progressOn(process.stderr))
  const folder = mkdtempSync(join(tmpdir(), 'gantry-optimizer-'))
  try {
    const report = join(folder, 'report.xml')
    const options = ['--junit-xml', report, '--durations=5', '--basetemp', join(folder, 'work')]
    const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1', PYTHONDONTWRITEBYTECODE: '1' }
    const { status } = spawnSync(python, ['-m', 'pytest', ...options, ...files], {
      cwd: optimizerFolder,
      stdio: 'inherit',
      env,
    })
    // 0: all passed, 1: some failed; the others say that pytest itself did not work.
    if (status !== 0 && status !== 1) throw new Error(`pytest ended with ${status}`)
    return tallyOf(readFileSync(report, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
