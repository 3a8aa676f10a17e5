import assert from 'node:assert/strict'
import { ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { ImportError } from '../failures/import-error.ts'
import { failing, temporaryFolder } from '../testing/imports.ts'
import { mlp } from '../testing/models.ts'
import { onnxFile } from '../testing/onnx.ts'
import { seededRandom } from '../testing/random.ts'
import { readOnnx } from './onnx-file.ts'

const folder = temporaryFolder()
after(folder.remove)

const path = join(folder.path, 'model.onnx')
const read = (content: string | Buffer) => {
  writeFileSync(path, content)
  return readOnnx(path)
}

/** Protobuf by hand: a varint, and a field of bytes. */
const varint = (value: number): Buffer => {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) + 128)
  }
}
const number = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)])
const bytes = (field: number, ...parts: (Buffer | string)[]) => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content])
}

const opset = bytes(8, number(2, 17))
const output = bytes(12, bytes(1, 'y'))
const modelWith = (...graph: Buffer[]) => Buffer.concat([number(1, 8), opset, bytes(7, ...graph, output)])
const entry = (key: string, value: string) => bytes(13, bytes(1, key), bytes(2, value))
/** TensorProto with its values in another file. */
const externalTensor = (location: string) => [bytes(8, 'w'), entry('location', location), number(14, 1)]

test('says what the model takes and gives, without what initializers give', () => {
  assert.deepEqual(read(onnxFile(mlp())), {
    irVersion: 8,
    opsets: { '': 17 },
    inputs: ['x'],
    outputs: ['probabilities'],
    values: new Map(['x', 'probabilities'].map((name) => [name, { name, elementType: 1, isShaped: true }])),
    external: [],
    operators: new Set(['Gemm', 'Relu', 'Softmax']),
    endings: new Map([['probabilities', 'softmax']]),
  })
  const oldStyle = modelWith(bytes(11, bytes(1, 'x')), bytes(11, bytes(1, 'w')), bytes(5, bytes(8, 'w')))
  assert.deepEqual(read(oldStyle).inputs, ['x'])
})

test('says of inputs and outputs of which type they are, and whether they have a shape', () => {
  const tensor = (...parts: Buffer[]) => bytes(2, bytes(1, ...parts))
  const { values } = read(
    modelWith(
      bytes(11, bytes(1, 'scalar'), tensor(number(1, 1), bytes(2))),
      bytes(11, bytes(1, 'any'), tensor(number(1, 16))),
      bytes(11, tensor(bytes(2, bytes(1, number(1, 3))), number(1, 7)), bytes(1, '__proto__')),
      bytes(11, bytes(1, 'sequence'), bytes(2, bytes(4, bytes(1, bytes(1, number(1, 1)))))),
    ),
  )
  assert.deepEqual(
    [...values.values()],
    [
      { name: 'scalar', elementType: 1, isShaped: true },
      { name: 'any', elementType: 16, isShaped: false },
      { name: '__proto__', elementType: 7, isShaped: true },
      { name: 'sequence', elementType: undefined, isShaped: false },
      { name: 'y', elementType: undefined, isShaped: false },
    ],
  )
})

describe('external data is found in every place of a tensor', () => {
  const tensor = externalTensor('weights.bin')
  const attribute = (field: number, ...content: Buffer[]) => bytes(1, bytes(5, bytes(field, ...content)))
  const places: Record<string, Buffer> = {
    'an initializer': modelWith(bytes(5, ...tensor)),
    'a sparse initializer': modelWith(bytes(15, bytes(1, ...tensor))),
    'an attribute': modelWith(attribute(5, ...tensor)),
    'a list of an attribute': modelWith(attribute(10, ...tensor)),
    'a sparse attribute': modelWith(attribute(22, bytes(2, ...tensor))),
    'a graph inside a graph': modelWith(attribute(6, attribute(11, bytes(5, ...tensor)))),
    'a function': Buffer.concat([modelWith(), bytes(25, bytes(7, bytes(5, bytes(5, ...tensor))))]),
    'the default of an attribute of a function': Buffer.concat([
      modelWith(),
      bytes(25, bytes(11, bytes(5, ...tensor))),
    ]),
    'a graph in the default of an attribute of a function': Buffer.concat([
      modelWith(),
      bytes(25, bytes(11, bytes(6, bytes(5, ...tensor)))),
    ]),
    'a training graph': Buffer.concat([modelWith(), bytes(20, bytes(2, bytes(5, ...tensor)))]),
    'a second graph field': Buffer.concat([modelWith(), bytes(7, bytes(5, ...tensor))]),
  }
  for (const [place, content] of Object.entries(places))
    test(place, () => {
      assert.deepEqual(read(content).external, [{ location: 'weights.bin', offset: 0, length: 0 }])
    })

  test('with every location where there are several, and its range', () => {
    const tensors = bytes(
      5,
      entry('location', 'a'),
      entry('location', '../b'),
      entry('offset', '64'),
      entry('length', '8'),
    )
    assert.deepEqual(read(modelWith(tensors)).external, [
      { location: 'a', offset: 64, length: 8 },
      { location: '../b', offset: 64, length: 8 },
    ])
  })
})

