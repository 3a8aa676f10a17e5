import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import { counter, gauge, histogram, type Series } from './series.ts'

/** The text that a scraper gets. */
const scrape = (...all: Series[]): Promise<string> => {
  const registry = new Registry()
  for (const one of all) registry.registerMetric(one as never)
  return registry.metrics()
}

test('a counter keeps one number per combination of labels', async () => {
  const made = counter('c_total', 'Counts.')
  made.increment({ kind: 'a' })
  made.increment({ kind: 'b' })
  made.increment({ kind: 'a' })
  assert.equal(
    await scrape(made),
    '# HELP c_total Counts.\n# TYPE c_total counter\nc_total{kind="a"} 2\nc_total{kind="b"} 1\n',
  )
})

test('a histogram counts values up to each bound, their number and their sum', async () => {
  const made = histogram('h_seconds', 'Durations.', [1, 2])
  for (const value of [0.5, 1, 1.5, 3]) made.observe(value)
  assert.deepEqual((await scrape(made)).split('\n').slice(2, -1), [
    'h_seconds_bucket{le="1"} 2',
    'h_seconds_bucket{le="2"} 3',
    'h_seconds_bucket{le="+Inf"} 4',
    'h_seconds_sum 6',
    'h_seconds_count 4',
  ])
})

test('a histogram keeps versions apart, and sums them up', async () => {
  const made = histogram('h_seconds', 'Durations.', [1])
  made.observe(0.5, 'a')
  made.observe(2, 'b')
  made.observe(3, 'b')
  assert.deepEqual((await scrape(made)).split('\n').slice(2, -1), [
    'h_seconds_bucket{version="a",le="1"} 1',
    'h_seconds_bucket{version="a",le="+Inf"} 1',
    'h_seconds_sum{version="a"} 0.5',
    'h_seconds_count{version="a"} 1',
    'h_seconds_bucket{version="b",le="1"} 0',
    'h_seconds_bucket{version="b",le="+Inf"} 2',
    'h_seconds_sum{version="b"} 5',
    'h_seconds_count{version="b"} 2',
  ])
  assert.deepEqual(made.total(), { sum: 5.5, count: 3 })
})

test('a gauge is read when it is scraped', async () => {
  let value = 1
  const made = gauge('g', 'Now.', () => [{ labels: {}, value }])
  value = 2
  assert.match(await scrape(made), /^g 2$/m)
})
