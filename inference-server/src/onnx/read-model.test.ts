import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { temporaryFolder } from '../testing/imports.ts'
import { MalformedMessage } from './malformed-message.ts'
import type { OnnxAttribute, OnnxModel, OnnxTensor } from './model.ts'
import { readModel } from './read-model.ts'
import { tensorElements } from './tensor-elements.ts'

const folder = temporaryFolder()
after(folder.remove)

const path = join(folder.path, 'model.onnx')
const read = (...fields: readonly Buffer[]): OnnxModel => {
  writeFileSync(path, Buffer.concat(fields))
  return readModel(path)
}

/** Protobuf by hand, so that both ways to write a list can be tried. */
const varint = (value: number | bigint): Buffer => {
  const bytes: number[] = []
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)])
    bytes.push(Number(rest & 127n) | 128)
  }
}
const number = (field: number, value: number | bigint): Buffer =>
  Buffer.concat([varint(field * 8), varint(value)])
const bytes = (field: number, ...parts: readonly (Buffer | string)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content])
}
const float = (field: number, value: number): Buffer => {
  const content = Buffer.alloc(4)
  content.writeFloatLE(value)
  return Buffer.concat([varint(field * 8 + 5), content])
}

const graph = (...fields: readonly Buffer[]): Buffer => bytes(7, ...fields)
const attribute = (name: string, type: number, ...fields: readonly Buffer[]): Buffer =>
  bytes(5, bytes(1, name), ...fields, number(20, type))
const nodeWith = (...attributes: readonly Buffer[]): Buffer => bytes(1, bytes(4, 'Op'), ...attributes)
const attributesOf = (...attributes: readonly Buffer[]): readonly OnnxAttribute[] =>
  read(graph(nodeWith(...attributes))).graph.nodes[0]?.attributes ?? []
const tensorOf = (...fields: readonly Buffer[]): OnnxTensor =>
  read(graph(bytes(5, ...fields))).graph.initializers[0] as OnnxTensor

describe('a model file', () => {
  test('has its operator sets, where ONNX has two names for its own', () => {
    const model = read(
      bytes(8, bytes(1, 'ai.onnx'), number(2, 17)),
      bytes(8, bytes(1, 'com.microsoft'), number(2, 1)),
      graph(),
    )
    assert.deepEqual(
      model.opsets,
      new Map([
        ['', 17],
        ['com.microsoft', 1],
      ]),
    )
  })

  test('has nodes with the names of what they take and make, left out ones among them', () => {
    const node = bytes(1, bytes(1, 'x'), bytes(1, ''), bytes(2, 'y'), bytes(3, 'n'), bytes(4, 'Clip'))
    assert.deepEqual(read(graph(node)).graph.nodes, [
      {
        name: 'n',
        operator: 'Clip',
        domain: '',
        overload: '',
        inputs: ['x', ''],
        outputs: ['y'],
        attributes: [],
      },
    ])
  })

  test('has inputs with the lengths, the names or neither of their axes, of any rank or none', () => {
    const shape = bytes(
      2,
      bytes(1, bytes(2, 'batch')),
      bytes(1, number(1, 3)),
      bytes(1),
      bytes(1, number(1, 0)),
    )
    const typed = (...fields: readonly Buffer[]): Buffer => bytes(2, bytes(1, number(1, 1), ...fields))
    const { inputs } = read(
      graph(
        bytes(11, bytes(1, 'a'), typed(shape)),
        bytes(11, bytes(1, 'b'), typed()),
        bytes(11, bytes(1, 'c'), bytes(2, bytes(4, bytes(1, bytes(5))))),
      ),
    ).graph
    const free = { length: undefined, name: undefined }
    assert.deepEqual(
      inputs.map(({ type }) => type),
      [
        {
          kind: 'tensor',
          elementType: 1,
          shape: [{ ...free, name: 'batch' }, { ...free, length: 3 }, free, free],
        },
        { kind: 'tensor', elementType: 1, shape: undefined },
        { kind: 'sequence', element: { kind: 'map' } },
      ],
    )
  })

  test('has functions, with defaults of their attributes', () => {
    const [definition] = read(
      graph(),
      bytes(
        25,
        bytes(1, 'F'),
        bytes(4, 'a'),
        bytes(5, 'b'),
        bytes(7, bytes(4, 'Op')),
        bytes(9, bytes(1, ''), number(2, 18)),
        bytes(10, 'my'),
        bytes(11, bytes(1, 'axis'), number(3, -1), number(20, 2)),
        bytes(13, 'o'),
      ),
    ).functions
    const { name, domain, overload, inputs, outputs, defaults, nodes, opsets } = definition ?? assert.fail()
    assert.deepEqual([name, domain, overload, inputs, outputs], ['F', 'my', 'o', ['a'], ['b']])
    assert.deepEqual(defaults, [{ kind: 'int', name: 'axis', value: -1 }])
    assert.deepEqual([nodes.length, opsets.get('')], [1, 18])
  })

  test('without a graph, or with two, is malformed', () => {
    assert.throws(() => read(number(1, 8)), MalformedMessage)
    assert.throws(() => read(graph(), graph()), MalformedMessage)
  })

  test('with graphs that lie too deep in each other is malformed', () => {
    let nested = nodeWith()
    for (let depth = 0; depth < 70; depth++) nested = nodeWith(attribute('body', 5, bytes(6, nested)))
    assert.throws(() => read(graph(nested)), /64 deep/)
  })
})

