/** Graphs within graphs: where rows stay apart, and the twins in which they do not. */
import type { Graph, Node, OpenValue } from '../../../testing/onnx.ts'
import type { Builder } from '../builder.ts'
import type { HandBuilt, Twins } from '../hand-built.ts'
import { functions } from './functions.ts'
import { call, table } from './writing.ts'

const graphOf = (
  inputs: readonly OpenValue[],
  nodes: readonly Node[],
  outputs: readonly string[],
): { readonly graph: Graph<OpenValue> } => ({
  graph: { inputs, nodes, outputs: outputs.map((name) => ({ name })) },
})

/** x or -x. */
const choice = (builder: Builder, condition: string, x: string, otherwise = 'Neg'): string =>
  builder.node('If', [condition], {
    attributes: {
      then_branch: graphOf([], [call('Relu', [x], 'p')], ['p']),
      else_branch: graphOf([], [call(otherwise, [x], 'q')], ['q']),
    },
  })

const lengthAt = (builder: Builder, x: string, axis: number): string =>
  builder.node('Gather', [builder.node('Shape', [x]), builder.integers(axis)])

const choices: Twins = {
  apart: [
    { name: 'an If on a constant', build: (b) => choice(b, b.constant('BOOL', [], [0]), table(b)) },
    {
      name: 'an If on the length of a sequence',
      build: (b) => {
        const x = b.input('FP32', 'length')
        return choice(b, b.node('Greater', [lengthAt(b, x, 1), b.integers(2)]), x)
      },
    },
    {
      name: 'an If whose branch that mixes is never taken',
      build: (b) => choice(b, b.constant('BOOL', [], [1]), table(b), 'ReduceSum'),
    },
  ],
  meeting: [
    {
      name: 'an If on the sum of all rows',
      build: (b) => {
        const x = table(b)
        const sum = b.node('ReduceSum', [x], { attributes: { keepdims: 0 } })
        return choice(b, b.node('Greater', [sum, b.constant('FP32', [], [0])]), x)
      },
    },
    {
      name: 'an If on the number of rows',
      build: (b) => {
        const x = table(b)
        return choice(b, b.node('Greater', [lengthAt(b, x, 0), b.integers(1)]), x)
      },
    },
    {
      name: 'an If of which one branch turns the rows round',
      build: (b) => {
        const x = b.input('FP32', 'length')
        const starts = b.integers([-1])
        const ends = b.integers([-1000])
        return b.node('If', [b.node('Greater', [lengthAt(b, x, 1), b.integers(2)])], {
          attributes: {
            then_branch: graphOf(
              [],
              [call('Slice', [x, starts, ends, b.integers([0]), b.integers([-1])], 'p')],
              ['p'],
            ),
            else_branch: graphOf([], [call('Identity', [x], 'q')], ['q']),
          },
        })
      },
    },
  ],
}

const bodyOf = (step: Node): { readonly graph: Graph<OpenValue> } =>
  graphOf(
    [
      { name: 'turn', datatype: 'INT64', shape: [] },
      { name: 'before', datatype: 'BOOL', shape: [] },
      { name: 'state', datatype: 'FP32' },
    ],
    [call('Identity', ['before'], 'after'), step],
    ['after', 'next'],
  )

const looped = (builder: Builder, turns: string, state: string, step: Node): string =>
  builder.node('Loop', [turns, builder.constant('BOOL', [], [1]), state], {
    attributes: { body: bodyOf(step) },
  })

const loops: Twins = {
  apart: [
    {
      name: 'a Loop of three turns over what is outside',
      build: (b) => {
        const x = table(b)
        return looped(b, b.integers(3), x, call('Add', ['state', x], 'next'))
      },
    },
    {
      name: 'a Loop of as many turns as the sequence is long',
      build: (b) => {
        const x = b.input('FP32', 'length')
        return looped(b, lengthAt(b, x, 1), x, call('Tanh', ['state'], 'next'))
      },
    },
    {
      name: 'a Loop that keeps every state, the rows on the second axis',
      build: (b) => {
        const x = table(b)
        const { graph } = bodyOf(call('Sin', ['state'], 'next'))
        const body = {
          ...graph,
          nodes: [...graph.nodes, call('Neg', ['next'], 'kept')],
          outputs: [...graph.outputs, { name: 'kept' }],
        }
        const outputs = b.nodes('Loop', [b.integers(3), b.constant('BOOL', [], [1]), x], {
          outputs: 2,
          attributes: { body: { graph: body } },
        })
        return b.node('Transpose', [outputs[1] as string], { attributes: { perm: [1, 0, 2] } })
      },
    },
  ],
  meeting: [
    {
      name: 'a Loop of as many turns as the largest number says',
      build: (b) => {
        const x = table(b)
        const most = b.node('ReduceMax', [x], { attributes: { keepdims: 0 } })
        const turns = b.node('Cast', [b.node('Clip', [most, '', b.constant('FP32', [], [9])])], {
          attributes: { to: 7 },
        })
        return looped(b, turns, x, call('Sin', ['state'], 'next'))
      },
    },
    {
      name: 'a Loop of as many turns as there are rows',
      build: (b) => {
        const x = table(b)
        return looped(b, lengthAt(b, x, 0), x, call('Sin', ['state'], 'next'))
      },
    },
    {
      name: 'a Loop whose step is a softmax over the rows',
      build: (b) => looped(b, b.integers(2), table(b), call('Softmax', ['state'], 'next', { axis: 0 })),
    },
    {
      name: 'a Loop that turns its table round at each of three turns',
      build: (b) => looped(b, b.integers(3), table(b), call('Transpose', ['state'], 'next')),
    },
  ],
}

const runningSum = graphOf(
  [
    { name: 'state', datatype: 'FP32' },
    { name: 'slice', datatype: 'FP32' },
  ],
  [call('Add', ['state', 'slice'], 'next'), call('Identity', ['next'], 'kept')],
  ['next', 'kept'],
)

const scanned = (builder: Builder, start: string, x: string, from: number, to: number): string =>
  builder.nodes('Scan', [start, x], {
    outputs: 2,
    attributes: { body: runningSum, num_scan_inputs: 1, scan_input_axes: [from], scan_output_axes: [to] },
  })[1] as string

const scans: Twins = {
  apart: [
    {
      name: 'a Scan along time',
      build: (b) => {
        const x = b.input('FP32', 'length', 2)
        const start = b.node('Mul', [
          b.node('ReduceSum', [x, b.integers([1])], { attributes: { keepdims: 0 } }),
          b.constant('FP32', [], [0]),
        ])
        return scanned(b, start, x, 1, 1)
      },
    },
  ],
  meeting: [
    {
      name: 'a Scan along the rows',
      build: (b) => scanned(b, b.constant('FP32', [4], [0]), table(b), 0, 0),
    },
  ],
}

const all = [choices, loops, scans, functions]
export const controlApart: readonly HandBuilt[] = all.flatMap(({ apart }) => apart)
export const controlMeeting: readonly HandBuilt[] = all.flatMap(({ meeting }) => meeting)
