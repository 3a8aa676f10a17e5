/**
 * `npm test` runs everything: checks, unit, optimizer (Python), integration (real API server), end to end (local cluster).
 * `npm test -- unit` runs one suite, `npm test -- e2e FILE` only that file. The last line is `N passed, N failed`.
 */
import { resolve } from 'node:path'
import { runChecks } from './checks.ts'
import { runOptimizer } from './optimizer/suite.ts'
import { prepareCluster, runEndToEnd, runIntegration, runUnit, type Tally } from './suites.ts'
import { buildTools } from './tools.ts'

const suites: Readonly<Record<string, (files?: readonly string[]) => Promise<Tally>>> = {
  check: async () => ({ ...(await runChecks()), skipped: 0 }),
  unit: runUnit,
  optimizer: runOptimizer,
  integration: runIntegration,
  e2e: runEndToEnd,
}

const [wanted, ...files] = process.argv.slice(2)
if (wanted !== undefined && !Object.hasOwn(suites, wanted)) {
  console.error(`unknown suite ${wanted}; there are ${Object.keys(suites).join(', ')}`)
  process.exit(2)
}

const started = performance.now()
const minutesSince = (ms: number): string => `${((performance.now() - ms) / 60_000).toFixed(1)} min`

/** Where the time goes, so that the next one sees it. */
const printSlowest = (durations: Tally['durations']): void => {
  const slowest = [...durations].sort(([, one], [, other]) => other - one).slice(0, 10)
  for (const [file, ms] of slowest) console.log(`${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`)
}

if (wanted !== 'unit' && wanted !== 'optimizer') {
  console.log('== tools: downloaded or built once, which takes minutes ==')
  await buildTools(wanted === 'check' ? ['helm'] : undefined)
}
const failed: string[] = []
let passed = 0
let skipped = 0
for (const [name, suite] of Object.entries(suites)) {
  if (wanted !== undefined && wanted !== name) continue
  console.log(`\n== ${name} (${minutesSince(started)}) ==`)
  // The cluster comes up while the suite before its own runs, and its own tells what went wrong.
  if (wanted === undefined && name === 'integration') prepareCluster().catch(() => {})
  const suiteStarted = performance.now()
  try {
    const tally = await suite(files.length > 0 ? files.map((file) => resolve(file)) : undefined)
    passed += tally.passed
    skipped += tally.skipped
    failed.push(...tally.failed.map((test) => `${name}: ${test}`))
    console.log(`${name} took ${minutesSince(suiteStarted)}; slowest:`)
    printSlowest(tally.durations)
  } catch (error) {
    // The suite could not even start: one failure, and the others still run.
    console.error(error)
    failed.push(`${name} did not start`)
  }
}
console.log(`\nfinished in ${minutesSince(started)}`)
for (const name of failed) console.log(`failed: ${name}`)
console.log(`${passed} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed.length === 0 ? 0 : 1)