describe('an attribute', () => {
  test('is a whole number of 64 bits, exactly', () => {
    const values = [-1, 2 ** 31, -(2n ** 63n), 2n ** 63n - 1n].map((value) =>
      attributesOf(attribute('i', 2, number(3, value))),
    )
    assert.deepEqual(
      values.map(([found]) => found?.kind === 'int' && found.value),
      [-1, 2 ** 31, -(2n ** 63n), 2n ** 63n - 1n],
    )
  })

  test('is a list, packed or not', () => {
    const packed = attribute('l', 7, bytes(8, varint(1), varint(-2), varint(2 ** 40)))
    const single = attribute('l', 7, number(8, 1), number(8, -2), number(8, 2 ** 40))
    const expected = [{ kind: 'ints', name: 'l', value: [1, -2, 2 ** 40] }]
    assert.deepEqual(attributesOf(packed), expected)
    assert.deepEqual(attributesOf(single), expected)
    assert.deepEqual(attributesOf(attribute('f', 6, float(7, 0.5), float(7, -2))), [
      { kind: 'floats', name: 'f', value: [0.5, -2] },
    ])
  })

  test('is a text, a graph, or a name of the function around it', () => {
    const [text, body, reference] = attributesOf(
      attribute('s', 3, bytes(4, Buffer.from([255, 0]))),
      attribute('g', 5, bytes(6, nodeWith())),
      attribute('r', 2, bytes(21, 'axis')),
    )
    assert.deepEqual(text, { kind: 'string', name: 's', value: Buffer.from([255, 0]) })
    assert.equal(body?.kind === 'graph' && body.value.nodes.length, 1)
    assert.deepEqual(reference, { kind: 'reference', name: 'r', value: 'axis' })
  })

  test('is left unread where it is a list of many MiB', () => {
    const long = Buffer.alloc(5 << 20, float(7, 1))
    assert.deepEqual(attributesOf(attribute('nodes_values', 6, long)), [
      { kind: 'unread', name: 'nodes_values' },
    ])
  })
})

describe('a tensor', () => {
  test('has its elements, as raw bytes or in a list of their type', () => {
    const raw = tensorOf(
      number(1, 2),
      number(2, 7),
      bytes(9, Buffer.from(new BigInt64Array([-3n, 2n ** 62n]).buffer)),
    )
    assert.deepEqual(tensorElements(raw), [-3, 2n ** 62n])
    const typed = tensorOf(bytes(1, varint(2)), number(2, 6), bytes(5, varint(-3), varint(7)))
    assert.deepEqual(tensorElements(typed), [-3, 7])
    const half = tensorOf(number(1, 1), number(2, 10), number(5, 0x3800))
    assert.deepEqual(tensorElements(half), [0.5])
  })

  test('of more than 1024 elements is not read, however it is written', () => {
    const weights = tensorOf(number(1, 1025), number(2, 1), bytes(9, Buffer.alloc(4100)))
    assert.deepEqual([weights.dims, weights.content], [[1025], undefined])
    const listed = tensorOf(
      ...Array.from({ length: 1025 }, () => number(7, 1)),
      number(2, 7),
      number(1, 1025),
    )
    assert.equal(listed.content, undefined)
  })

  test('in another file has no elements', () => {
    const entry = bytes(13, bytes(1, 'location'), bytes(2, 'weights'))
    assert.equal(tensorOf(number(1, 1), number(2, 7), entry, number(14, 1)).content, undefined)
  })

  test('whose bytes do not fit its shape has no elements', () => {
    assert.equal(tensorElements(tensorOf(number(1, 3), number(2, 7), bytes(9, Buffer.alloc(8)))), undefined)
  })
})
