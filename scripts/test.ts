/**
 * `npm test` runs everything: checks, optimizer (Python), integration (real API server), then end to end (local cluster) with
 * unit tests beside it.
 * `npm test -- unit` runs one suite, `npm test -- e2e FILE` only that file. The last line is `N passed, N failed`.
 */
import { resolve } from 'node:path'
import { runChecks } from './checks.ts'
import { runOptimizer } from './optimizer/suite.ts'
import { prepareCluster, runEndToEnd, runIntegration, runUnit, runUnitBeside, type Tally } from './suites.ts'
import { buildTools } from './tools.ts'

const suites = {
  check: async () => ({ ...(await runChecks()), skipped: 0 }),
  optimizer: runOptimizer,
  integration: runIntegration,
  unit: runUnit,
  e2e: runEndToEnd,
} satisfies Record<string, (files?: readonly string[]) => Promise<Tally>>
type Suite = keyof typeof suites
const isSuite = (name: string): name is Suite => Object.hasOwn(suites, name)

const [wanted, ...files] = process.argv.slice(2)
if (wanted !== undefined && !isSuite(wanted)) {
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

/** Counts what a suite found. A suite that could not even start is one failure, and the others still run. */
const count = async (name: string, suite: Promise<Tally>): Promise<void> => {
  const suiteStarted = performance.now()
  try {
    const tally = await suite
    passed += tally.passed
    skipped += tally.skipped
    failed.push(...tally.failed.map((test) => `${name}: ${test}`))
    console.log(`${name} took ${minutesSince(suiteStarted)}; slowest:`)
    printSlowest(tally.durations)
  } catch (error) {
    console.error(error)
    failed.push(`${name} did not start`)
  }
}

const announce = (name: string): void => console.log(`\n== ${name} (${minutesSince(started)}) ==`)

const runOne = async (name: Suite): Promise<void> => {
  announce(name)
  await count(name, suites[name](files.length > 0 ? files.map((file) => resolve(file)) : undefined))
}

/** Servers that tests import models from. What cannot be had skips those tests. */
const bringStores = (): Promise<void> =>
  buildTools(['versitygw']).catch((error: unknown) =>
    console.error(`tests that need an S3 server are left out: ${String(error)}`),
  )

const runAll = async (): Promise<void> => {
  const stores = bringStores() // minutes, the first time
  await runOne('check')
  await runOne('optimizer')
  // The cluster comes up while the suite before its own runs, and its own tells what went wrong.
  prepareCluster().catch(() => {})
  await stores
  await runOne('integration')
  announce('unit, beside e2e')
  const beside = count('unit', runUnitBeside())
  await Promise.all([beside, count('e2e', runEndToEnd(undefined, beside))])
}

if (wanted === 'integration' || wanted === 'e2e') await bringStores()
await (wanted === undefined ? runAll() : runOne(wanted))
console.log(`\nfinished in ${minutesSince(started)}`)
for (const name of failed) console.log(`failed: ${name}`)
console.log(`${passed} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed.length === 0 ? 0 : 1)
