import type { Graph, Node, OpenValue } from '../../../testing/onnx.ts'
import { type Growth, isFloat } from '../growth.ts'
import { anyAxis, lengthNode, type Step, withAxes } from './step.ts'

const graphOf = (
  inputs: readonly OpenValue[],
  nodes: readonly Node[],
  outputs: readonly string[],
  constants: Graph['constants'] = [],
): Graph<OpenValue> => ({ inputs, nodes, outputs: outputs.map((name) => ({ name })), constants })

const single = (op: string, inputs: readonly string[], output: string): Node => ({
  op,
  inputs,
  outputs: [output],
})

/** True or false for the whole batch: fixed, by a length, or by all the numbers. */
const condition = async (growth: Growth, source: string): Promise<string | undefined> => {
  const { draws } = growth
  const choice = draws.between(0, 2)
  if (choice === 0) return growth.constant('BOOL', [], [draws.between(0, 1)])
  if (choice === 1) {
    const length = await lengthNode(growth, source, anyAxis(growth, source))
    const two = growth.integers([draws.between(1, 3)])
    return growth.tryNode(draws.pick(['Greater', 'Equal', 'Less']), [length, two])
  }
  const most = await growth.tryNode('ReduceMax', [source], { attributes: { keepdims: 0 } })
  return growth.tryNode('Greater', [most, growth.constant('FP32', [], [0])])
}

/** A branch that reads tensors of the graph around it. */
const branch = (growth: Growth, source: string): Graph<OpenValue> => {
  const output = growth.builder.fresh()
  const other = growth.float() ?? source
  const { draws } = growth
  return draws.chance(0.5)
    ? graphOf([], [single(draws.pick(['Relu', 'Neg', 'Identity']), [source], output)], [output])
    : graphOf([], [single(draws.pick(['Add', 'Mul']), [source, other], output)], [output])
}

const choice: Step = async (growth) => {
  const source = growth.pick((value) => isFloat(value) && value.shape.length > 0)
  if (source === undefined) return
  const other = growth.draws.chance(0.3) ? (growth.float() ?? source) : source
  await growth.tryNode('If', [await condition(growth, source)], {
    attributes: {
      then_branch: { graph: branch(growth, source) },
      else_branch: { graph: branch(growth, other) },
    },
  })
}

/** The state after a step, made of the state and of something from outside. */
const loopBody = (growth: Growth, extra: string): Graph<OpenValue> => {
  const { draws, builder } = growth
  const [turn, before, state, after, next, kept] = Array.from({ length: 6 }, builder.fresh) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const step = draws.pick([
    single('Relu', [state], next),
    single('Add', [state, extra], next),
    single('Transpose', [state], next),
    single('Softmax', [state], next),
  ])
  return graphOf(
    [
      { name: turn, datatype: 'INT64', shape: [] },
      { name: before, datatype: 'BOOL', shape: [] },
      { name: state, datatype: 'FP32' },
    ],
    [single('Identity', [before], after), step, single('Neg', [next], kept)],
    [after, next, kept],
  )
}

const loop: Step = async (growth) => {
  const { draws } = growth
  const state = growth.float()
  const extra = growth.float()
  if (state === undefined || extra === undefined) return
  const turns = draws.chance(0.6)
    ? growth.integers(draws.between(1, 3))
    : await growth.tryNode('Squeeze', [await lengthNode(growth, state, anyAxis(growth, state))])
  const always = growth.constant('BOOL', [], [1])
  await growth.tryNodes('Loop', [turns, always, state], {
    outputs: 2,
    attributes: { body: { graph: loopBody(growth, extra) } },
  })
}

const scan: Step = async (growth) => {
  const { draws, builder } = growth
  const source = growth.pick((value) => isFloat(value) && value.shape.length > 0)
  if (source === undefined) return
  const axis = draws.between(0, growth.rankOf(source) - 1)
  const shape = growth.tensorOf(source).shape.toSpliced(axis, 1)
  const start = draws.chance(0.5)
    ? growth.constant('FP32', draws.chance(0.5) ? shape : shape.map(() => 1), [1])
    : await withAxes(growth, 'ReduceSum', source, [axis], 13, { keepdims: 0 })
  const [state, slice, next, kept] = [builder.fresh(), builder.fresh(), builder.fresh(), builder.fresh()]
  const body = graphOf(
    [
      { name: state, datatype: 'FP32' },
      { name: slice, datatype: 'FP32' },
    ],
    [single(draws.pick(['Add', 'Max']), [state, slice], next), single('Neg', [next], kept)],
    [next, kept],
  )
  await growth.tryNodes('Scan', [start, source], {
    outputs: 2,
    attributes: {
      body: { graph: body },
      num_scan_inputs: 1,
      scan_input_axes: [axis],
      scan_output_axes: [draws.between(0, shape.length)],
    },
  })
}

/** A loop that runs as often as a number of the data says. */
const loopByNumbers: Step = async (growth) => {
  const source = growth.float()
  const most = await growth.tryNode('ReduceMax', [source], { attributes: { keepdims: 0 } })
  const turns = await growth.tryNode('Cast', [most], { attributes: { to: 7 } })
  const extra = growth.float()
  if (turns === undefined || extra === undefined) return
  await growth.tryNodes('Loop', [turns, growth.constant('BOOL', [], [1]), growth.float()], {
    outputs: 1,
    attributes: { body: { graph: withoutScans(loopBody(growth, extra)) } },
  })
}

const withoutScans = (body: Graph<OpenValue>): Graph<OpenValue> => ({
  ...body,
  outputs: body.outputs.slice(0, 2),
})

export const control: readonly (readonly [weight: number, step: Step])[] = [
  [1, choice],
  [0.7, loop],
  [0.2, loopByNumbers],
  [0.7, scan],
]
