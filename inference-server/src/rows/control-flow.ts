import { elementTypes, type OnnxGraph } from '../onnx/model.ts'
import { joinedState, sameLengths } from './joined-state.ts'
import {
  at,
  axisOf,
  graphAttribute,
  input,
  intAttribute,
  intsAttribute,
  lengthsOf,
  like,
  needConstant,
  needOffRows,
  type Rule,
  type RuleNode,
  type Rules,
  rankOf,
} from './node.ts'
import type { Polynomial } from './polynomial.ts'
import { constantState, isPlain, type Place, type TensorState } from './tensor-state.ts'
import { need, Unproven } from './unproven.ts'

/** The branch is decided, or both branches give the same state. */
const branch: Rule = (node) => {
  const condition = input(node, 0)
  const decided = condition.values?.elements[0]?.constant
  const branchOf = (name: string): readonly TensorState[] => node.outputsOf(graphAttribute(node, name), [])
  if (decided !== undefined) return branchOf(decided === 0 ? 'else_branch' : 'then_branch')
  need(
    condition.kind === 'constant',
    `the condition depends on the rows${condition.reason ? ` (${condition.reason})` : ''}`,
  )
  const taken = branchOf('then_branch')
  const otherwise = branchOf('else_branch')
  const results = taken.map((state, index) => joinedState(node, state, at(otherwise, index)))
  // The condition may hold the scale of a batch, and decides which branch is taken.
  return results.map((state) => ({ ...state, scale: state.scale ?? condition.scale }))
}

/** States settle within a few steps, or each step makes a longer tensor. */
const maxSteps = 8

/** A loop knows no elements and no bounds of them, which are other ones in each step. */
const carried = (state: TensorState): TensorState => ({ ...state, values: undefined, below: undefined })

const isSettled = (before: readonly TensorState[], after: readonly TensorState[]): boolean =>
  before.every((state, index) => {
    const next = at(after, index)
    const isSameKind = state.kind === next.kind && state.axis === next.axis && state.scale === next.scale
    return isSameKind && sameLengths(state, next)
  })

interface Settled {
  /** States that go from step to step, valid for any number of steps. */
  readonly states: readonly TensorState[]
  /** All outputs of the last step. */
  readonly outputs: readonly TensorState[]
}

/** @param step outputs of a step from the states before it @param carriedAt place of the first state among them */
const settle = (
  node: RuleNode,
  first: readonly TensorState[],
  carriedAt: number,
  step: (states: readonly TensorState[]) => readonly TensorState[],
): Settled => {
  let states = first
  for (let count = 0; count < maxSteps; count++) {
    const outputs = step(states)
    const next = states.map((state, index) =>
      joinedState(node, state, carried(at(outputs, carriedAt + index))),
    )
    const settled = isSettled(states, next)
    states = next
    if (settled) return { states, outputs }
  }
  throw new Unproven('the states of the loop do not settle')
}

/** A further axis for the steps. */
const stacked = (
  state: TensorState,
  axis: number,
  steps: Polynomial,
  scale: Place | undefined,
): TensorState => {
  need(isPlain(state), 'an output of the loop mixes rows')
  const lengths = state.kind === 'rows' ? lengthsOf(state) : state.lengths
  if (!lengths) return { ...constantState(), scale: state.scale ?? scale }
  const at = axis < 0 ? axis + lengths.length + 1 : axis
  need(at >= 0 && at <= lengths.length, 'an axis is out of range')
  const rowAxis = state.axis === undefined ? undefined : state.axis + (at <= state.axis ? 1 : 0)
  return { ...like(state, lengths.toSpliced(at, 0, steps), rowAxis), scale: state.scale ?? scale }
}

/** The number of steps and the condition are the same for every batch. */
const loop: Rule = (node) => {
  needConstant(node, 0, 1)
  const body = graphAttribute(node, 'body')
  const first = node.inputs.slice(2).map((_, index) => carried(input(node, index + 2)))
  const step = (states: readonly TensorState[]): readonly TensorState[] => {
    const counter = constantState([], elementTypes.int64)
    const outputs = node.outputsOf(body, [counter, constantState([], elementTypes.bool), ...states])
    const condition = at(outputs, 0)
    need(condition.kind === 'constant', 'the loop runs as long as the rows say')
    return outputs.map((state) => ({ ...state, scale: state.scale ?? condition.scale }))
  }
  const { states, outputs } = settle(node, first, 1, step)
  const results = outputs
    .slice(1 + first.length)
    .map((state) => stacked(state, 0, node.numbers.fresh({ least: 0 }), outputs[0]?.scale))
  return [...states, ...results]
}

/** What a step of Scan sees of an input: one slice, along another axis than that of the rows. */
const scanned = (state: TensorState, axis: number): TensorState => {
  needOffRows(state, [axis], 'scans along the row axis')
  const lengths = lengthsOf(state).toSpliced(axis, 1)
  const rowAxis = state.axis === undefined ? undefined : state.axis - (axis < state.axis ? 1 : 0)
  return { ...like(state, lengths, rowAxis), scale: state.scale }
}

const scan: Rule = (node) => {
  need(node.opset >= 9, 'Scan before opset 9 is not followed')
  const body: OnnxGraph = graphAttribute(node, 'body')
  const scanCount = intAttribute(node, 'num_scan_inputs')
  need(scanCount !== undefined && scanCount > 0, 'the number of scanned inputs is not given')
  const stateCount = node.inputs.length - scanCount
  need(stateCount >= 0, 'the number of scanned inputs is not given')
  const first = node.inputs.slice(0, stateCount).map((_, index) => carried(input(node, index)))
  const axes = intsAttribute(node, 'scan_input_axes')
  const sources = node.inputs.slice(stateCount).map((_, index) => {
    const state = input(node, stateCount + index)
    return { state, axis: axisOf(axes ? at(axes, index) : 0, rankOf(state)) }
  })
  const slices = sources.map(({ state, axis }) => scanned(state, axis))
  const { states, outputs } = settle(node, first, 0, (before) => node.outputsOf(body, [...before, ...slices]))
  const last = at(sources, sources.length - 1)
  const steps = at(lengthsOf(last.state), last.axis)
  const outputAxes = intsAttribute(node, 'scan_output_axes')
  const results = outputs
    .slice(stateCount)
    .map((state, index) => stacked(state, outputAxes ? at(outputAxes, index) : 0, steps, undefined))
  return [...states, ...results]
}

export const controlFlowRules: Rules = { If: branch, Loop: loop, Scan: scan }
