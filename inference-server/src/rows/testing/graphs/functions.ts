/** Functions of the model's own, whose attributes say along which axis they work. */
import type { LocalFunction, Node } from '../../../testing/onnx.ts'
import type { Twins } from '../hand-built.ts'
import { call, table } from './writing.ts'

const functionOf = (
  name: string,
  nodes: readonly Node[],
  more: Partial<LocalFunction> = {},
): LocalFunction => ({
  domain: 'own',
  name,
  inputs: ['in'],
  outputs: ['out'],
  nodes,
  opsets: { '': 17, own: 1 },
  ...more,
})

const softmaxOn = functionOf(
  'SoftmaxOn',
  [call('Softmax', ['in'], 'out', { axis: { bound: 'where', kind: 'integer' } })],
  { attributes: ['where'] },
)
const softmaxByDefault = functionOf('SoftmaxOn', softmaxOn.nodes, { defaults: { where: 0 } })
const nested = functionOf('Twice', [
  { ...call('SoftmaxOn', ['in'], 'once', { where: 1 }), domain: 'own' },
  { ...call('SoftmaxOn', ['once'], 'out', { where: -1 }), domain: 'own' },
])

const own = { domain: 'own' } as const

export const functions: Twins = {
  apart: [
    {
      name: 'a function with a bound attribute that says axis 1',
      functions: [softmaxOn],
      build: (b) => b.node('SoftmaxOn', [table(b)], { ...own, attributes: { where: 1 } }),
    },
    {
      name: 'a function called with another axis than its default',
      functions: [softmaxByDefault],
      build: (b) => b.node('SoftmaxOn', [table(b)], { ...own, attributes: { where: 1 } }),
    },
    {
      name: 'a function that calls functions',
      functions: [softmaxOn, nested],
      build: (b) => b.node('Twice', [table(b)], own),
    },
  ],
  meeting: [
    {
      name: 'a function with a bound attribute that says axis 0',
      functions: [softmaxOn],
      build: (b) => b.node('SoftmaxOn', [table(b)], { ...own, attributes: { where: 0 } }),
    },
    {
      name: 'a function whose default is axis 0',
      functions: [softmaxByDefault],
      build: (b) => b.node('SoftmaxOn', [table(b)], own),
    },
  ],
}
