import assert from 'node:assert/strict'
import { test } from 'node:test'
import { covers } from './covers.ts'

const cases: readonly (readonly [string, boolean, unknown, unknown])[] = [
  ['the same', true, { a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }] }],
  ['what the API server filled in', true, { a: 1, b: 2 }, { a: 1 }],
  ['another value', false, { a: 2 }, { a: 1 }],
  ['a missing member', false, {}, { a: 1 }],
  ['a missing object', false, undefined, { a: 1 }],
  ['a list instead of an object', false, [], { a: 1 }],
  ['a quantity in other words', true, { limits: { memory: '512Mi' } }, { limits: { memory: '0.5Gi' } }],
  ['a quantity as a number', true, { limits: { cpu: '1' } }, { limits: { cpu: 1 } }],
  ['another quantity', false, { limits: { cpu: '1' } }, { limits: { cpu: '1500m' } }],
  [
    'a target in other words',
    true,
    { target: { averageValue: '100m' } },
    { target: { averageValue: '0.1' } },
  ],
  ['text that only looks like a quantity', false, { labels: { v: '1' } }, { labels: { v: '1.0' } }],
  [
    'containers that others added',
    true,
    { containers: [{ name: 'b' }, { name: 'a' }] },
    { containers: [{ name: 'a' }] },
  ],
  ['another container', false, { containers: [{ name: 'b' }] }, { containers: [{ name: 'a' }] }],
  ['more rules than desired', false, { ingress: [{ from: [] }, {}] }, { ingress: [{ from: [] }] }],
  ['arguments in another order', false, { args: ['b', 'a'] }, { args: ['a', 'b'] }],
  ['an empty list that was dropped', true, {}, { tolerations: [] }],
  ['items in a list that must be empty', false, { from: [{}] }, { from: [] }],
  ['empty annotations that were dropped', true, {}, { annotations: {} }],
  ['an empty object that says something', false, {}, { podSelector: {} }],
  [
    'an empty text that was dropped',
    true,
    { tolerations: [{ key: 'a' }] },
    { tolerations: [{ key: 'a', effect: '' }] },
  ],
  [
    'a text where an empty one is desired',
    false,
    { tolerations: [{ effect: 'x' }] },
    { tolerations: [{ effect: '' }] },
  ],
  ['an undefined member', true, {}, { a: undefined }],
  [
    'a port of a Service that somebody else added',
    true,
    {
      spec: {
        ports: [
          { name: 'http', port: 80 },
          { name: 'more', port: 81 },
        ],
      },
    },
    { spec: { ports: [{ name: 'http', port: 80 }] } },
  ],
  [
    'a port of an EndpointSlice that somebody else added',
    false,
    {
      ports: [
        { name: 'http', port: 80 },
        { name: 'more', port: 81 },
      ],
    },
    { ports: [{ name: 'http', port: 80 }] },
  ],
  [
    'a port of a rule of a NetworkPolicy that somebody else added',
    false,
    { spec: { ingress: [{ ports: [{ port: 80 }, { port: 81 }] }] } },
    { spec: { ingress: [{ ports: [{ port: 80 }] }] } },
  ],
]

for (const [name, expected, live, desired] of cases) {
  test(`${name}: ${expected ? 'covers' : 'does not cover'}`, () => {
    assert.equal(covers(live, desired), expected)
  })
}
