import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endingsOf, type GraphNode } from './endings.ts'

const node = (operator: string, input: string, ...outputs: string[]): GraphNode => ({
  operator,
  inputs: input.split(' '),
  outputs,
})

const endings: Readonly<Record<string, readonly [GraphNode[], string | undefined]>> = {
  'a layer': [[node('Gemm', 'x w b', 'y')], undefined],
  'an input': [[], undefined],
  Softmax: [[node('Softmax', 'x', 'y')], 'softmax'],
  Sigmoid: [[node('Sigmoid', 'x', 'y')], 'sigmoid'],
  'LogSoftmax, which softmax undoes': [[node('LogSoftmax', 'x', 'y')], undefined],
  'Softmax in another type and shape': [
    [
      node('Softmax', 'x', 'a'),
      node('Squeeze', 'a axes', 'b'),
      node('Cast', 'b', 'c'),
      node('Identity', 'c', 'y'),
    ],
    'softmax',
  ],
  'a quantized Softmax': [
    [node('QLinearSoftmax', 'x', 'a'), node('DequantizeLinear', 'a scale zero', 'y')],
    'softmax',
  ],
  'Softmax between a pair that quantizes': [
    [
      node('Softmax', 'x', 'a'),
      node('QuantizeLinear', 'a scale zero', 'b'),
      node('DequantizeLinear', 'b scale zero', 'y'),
    ],
    'softmax',
  ],
  'Exp divided by its sum': [
    [node('Exp', 'x', 'e'), node('ReduceSum', 'e axes', 's'), node('Div', 'e s', 'y')],
    'softmax',
  ],
  'Exp divided by another sum': [
    [node('Exp', 'x', 'e'), node('ReduceSum', 'x axes', 's'), node('Div', 'e s', 'y')],
    undefined,
  ],
  'Sigmoid beside one minus itself': [
    [node('Sigmoid', 'x', 'p'), node('Sub', 'one p', 'q'), node('Concat', 'q p', 'y')],
    'sigmoid',
  ],
  'a layer behind Softmax': [[node('Softmax', 'x', 'a'), node('MatMul', 'a w', 'y')], undefined],
  'a node that hands on itself': [[node('Identity', 'y', 'y')], undefined],
}
for (const [what, [nodes, ending]] of Object.entries(endings))
  test(`an output made by ${what} ends in ${ending ?? 'no function'}`, () => {
    assert.equal(endingsOf(['y'], nodes, []).get('y'), ending)
  })

test('each output has its own ending', () => {
  const nodes = [node('Gemm', 'x w b', 'logits'), node('Softmax', 'logits', 'probabilities')]
  assert.deepEqual([...endingsOf(['logits', 'probabilities'], nodes, [])], [['probabilities', 'softmax']])
})

test('a function of the model ends as its own output does, though others call nodes the same', () => {
  const body = [node('Softmax', 'a', 'p'), node('Gemm', 'a w b', 'l')]
  const head = { name: 'Head', outputs: ['l', 'p'], nodes: body }
  const nodes = [node('Head', 'x', 'logits', 'y')]
  assert.deepEqual([...endingsOf(['logits', 'y'], nodes, [head])], [['y', 'softmax']])
  const circle = { name: 'Head', outputs: ['y'], nodes: [node('Head', 'x', 'y')] }
  assert.equal(endingsOf(['y'], [node('Head', 'x', 'y')], [circle]).size, 0)
})
