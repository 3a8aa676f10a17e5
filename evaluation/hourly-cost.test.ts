import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exceeds, hourlyCost, type PlacedPod, readMoney, type Workload } from './hourly-cost.ts'
import { type Prices, pricesOf } from './prices.ts'

const gb = 1e9
const node: PlacedPod['node'] = {
  name: 'n1',
  labels: { 'node.kubernetes.io/instance-type': 'm5.xlarge', zone: 'a' },
  allocatable: { cpu: 4, memory: 16 * gb, 'nvidia.com/gpu': 2 },
}
const pod: PlacedPod = { node, requests: { cpu: 1, memory: 2 * gb } }
const work: Workload = { pods: [pod], volumes: [], requestsPerHour: 0 }

const sheet = (parts: object): Prices => {
  const read = pricesOf({ currency: 'EUR', ...parts })
  assert.ok(read.kind === 'prices', JSON.stringify(read))
  return read.prices
}
const costOf = (parts: object, workload: Partial<Workload>) => {
  const cost = hourlyCost(sheet(parts), { ...work, ...workload })
  assert.ok(!('unknown' in cost), JSON.stringify(cost))
  return cost
}
const whyUnknown = (parts: object, workload: Partial<Workload>): string => {
  const cost = hourlyCost(sheet(parts), { ...work, ...workload })
  assert.ok('unknown' in cost)
  return cost.unknown
}
const nodes = [{ perHour: 0.4 }]
const withGpu: PlacedPod = { node, requests: { cpu: 1, memory: 2 * gb, 'nvidia.com/gpu': 1 } }

test('a pod pays the larger of its shares of CPU and memory', () => {
  assert.equal(costOf({ nodes }, {}).hardware, 0.1)
  const large = { node, requests: { cpu: 1, memory: 12 * gb } }
  assert.equal(costOf({ nodes }, { pods: [large] }).hardware, 0.4 * (12 / 16))
})

test('every pod pays', () => {
  assert.equal(costOf({ nodes }, { pods: [pod, pod, pod] }).hardware, 0.1 + 0.1 + 0.1)
})

test('a pod that asks for more than its node has pays the node', () => {
  assert.equal(costOf({ nodes }, { pods: [{ node, requests: { cpu: 9 } }] }).hardware, 0.4)
})

test('a GPU without a price of its own is a share of the node', () => {
  assert.equal(costOf({ nodes }, { pods: [withGpu] }).hardware, 0.2)
})

test('a GPU with a price of its own is paid apart from the share of the node', () => {
  const gpus = [{ resource: 'nvidia.com/gpu', perHour: 3 }]
  assert.equal(costOf({ nodes, gpus }, { pods: [withGpu] }).hardware, 3.1)
  assert.equal(costOf({ gpus }, { pods: [withGpu] }).hardware, 3)
})

test('the price of a GPU that other nodes have does not count', () => {
  const gpus = [{ resource: 'nvidia.com/gpu', labels: { zone: 'b' }, perHour: 3 }]
  assert.equal(costOf({ nodes, gpus }, { pods: [withGpu] }).hardware, 0.2)
})

test('the first rule whose labels are all on the node decides', () => {
  const rules = [
    { labels: { zone: 'a', spot: 'yes' }, perHour: 1 },
    { labels: { zone: 'a' }, perHour: 2 },
    { perHour: 3 },
  ]
  assert.equal(costOf({ nodes: rules }, {}).hardware, 0.5)
})

test('a node that no rule matches has no price, and the sentence names it and its labels', () => {
  const rules = [{ labels: { zone: 'b' }, perHour: 1 }]
  assert.match(
    whyUnknown({ nodes: rules }, {}),
    /^no price for node n1: no rule in nodes of the price sheet matches its labels \(node\.kubernetes\.io\/instance-type=m5\.xlarge, zone=a\)/,
  )
})

test('a GPU that the node does not count has no price', () => {
  const odd = { node, requests: { 'amd.com/gpu': 1 } }
  assert.match(whyUnknown({ nodes }, { pods: [odd] }), /^no price for amd\.com\/gpu on node n1/)
})

test('storage is paid by the GB and the month of 730 hours, by its class', () => {
  const storage = [{ storageClass: 'fast', perGbMonth: 0.146 }, { perGbMonth: 0.073 }]
  const volumes = [
    { gb: 10, storageClass: 'fast' },
    { gb: 10, storageClass: undefined },
  ]
  assert.equal(exceeds(costOf({ storage }, { pods: [], volumes }).base, 0.003), false)
  assert.equal(exceeds(costOf({ storage }, { pods: [], volumes }).base, 0.0029), true)
})

test('a storage class that no rule matches has no price', () => {
  const storage = [{ storageClass: 'fast', perGbMonth: 1 }]
  assert.match(
    whyUnknown({ storage }, { volumes: [{ gb: 1, storageClass: 'slow' }] }),
    /^no price for storage class slow/,
  )
  assert.match(
    whyUnknown({ storage }, { volumes: [{ gb: 1, storageClass: undefined }] }),
    /without a storage class/,
  )
})

test('requests are paid one by one', () => {
  assert.equal(costOf({ requests: { perThousand: 2 } }, { requestsPerHour: 500 }).inference, 1)
  assert.equal(costOf({ requests: { perRequest: 0.002 } }, { requestsPerHour: 500 }).inference, 1)
})

test('the total is the sum of its parts', () => {
  const parts = { nodes, storage: [{ perGbMonth: 7.3 }], requests: { perRequest: 0.001 } }
  const { base, hardware, inference, total } = costOf(parts, {
    volumes: [{ gb: 10, storageClass: undefined }],
    requestsPerHour: 100,
  })
  assert.deepEqual([base, hardware, inference, total], [0.1, 0.1, 0.1, 0.1 + 0.1 + 0.1])
})

test('the rounding of sums is not above a limit', () => {
  assert.equal(exceeds(0.1 + 0.2, 0.3), false)
  assert.equal(exceeds(0.300001, 0.3), true)
})

test('money is a decimal with at most six digits behind the point', () => {
  assert.equal(readMoney('5.00'), 5)
  for (const text of ['-1', '1e3', '1.0000001', '', '1,5', '5 EUR']) assert.equal(readMoney(text), undefined)
})
