import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type GraphText, graphOf, modelOf } from '../testing/onnx-graph.ts'
import { inOrder } from './node-order.ts'
import { proveRows } from './prove.ts'

const nodes = ['Relu(x) -> a', 'Neg(a) -> b', 'Add(a, b) -> c', 'Exp(c) -> y']
const text: GraphText = { inputs: { x: ['batch', 3] }, nodes, outputs: ['y'] }
const operatorsOf = (list: GraphText['nodes']): readonly string[] =>
  inOrder(graphOf({ ...text, nodes: list }).nodes).map(({ operator }) => operator)

test('leaves nodes that are in order as they are', () => {
  const { nodes: list } = graphOf(text)
  assert.equal(inOrder(list), list)
})

test('puts nodes behind those whose outputs they use, for any order of the file', () => {
  assert.deepEqual(operatorsOf(nodes.toReversed()), ['Relu', 'Neg', 'Add', 'Exp'])
  assert.deepEqual(operatorsOf([...nodes.slice(1), ...nodes.slice(0, 1)]), ['Relu', 'Neg', 'Add', 'Exp'])
})

test('puts a node with a graph inside behind what that graph takes from outside', () => {
  const branch = graphOf({ inputs: {}, nodes: ['Neg(a) -> inner'], outputs: ['inner'] })
  const list = [['If(c) -> y', { then_branch: branch, else_branch: branch }], 'Relu(x) -> a'] as const
  assert.deepEqual(operatorsOf(list), ['Relu', 'If'])
})

test('leaves nodes of a circle out, so that what they make is not defined', () => {
  const circle = ['Relu(x) -> a', 'Add(a, c) -> b', 'Neg(b) -> c', 'Exp(c) -> y']
  assert.deepEqual(operatorsOf(circle), ['Relu'])
  assert.equal(proveRows(modelOf({ ...text, nodes: circle })).verdict, 'unproven')
})

test('proves a graph whose casts are written last, and still sees rows meet in one', () => {
  const late = ['Add(cast, cast) -> y', 'Identity(x) -> cast']
  assert.equal(proveRows(modelOf({ ...text, nodes: late })).verdict, 'independent')
  const meeting = ['Add(x, cast) -> y', ['ReduceMax(x, axes) -> cast', { keepdims: 1 }]] as const
  assert.equal(proveRows(modelOf({ ...text, constants: { axes: [0] }, nodes: meeting })).verdict, 'unproven')
})
