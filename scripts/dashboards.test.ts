/** Dashboards speak of metrics that exist, or their panels stay empty without a word. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { costMetrics, operatorMetrics, serverMetrics } from '../contract/metrics.ts'

interface Dashboard {
  readonly panels: readonly {
    readonly title: string
    readonly targets: readonly { readonly expr: string }[]
  }[]
}

const folder = join(import.meta.dirname, '../helm/gantry/dashboards')
const known = new Set<string>([
  ...Object.values(serverMetrics),
  ...Object.values(operatorMetrics),
  ...Object.values(costMetrics),
  // prom-client's own, of the process.
  'process_resident_memory_bytes',
  'process_cpu_seconds_total',
])
/** Series of a histogram. */
const suffix = /_(bucket|sum|count)$/

for (const file of readdirSync(folder)) {
  const text = readFileSync(join(folder, file), 'utf8')
  const { panels } = JSON.parse(text) as Dashboard

  for (const { title, targets } of panels) {
    test(`${file}: every metric of "${title}" exists`, () => {
      const names = targets.flatMap(({ expr }) => expr.match(/\b(gantry|process)_\w+/g) ?? [])
      assert.ok(names.length > 0)
      for (const name of names) assert.ok(known.has(name) || known.has(name.replace(suffix, '')), name)
    })
  }
}

test('every metric of the server, and of costs, is on a dashboard', () => {
  const all = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
  for (const name of [...Object.values(serverMetrics), ...Object.values(costMetrics)])
    assert.ok(
      all.some((text) => text.includes(name)),
      name,
    )
})
