/** The example of docs/cost.md is computed by the program. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hourlyCost, type PlacedPod } from '../evaluation/hourly-cost.ts'
import { readPrices } from '../evaluation/prices.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/cost.md'), 'utf8')
const example = page.slice(page.indexOf('### An example'), page.indexOf('## Metrics'))
const [, sheet = ''] = /```yaml\n([\s\S]*?)```/.exec(example) ?? []

const pod = (labels: Readonly<Record<string, string>>, gpus: number): PlacedPod => ({
  node: { name: 'n', labels, allocatable: { cpu: 4, memory: 16e9, 'nvidia.com/gpu': gpus } },
  requests: { cpu: 1, memory: 6e9, 'nvidia.com/gpu': gpus },
})
const pods = [pod({}, 0), pod({ 'node.kubernetes.io/instance-type': 'g6.xlarge' }, 1)]

/** The last cell of a row, as it is written. */
const cell = (row: string): string =>
  new RegExp(`^\\| ${row} \\|.*\\| (\\S+) \\|$`, 'm').exec(example)?.[1] ?? ''

test('the worked example of the page has the figures of the program', () => {
  const read = readPrices(sheet)
  assert.ok(read.kind === 'prices', JSON.stringify(read))
  const costOf = (some: readonly PlacedPod[]) => {
    const volumes = [{ gb: 20, storageClass: undefined }]
    const cost = hourlyCost(read.prices, { pods: some, volumes, requestsPerHour: 6000 })
    assert.ok(!('unknown' in cost))
    return cost
  }
  const shown = (money: number): string => money.toFixed(4)
  const all = costOf(pods)
  assert.equal(cell('base'), shown(all.base))
  assert.equal(cell('hardware, first pod'), shown(costOf(pods.slice(0, 1)).hardware))
  assert.equal(cell('hardware, second pod'), shown(costOf(pods.slice(1)).hardware))
  assert.equal(cell('inference'), shown(all.inference))
  assert.equal(cell('total'), shown(all.total))
})

test('the sample is a valid price sheet', () => {
  const sample = readFileSync(join(root, 'manifests/samples/prices.yaml'), 'utf8')
  const text = sample.slice(sample.indexOf('prices.yaml: |') + 'prices.yaml: |\n'.length)
  assert.equal(readPrices(text.replaceAll(/^ {4}/gm, '')).kind, 'prices')
})