describe('what is no model says what it looks like', () => {
  const cases: readonly [string, string | Buffer, RegExp][] = [
    [
      'a web page',
      '<!DOCTYPE html><html><body>Sign in</body></html>',
      /looks like an HTML page; use the address of the file/,
    ],
    ['an error of a store', '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', /an XML document/],
    [
      'a git-lfs pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n',
      /git-lfs pointer.*git lfs pull/,
    ],
    ['JSON', '{"error": "not found"}', /a JSON document/],
    ['a sentence', 'No such file, sorry', /looks like a text \(it begins with "No such file, sorry"/],
    ['nothing', '', /an empty file/],
    ['zeros', Buffer.alloc(5000), /a file of zeros/],
    ['a zip archive', Buffer.from('PK\u0003\u0004rest'), /a zip archive or a PyTorch checkpoint/],
    ['a pickle', Buffer.from([0x80, 0x02, 0x7d, 0x71, 0x00]), /Python pickle/],
    [
      'safetensors',
      Buffer.concat([Buffer.from([9, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"a":1}  ')]),
      /safetensors/,
    ],
    ['ORT format', Buffer.from('\u0010\u0000\u0000\u0000ORTMv5'), /ORT format/],
    ['noise', Buffer.from([0xff, 0x01, 0x99, 0xfe, 0x33, 0x80]), /not an ONNX model; export/],
    ['a message of something else', bytes(1, 'hello'), /no graph or no IR version/],
    ['a graph without outputs', Buffer.concat([number(1, 8), opset, bytes(7, bytes(2, 'g'))]), /no output/],
    ['a model without operator sets', Buffer.concat([number(1, 8), bytes(7, output)]), /no operator set/],
    ['external data without a place', modelWith(bytes(5, number(14, 1))), /without a location/],
    [
      'a strange range',
      modelWith(bytes(5, entry('location', 'a'), entry('offset', '-1'))),
      /offset or length "-1"/,
    ],
  ]
  for (const [what, content, message] of cases)
    test(what, () => {
      assert.throws(() => read(content), failing('NotOnnx', message))
    })

  test('a model that breaks off at any byte', () => {
    const whole = onnxFile(mlp())
    for (const length of [3, 10, 100, whole.length - 1])
      assert.throws(
        () => read(whole.subarray(0, length)),
        failing('NotOnnx', /breaks off after .* upload it again/),
      )
  })

  test('a field that reaches beyond its message', () => {
    const inner = Buffer.concat([varint(5 * 8 + 2), varint(50)])
    const content = Buffer.concat([number(1, 8), bytes(7, inner), Buffer.alloc(100, 8)])
    assert.throws(() => read(content), failing('NotOnnx', /reaches beyond its message/))
  })

  test('graphs that lie in each other without end', () => {
    const nested = (depth: number): Buffer =>
      depth === 0 ? output : Buffer.concat([bytes(1, bytes(5, bytes(6, nested(depth - 1)))), output])
    assert.equal(read(modelWith(nested(60))).outputs.length, 2)
    assert.throws(() => read(modelWith(nested(80))), failing('NotOnnx', /more than 64 deep/))
  })
})

test('damaged bytes are refused or read, and nothing else happens', () => {
  const random = seededRandom(20261123)
  const whole = onnxFile(mlp())
  let refused = 0
  for (let round = 0; round < 1000; round++) {
    const damaged = Buffer.from(whole)
    const reach = round % 2 === 0 ? 60 : damaged.length
    for (let hits = 1 + random() * 5; hits > 0; hits--) damaged[Math.floor(random() * reach)] = random() * 256
    try {
      assert.ok(read(damaged).outputs.length > 0)
    } catch (error) {
      assert.ok(error instanceof ImportError, String(error))
      refused += 1
    }
  }
  assert.ok(refused > 100 && refused < 1000, `${refused} of 1000 were refused`)
})

test('weights of many gigabytes are stepped over, not read', () => {
  const gigabytes = 6 * 1024 ** 3
  const name = bytes(8, 'w')
  const rawData = Buffer.concat([varint(9 * 8 + 2), varint(gigabytes)])
  const tensorLength = name.length + rawData.length + gigabytes
  const tensor = Buffer.concat([varint(5 * 8 + 2), varint(tensorLength), name, rawData])
  const graph = Buffer.concat([varint(7 * 8 + 2), varint(tensor.length + gigabytes + output.length)])
  const start = Buffer.concat([number(1, 8), opset, graph, tensor])
  const file = openSync(path, 'w')
  writeSync(file, start)
  ftruncateSync(file, start.length + gigabytes) // a hole: it takes no space
  writeSync(file, output, 0, output.length, start.length + gigabytes)
  const before = process.memoryUsage().rss
  assert.deepEqual(readOnnx(path).outputs, ['y'])
  assert.ok(process.memoryUsage().rss - before < 32 * 1024 ** 2)
  writeFileSync(path, '')
})
