import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pricesOf, readPrices } from './prices.ts'

const valid = {
  currency: 'EUR',
  nodes: [
    { labels: { 'node.kubernetes.io/instance-type': 'g5.xlarge' }, perHour: '1.006' },
    { perHour: 0.2 },
  ],
  gpus: [{ resource: 'nvidia.com/gpu', labels: { 'nvidia.com/gpu.product': 'A100' }, perHour: '3.67' }],
  storage: [{ storageClass: 'fast', perGbMonth: '0.17' }, { perGbMonth: '0.10' }],
  requests: { perThousand: '0.4' },
}

test('a sheet is read from YAML, with prices as numbers or as texts', () => {
  const read = readPrices(`
currency: EUR
nodes:
  - labels: {node.kubernetes.io/instance-type: g5.xlarge}
    perHour: "1.006"
  - perHour: 0.0000005
requests:
  perThousand: 0.4
`)
  assert.deepEqual(read, {
    kind: 'prices',
    prices: {
      currency: 'EUR',
      nodes: [
        { labels: { 'node.kubernetes.io/instance-type': 'g5.xlarge' }, perHour: 1.006 },
        { labels: {}, perHour: 5e-7 },
      ],
      gpus: undefined,
      storage: undefined,
      perRequest: 0.0004,
    },
  })
})

const refused: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly RegExp[]])[] = [
  ['no currency', { currency: undefined }, [/^currency: it is empty/]],
  [
    'a currency that is a sign',
    { currency: '€' },
    [/^currency: it is "€" and must be three capital letters/],
  ],
  [
    'a negative price',
    { nodes: [{ perHour: -0.5 }] },
    [/^nodes\[0\]\.perHour: it is "-0.5" and must be a decimal of zero or more/],
  ],
  ['a price that is no number', { nodes: [{ perHour: Number.NaN }] }, [/^nodes\[0\]\.perHour: it is "NaN"/]],
  [
    'an endless price',
    { requests: { perRequest: Number.POSITIVE_INFINITY } },
    [/^requests\.perRequest: it is "Infinity"/],
  ],
  [
    'a price with a unit',
    { storage: [{ perGbMonth: '0.10 EUR' }] },
    [/^storage\[0\]\.perGbMonth: it is "0.10 EUR"/],
  ],
  ['a price with a comma', { storage: [{ perGbMonth: '0,10' }] }, [/^storage\[0\]\.perGbMonth/]],
  ['a price in another notation', { storage: [{ perGbMonth: '1e3' }] }, [/^storage\[0\]\.perGbMonth/]],
  ['a price that is left out', { nodes: [{ labels: { a: 'b' } }] }, [/^nodes\[0\]\.perHour: it is missing/]],
  [
    'an unknown field of the sheet',
    { node: [] },
    [/^node: there is no such field; there is currency, nodes/],
  ],
  [
    'an unknown field of a rule',
    { nodes: [{ hourly: 1, perHour: 1 }] },
    [/^nodes\[0\]\.hourly: there is no such field/],
  ],
  [
    'a label that is no text',
    { nodes: [{ labels: { spot: true }, perHour: 1 }] },
    [/^nodes\[0\]\.labels\.spot: it is "true" and must be a text; put it in quotes/],
  ],
  ['rules that are no list', { nodes: { perHour: 1 } }, [/^nodes: it is a mapping and must be a list/]],
  [
    'a rule that is no mapping',
    { nodes: ['1'] },
    [/^nodes\[0\]: it is "1" and must be a mapping/, /^nodes\[0\]\.perHour/],
  ],
  ['an empty list', { storage: [] }, [/^storage: it is an empty list/]],
  [
    'more rules than a cluster has machines',
    { nodes: Array.from({ length: 501 }, () => ({ perHour: 1 })) },
    [/^nodes: it has 501 elements, and 500 are allowed/],
  ],
  [
    'a rule behind the one for all others',
    { nodes: [{ perHour: 1 }, { labels: { a: 'b' }, perHour: 2 }] },
    [/^nodes\[1\]: it is never used, since nodes\[0\] comes first/],
  ],
  [
    'a class of storage twice',
    {
      storage: [
        { storageClass: 'a', perGbMonth: 1 },
        { storageClass: 'a', perGbMonth: 2 },
      ],
    },
    [/^storage\[1\]: it is never used/],
  ],
  ['a GPU without its resource', { gpus: [{ perHour: 1 }] }, [/^gpus\[0\]\.resource: it is missing/]],
  [
    'a GPU that is no extended resource',
    { gpus: [{ resource: 'cpu', perHour: 1 }] },
    [/^gpus\[0\]\.resource: it is "cpu"/],
  ],
  ['both prices of requests', { requests: { perRequest: 1, perThousand: 1 } }, [/^requests: give either/]],
  ['no price of requests', { requests: {} }, [/^requests\.perThousand: it is missing/]],
]

for (const [what, change, problems] of refused)
  test(`${what} is refused by the path of its field`, () => {
    const read = pricesOf({ ...valid, ...change })
    assert.ok(read.kind === 'invalid')
    assert.equal(read.problems.length, problems.length, read.problems.join('\n'))
    for (const [index, problem] of problems.entries()) assert.match(read.problems[index] ?? '', problem)
  })

test('the valid sheet that the mistakes are made in is valid', () => {
  assert.equal(pricesOf(valid).kind, 'prices')
})

test('all mistakes are told at once', () => {
  const read = pricesOf({ currency: 'euro', nodes: [{ perHour: -1 }], requests: { perRequest: 'x' } })
  assert.ok(read.kind === 'invalid')
  assert.equal(read.problems.length, 3)
})

for (const [what, text, problem] of [
  ['text that is not YAML', 'currency: [', /^the sheet is not YAML: /],
  ['a key that stands twice', 'currency: EUR\ncurrency: USD', /^the sheet is not YAML: /],
  ['an empty text', '', /^the sheet is not YAML: |^the sheet: it is empty/],
  ['a list', '- currency: EUR', /^the sheet: it is a list and must be a mapping/],
  ['a sheet without a price', 'currency: EUR', /^the sheet has no price: give nodes/],
] as const)
  test(`${what} is refused with a sentence`, () => {
    const read = readPrices(text)
    assert.ok(read.kind === 'invalid')
    assert.match(read.problems[0] ?? '', problem)
  })

test('a list of aliases in the place of a text is refused, and never written out', () => {
  const lists = Array.from({ length: 30 }, (_, level) =>
    level === 0
      ? 'l0: &l0 [q, q]'
      : `l${level}: &l${level} [${Array(9)
          .fill(`*l${level - 1}`)
          .join(', ')}]`,
  )
  const read = readPrices(
    [...lists, 'currency: EUR', 'nodes:', '  - labels: {a: *l29}', '    perHour: 1'].join('\n'),
  )
  assert.equal(read.kind, 'invalid')
  assert.ok(read.problems.some((problem) => problem.startsWith('nodes[0].labels.a: it is a list')))
})
