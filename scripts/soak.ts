/**
 * `npm run soak` repeats what the test of availability does, asks more often, and adds events that take long or may cost
 * something. `--write` puts the table into docs/availability.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { optionsOrEnd, readCommandLine } from './command-line.ts'
import { soakOptions, soakUsage } from './soak-options.ts'
import { runEndToEnd } from './suites.ts'
import { buildTools } from './tools.ts'

const root = join(import.meta.dirname, '..')
const page = join(root, 'docs/availability.md')
const [begin, end] = ['<!-- the table of npm run soak -->', '<!-- its end -->']

const line = readCommandLine(process.argv.slice(2), soakOptions)
const { rounds, perSecond, write } = optionsOrEnd(line, soakUsage)

/** @throws Error where the page has no place for it */
const writeTable = (table: string): void => {
  const before = readFileSync(page, 'utf8')
  const [from, to] = [before.indexOf(begin), before.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${page} does not have the lines ${begin} and ${end}`)
  const taken = `Of ${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, rounds: ${rounds}. Requests a second of each kind to each model: ${perSecond}.`
  writeFileSync(page, `${before.slice(0, from)}${begin}\n${taken}\n\n${table.trim()}\n${before.slice(to)}`)
}

const folder = mkdtempSync(join(tmpdir(), 'gantry-soak-'))
try {
  const table = join(folder, 'table.md')
  process.env['GANTRY_SOAK_ROUNDS'] = String(rounds)
  process.env['GANTRY_SOAK_PER_SECOND'] = String(perSecond)
  process.env['GANTRY_SOAK_TABLE'] = table
  await buildTools()
  const { passed, failed } = await runEndToEnd([join(root, 'e2e/tests/availability.e2e.ts')])
  for (const name of failed) console.log(`failed: ${name}`)
  console.log(`${passed} passed, ${failed.length} failed`)
  if (write) writeTable(readFileSync(table, 'utf8'))
  process.exitCode = failed.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}
