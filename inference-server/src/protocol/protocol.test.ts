import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure, type FailureKind } from '../failures/errors.ts'
import { fromHalf } from '../tensors/half.ts'
import {
  type Datatype,
  datatypes,
  type NamedTensors,
  type Signature,
  type Tensor,
} from '../tensors/tensor.ts'
import { bytesOf } from '../tensors/tensor-binary.ts'
import { bytes, fp32, named } from '../testing/tensors.ts'
import { decodeInfer, encodeInfer, type InferRequest } from './protocol.ts'

const spec = (name: string, datatype: Datatype, shape: readonly number[]) => ({
  name,
  datatype,
  shape,
  symbols: shape.map(() => ''),
})
const signature: Signature = {
  inputs: [spec('x', 'FP32', [-1, 2])],
  outputs: [spec('y', 'FP32', [-1, 2]), spec('z', 'INT64', [-1])],
}

const tensorBody = (change: Record<string, unknown> = {}) => ({
  name: 'x',
  datatype: 'FP32',
  shape: [1, 2],
  data: [1, 2],
  ...change,
})

const decode = (body: unknown, of: Signature = signature, itemOutputs?: readonly string[]): InferRequest =>
  decodeInfer(Buffer.from(JSON.stringify(body)), undefined, {
    signature: of,
    items: itemOutputs && { fields: ['text'], lists: [], outputs: itemOutputs.map((name) => ({ name })) },
  })

const decodeText = (text: string, of: Signature): InferRequest =>
  decodeInfer(Buffer.from(text), undefined, { signature: of, items: undefined })

const decodeBinary = (header: unknown, binary: Uint8Array, of: Signature = signature): InferRequest => {
  const json = Buffer.from(JSON.stringify(header))
  return decodeInfer(Buffer.concat([json, binary]), json.length, { signature: of, items: undefined })
}

const refusal = (run: () => unknown): Failure => {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof Failure, String(error))
    return error
  }
  assert.fail('was not refused')
}

describe('a request', () => {
  test('is read with its id and in the order of the model', () => {
    const of = { ...signature, inputs: [spec('a', 'FP32', [-1]), spec('b', 'FP32', [-1])] }
    const b = { name: 'b', datatype: 'FP32', shape: [1], data: [2] }
    const a = { name: 'a', datatype: 'FP32', shape: [1], data: [1] }
    const request = decode({ id: '7', inputs: [b, a] }, of)
    assert.equal(request.id, '7')
    assert.deepEqual(
      [...request.inputs],
      [
        ['a', fp32([1], [1])],
        ['b', fp32([1], [2])],
      ],
    )
  })

  test('may nest its data as the shape says', () => {
    const { inputs } = decode({
      inputs: [
        tensorBody({
          shape: [2, 2],
          data: [
            [1, 2],
            [3, 4],
          ],
        }),
      ],
    })
    assert.deepEqual(inputs.get('x'), fp32([2, 2], [1, 2, 3, 4]))
  })

  test('names the outputs that it wants, each as JSON or binary', () => {
    const { outputs } = decode({
      inputs: [tensorBody()],
      parameters: { binary_data_output: true },
      outputs: [{ name: 'z', parameters: { binary_data: false } }, { name: 'y' }],
    })
    assert.deepEqual(outputs, [
      { name: 'z', binary: false },
      { name: 'y', binary: true },
    ])
  })

  test('may bring an empty tensor', () => {
    assert.deepEqual(
      decode({ inputs: [tensorBody({ shape: [0, 2], data: [] })] }).inputs.get('x'),
      fp32([0, 2], []),
    )
  })
})

interface Case {
  readonly title: string
  readonly body: unknown
  readonly kind: FailureKind
  readonly field?: string
  readonly sentence: RegExp
}

const cases: readonly Case[] = [
  { title: 'a body that is a list', body: [], kind: 'malformed', sentence: /must be a JSON object/ },
  { title: 'no inputs', body: {}, kind: 'malformed', field: 'inputs', sentence: /list "inputs"/ },
  {
    title: 'an empty list of inputs',
    body: { inputs: [] },
    kind: 'invalid',
    field: 'x',
    sentence: /"x" is missing/,
  },
  {
    title: 'an id that is a number',
    body: { id: 1, inputs: [tensorBody()] },
    kind: 'malformed',
    field: 'id',
    sentence: /id/,
  },
  { title: 'an input that is a number', body: { inputs: [1] }, kind: 'malformed', sentence: /inputs\[0\]/ },
  {
    title: 'an input without a name',
    body: { inputs: [{}] },
    kind: 'malformed',
    sentence: /inputs\[0\] must have a name/,
  },
  {
    title: 'a name that the model does not have',
    body: { inputs: [tensorBody({ name: 'q' })] },
    kind: 'invalid',
    field: 'q',
    sentence: /no input "q"; it takes "x"/,
  },
  {
    title: 'the name __proto__',
    body: JSON.parse('{"inputs":[{"name":"__proto__","datatype":"FP32","shape":[1,2],"data":[1,2]}]}'),
    kind: 'invalid',
    field: '__proto__',
    sentence: /no input "__proto__"/,
  },
  {
    title: 'an input that is there twice',
    body: { inputs: [tensorBody(), tensorBody()] },
    kind: 'invalid',
    field: 'x',
    sentence: /twice/,
  },
  {
    title: 'a datatype that does not exist',
    body: { inputs: [tensorBody({ datatype: 'FLOAT' })] },
    kind: 'invalid',
    field: 'x',
    sentence: /"FLOAT"; use one of .*FP32/,
  },
  {
    title: 'no datatype',
    body: { inputs: [tensorBody({ datatype: undefined })] },
    kind: 'invalid',
    field: 'x',
    sentence: /has no datatype/,
  },
  {
    title: 'another datatype than the model takes',
    body: { inputs: [tensorBody({ datatype: 'INT64' })] },
    kind: 'invalid',
    field: 'x',
    sentence: /INT64, but the model takes FP32/,
  },
  {
    title: 'no shape',
    body: { inputs: [tensorBody({ shape: undefined })] },
    kind: 'invalid',
    field: 'x',
    sentence: /shape of input "x"/,
  },
  {
    title: 'a negative length',
    body: { inputs: [tensorBody({ shape: [-1, 2] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /whole numbers from 0/,
  },
  {
    title: 'a fractional length',
    body: { inputs: [tensorBody({ shape: [1.5, 2] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /whole numbers/,
  },
  {
    title: 'too few axes',
    body: { inputs: [tensorBody({ shape: [2] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /shape \[2\], but the model takes \[-1, 2\]/,
  },
  {
    title: 'a wrong fixed axis',
    body: { inputs: [tensorBody({ shape: [1, 3], data: [1, 2, 3] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /\[1, 3\]/,
  },
  {
    title: 'an enormous shape',
    body: { inputs: [tensorBody({ shape: [2 ** 50, 2] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /2 elements/,
  },
  {
    title: 'no data',
    body: { inputs: [tensorBody({ data: undefined })] },
    kind: 'invalid',
    field: 'x',
    sentence: /no data/,
  },
  {
    title: 'data that is a text',
    body: { inputs: [tensorBody({ data: 'AAAA' })] },
    kind: 'invalid',
    field: 'x',
    sentence: /a string; send a list/,
  },
  {
    title: 'too little data',
    body: { inputs: [tensorBody({ data: [1] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /shape \[1, 2\] but 1 elements/,
  },
  {
    title: 'ragged data',
    body: { inputs: [tensorBody({ shape: [2, 2], data: [[1, 2, 3], [4]] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /3 elements on axis 1/,
  },
  {
    title: 'half nested data',
    body: { inputs: [tensorBody({ shape: [2, 2], data: [[1, 2], 3] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /3 on axis 0/,
  },
  {
    title: 'a text among the numbers',
    body: { inputs: [tensorBody({ data: [1, 'two'] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /element 1 of input "x" is a string/,
  },
  {
    title: 'a list among the numbers',
    body: { inputs: [tensorBody({ data: [{}, 2] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /element 0 of input "x" is an object/,
  },
  {
    title: 'a number beyond FP32',
    body: { inputs: [tensorBody({ data: [1, 1e300] })] },
    kind: 'invalid',
    field: 'x',
    sentence: /1e\+300, which is no FP32/,
  },
  {
    title: 'parameters that are a list',
    body: { inputs: [tensorBody({ parameters: [] })] },
    kind: 'malformed',
    sentence: /parameters of input "x"/,
  },
  {
    title: 'shared memory',
    body: { inputs: [tensorBody({ parameters: { shared_memory_region: 'r' } })] },
    kind: 'invalid',
    field: 'x',
    sentence: /shared memory/,
  },
  {
    title: 'binary data that is not there',
    body: { inputs: [tensorBody({ data: undefined, parameters: { binary_data_size: 8 } })] },
    kind: 'invalid',
    field: 'x',
    sentence: /announces 8 bytes/,
  },
  {
    title: 'an output that the model does not have',
    body: { inputs: [tensorBody()], outputs: [{ name: 'q' }] },
    kind: 'invalid',
    field: 'q',
    sentence: /no output "q"; it gives "y", "z"/,
  },
  {
    title: 'outputs that are an object',
    body: { inputs: [tensorBody()], outputs: {} },
    kind: 'malformed',
    sentence: /outputs must be a list/,
  },
  {
    title: 'classification of an output',
    body: { inputs: [tensorBody()], outputs: [{ name: 'y', parameters: { classification: 2 } }] },
    kind: 'invalid',
    field: 'y',
    sentence: /classification is not supported/,
  },
]

describe('refuses', () => {
  for (const { title, body, kind, field, sentence } of cases) {
    test(title, () => {
      const failure = refusal(() => decode(body))
      assert.equal(failure.kind, kind)
      assert.match(failure.message, sentence)
      if (field !== undefined) assert.equal(failure.field, field)
    })
  }

  test('a body that is no JSON, or not UTF-8', () => {
    assert.match(refusal(() => decodeText('{', signature)).message, /not JSON/)
    const latin1 = Buffer.from('{"id":"\xe9"}', 'latin1')
    const failure = refusal(() => decodeInfer(latin1, undefined, { signature, items: undefined }))
    assert.equal(failure.kind, 'malformed')
    assert.match(failure.message, /UTF-8/)
  })

  test('binary data of the wrong size, left over, or longer than announced', () => {
    const header = (size: number) => ({
      inputs: [tensorBody({ data: undefined, parameters: { binary_data_size: size } })],
    })
    assert.match(
      refusal(() => decodeBinary(header(4), Buffer.alloc(4))).message,
      /4 bytes of binary data, which is not what FP32 \[1, 2\] takes/,
    )
    assert.match(
      refusal(() => decodeBinary(header(8), Buffer.alloc(9))).message,
      /1 bytes of binary data belong to no input/,
    )
    assert.match(
      refusal(() => decodeBinary(header(-8), Buffer.alloc(8))).message,
      /binary_data_size of input "x"/,
    )
    const both = { inputs: [tensorBody({ parameters: { binary_data_size: 8 } })] }
    assert.match(refusal(() => decodeBinary(both, Buffer.alloc(8))).message, /both data and binary_data_size/)
    const short = Buffer.from('{}')
    const failure = refusal(() => decodeInfer(short, 9, { signature, items: undefined }))
    assert.match(failure.message, /is 9, but the body has 2 bytes/)
  })
})

/** Values at the edges of each datatype, as JSON text and as what the model gets. */
const edges: Readonly<Record<Datatype, { readonly json: string; readonly bad: readonly string[] }>> = {
  BOOL: { json: '[true,false,true]', bad: ['[2,0,0]', '["true",true,true]', '[null,true,true]'] },
  UINT8: { json: '[0,1,255]', bad: ['[256,0,0]', '[-1,0,0]', '[1.5,0,0]'] },
  UINT16: { json: '[0,1,65535]', bad: ['[65536,0,0]', '[-1,0,0]'] },
  UINT32: { json: '[0,1,4294967295]', bad: ['[4294967296,0,0]', '[-1,0,0]'] },
  UINT64: {
    json: '[0,9007199254740993,18446744073709551615]',
    bad: ['[18446744073709551616,0,0]', '[-1,0,0]', '[1e30,0,0]'],
  },
  INT8: { json: '[-128,0,127]', bad: ['[128,0,0]', '[-129,0,0]', '[true,0,0]'] },
  INT16: { json: '[-32768,0,32767]', bad: ['[32768,0,0]'] },
  INT32: { json: '[-2147483648,0,2147483647]', bad: ['[2147483648,0,0]', '[0.5,0,0]'] },
  INT64: {
    json: '[-9223372036854775808,9007199254740993,9223372036854775807]',
    bad: ['[9223372036854775808,0,0]', '[-9223372036854775809,0,0]', '[1.5,0,0]', '["1",0,0]'],
  },
  FP16: { json: '[-65504,0.5,0.00006103515625]', bad: ['[65520,0,0]', '["1",0,0]'] },
  FP32: { json: '[-3.4028234663852886e+38,0.5,1.401298464324817e-45]', bad: ['[3.5e38,0,0]', '[[1],0,0]'] },
  FP64: { json: '[-1.7976931348623157e+308,0.1,5e-324]', bad: ['[1e999,0,0]', '[{},0,0]'] },
  BYTES: { json: '["","你好 \\"x\\"","\\u0001"]', bad: ['[1,"",""]', '[null,"",""]', '["\\u0000","",""]'] },
}

const datatypeCases = Object.entries(edges) as [Datatype, (typeof edges)[Datatype]][]
const ofType = (datatype: Datatype): Signature => ({
  inputs: [spec('x', datatype, [-1])],
  outputs: [spec('x', datatype, [-1])],
})

const floating = ['FP16', 'FP32', 'FP64'] as const

describe('numbers that JSON does not have', () => {
  const decoded = (datatype: Datatype, data: string, shape = '[3]', rank = 1): unknown => {
    const of = { ...ofType(datatype), inputs: [spec('x', datatype, new Array<number>(rank).fill(-1))] }
    const body = `{"inputs":[{"name":"x","datatype":"${datatype}","shape":${shape},"data":${data}}]}`
    const tensor = decodeText(body, of).inputs.get('x') as Tensor
    return Array.from(tensor.data as ArrayLike<number>, datatype === 'FP16' ? fromHalf : Number)
  }
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

  for (const datatype of floating) {
    test(`are read for ${datatype}: null, and the words that Python writes`, () => {
      assert.deepEqual(decoded(datatype, '[null,1,null]'), [nan, 1, nan])
      assert.deepEqual(decoded(datatype, '[NaN,-Infinity,Infinity]'), [nan, -infinity, infinity])
      assert.deepEqual(decoded(datatype, '[ NaN , 0.5 , null ]'), [nan, 0.5, nan])
      assert.deepEqual(decoded(datatype, '[[NaN,1],[null,-Infinity]]', '[2,2]', 2), [nan, 1, nan, -infinity])
      assert.deepEqual(decoded(datatype, '[[[Infinity]]]', '[1,1,1]', 3), [infinity])
    })

    test(`are no others for ${datatype}`, () => {
      for (const word of ['nan', 'inf', '-NaN', '+Infinity', 'NaN1', 'None', 'Infinit', 'NaN NaN'])
        assert.match(refusal(() => decoded(datatype, `[1,${word},2]`)).message, /the body is not JSON/, word)
      for (const text of ['"NaN"', '"Infinity"', '""'])
        assert.match(refusal(() => decoded(datatype, `[1,${text},2]`)).message, /element 1 .* is a string/)
      assert.match(
        refusal(() => decoded(datatype, '[1,NaN,1e999]')).message,
        /element 2 of input "x" is Infinity/,
      )
    })
  }

  for (const datatype of datatypes.filter((one) => !floating.some((other) => other === one))) {
    test(`are refused by name for ${datatype}`, () => {
      const good = datatype === 'BYTES' ? '"a"' : datatype === 'BOOL' ? 'true' : '1'
      for (const word of ['null', 'NaN', 'Infinity', '-Infinity']) {
        const failure = refusal(() => decoded(datatype, `[${good},${good},${word}]`))
        assert.equal(
          failure.message.startsWith(`element 2 of input "x" is ${word}, which is no ${datatype}`),
          true,
        )
        assert.equal(failure.field, 'x')
      }
    })
  }

  test('stand nowhere but in tensors', () => {
    const x = '"name":"x","datatype":"FP64","shape":[2]'
    for (const body of [
      `{"id":NaN,"inputs":[{${x},"data":[1,NaN]}]}`,
      `{"inputs":[{${x},"data":[1,2]}],"parameters":{"any":Infinity}}`,
      `{"inputs":[{${x},"data":[1,2],"data":[NaN,2]}],"parameters":{"any":-Infinity}}`,
      `{"inputs":[{${x},"data":[NaN,2],"data":[1,2]}]}`,
      `{"inputs":[{${x},"data":[1,2]}],NaN:1}`,
      `{"inputs":[{${x},"data":[1,NaN]}]`,
    ])
      assert.match(refusal(() => decodeText(body, ofType('FP64'))).message, /the body is not JSON/, body)
  })

  test('leave texts and long integers beside them as they are', () => {
    const of: Signature = {
      ...signature,
      inputs: [spec('x', 'FP64', [-1]), spec('t', 'BYTES', [-1]), spec('n', 'INT64', [-1])],
    }
    const texts = ['NaN', '"NaN', '\\', '-Infinity,', '\\"', 'é']
    const { inputs } = decodeText(
      `{"inputs":[{"name":"x","datatype":"FP64","shape":[2],"data":[NaN,Infinity]},
        {"name":"t","datatype":"BYTES","shape":[6],"data":${JSON.stringify(texts)}},
        {"name":"n","datatype":"INT64","shape":[1],"data":[9007199254740993]}]}`,
      of,
    )
    assert.deepEqual(inputs.get('x')?.data, Float64Array.of(nan, infinity))
    assert.deepEqual(inputs.get('t')?.data, texts)
    assert.deepEqual(inputs.get('n')?.data, BigInt64Array.of(9007199254740993n))
  })
})

const answer = (outputs: NamedTensors, binaryOutput: boolean) =>
  encodeInfer({
    modelName: 'm',
    modelVersion: '1',
    request: { id: undefined, outputs: undefined, binaryOutput },
    outputs,
  })

const bodyOf = (datatype: Datatype, json: string): string =>
  `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[3],"data":${json}}]}`

describe('every datatype', () => {
  for (const [datatype, { json, bad }] of datatypeCases) {
    test(`${datatype} comes back from JSON as it went in`, () => {
      const { inputs } = decodeText(bodyOf(datatype, json), ofType(datatype))
      const { content } = answer(inputs, false)
      assert.equal(
        content,
        `{"model_name":"m","model_version":"1","outputs":[{"name":"x","datatype":"${datatype}","shape":[3],"data":${json}}]}`,
      )
    })

    test(`${datatype} comes back from binary as it went in`, () => {
      const { inputs } = decodeText(bodyOf(datatype, json), ofType(datatype))
      const raw = bytesOf(inputs.get('x') as Tensor)
      // One byte in front leaves everything unaligned, as it is in most requests.
      const header = {
        inputs: [{ name: 'x', datatype, shape: [3], parameters: { binary_data_size: raw.length } }],
      }
      const back = decodeBinary(header, raw, ofType(datatype))
      assert.deepEqual(bytesOf(back.inputs.get('x') as Tensor), raw)
      const { content, headerLength } = answer(back.inputs, true)
      assert.ok(Buffer.isBuffer(content) && headerLength !== undefined)
      assert.deepEqual(content.subarray(headerLength), raw)
      assert.deepEqual(JSON.parse(content.subarray(0, headerLength).toString()).outputs, [
        { name: 'x', datatype, shape: [3], parameters: { binary_data_size: raw.length } },
      ])
    })

    for (const data of bad) {
      test(`${datatype} refuses ${data}`, () => {
        const failure = refusal(() => decodeText(bodyOf(datatype, data), ofType(datatype)))
        assert.equal(failure.kind, 'invalid')
        assert.equal(failure.field, 'x')
        assert.match(failure.message, /element 0 of input "x" /)
      })
    }
  }

  test('BYTES in binary refuses lengths that do not add up', () => {
    const header = (size: number) => ({
      inputs: [{ name: 'x', datatype: 'BYTES', shape: [1], parameters: { binary_data_size: size } }],
    })
    for (const raw of [[3, 0, 0], [9, 0, 0, 0, 65], [255, 255, 255, 255, 65], [0, 0, 0, 0, 0, 0, 0, 0], []]) {
      const failure = refusal(() => decodeBinary(header(raw.length), Uint8Array.from(raw), ofType('BYTES')))
      assert.equal(failure.kind, 'invalid')
      assert.equal(failure.field, 'x')
    }
  })

  test('BYTES in binary refuses what is not UTF-8', () => {
    const header = {
      inputs: [{ name: 'x', datatype: 'BYTES', shape: [1], parameters: { binary_data_size: 5 } }],
    }
    const failure = refusal(() => decodeBinary(header, Uint8Array.of(1, 0, 0, 0, 255), ofType('BYTES')))
    assert.match(failure.message, /"x" has an element that is not UTF-8/)
  })

  test('a BOOL byte other than 0 and 1 is refused', () => {
    const header = {
      inputs: [{ name: 'x', datatype: 'BOOL', shape: [1], parameters: { binary_data_size: 1 } }],
    }
    assert.match(refusal(() => decodeBinary(header, Uint8Array.of(2), ofType('BOOL'))).message, /0 or 1/)
  })
})

describe('an answer', () => {
  test('holds the outputs that were asked for, in that order, and the id', () => {
    const outputs = named({ y: fp32([1], [1]), z: fp32([1], [2]) })
    const request = {
      id: 'a"b',
      outputs: [
        { name: 'z', binary: false },
        { name: 'y', binary: true },
      ],
      binaryOutput: false,
    }
    const { content, headerLength } = encodeInfer({ modelName: 'm', modelVersion: 'v', request, outputs })
    assert.ok(Buffer.isBuffer(content))
    assert.deepEqual(JSON.parse(content.subarray(0, headerLength).toString()), {
      model_name: 'm',
      model_version: 'v',
      id: 'a"b',
      outputs: [
        { name: 'z', datatype: 'FP32', shape: [1], data: [2] },
        { name: 'y', datatype: 'FP32', shape: [1], parameters: { binary_data_size: 4 } },
      ],
    })
  })

  test('writes null where JSON has no number', () => {
    const { content } = answer(named({ y: fp32([3], [Number.NaN, 1, Number.POSITIVE_INFINITY]) }), false)
    assert.deepEqual(JSON.parse(String(content)).outputs[0].data, [null, 1, null])
  })
})

describe('a list of items for a task', () => {
  const tokens: Signature = {
    inputs: [spec('input_ids', 'INT64', [-1, -1])],
    outputs: [spec('logits', 'FP32', [-1, 2])],
  }
  const items = (change: object) =>
    decode(
      { inputs: [{ name: 'text', datatype: 'BYTES', shape: [2], data: ['a', 'b'], ...change }] },
      tokens,
      ['label'],
    )

  test('is one BYTES input, [n] or [n, 1]', () => {
    assert.deepEqual(items({}), {
      id: undefined,
      parameters: {},
      inputs: named({ text: bytes([2], ['a', 'b']) }),
      items: true,
      outputs: undefined,
      binaryOutput: false,
    })
    assert.equal(items({ shape: [2, 1] }).items, true)
  })

  test('has the names of the task, or else is told them', () => {
    const wrong = refusal(() => items({ name: 'whatever' }))
    assert.match(wrong.message, /no input "whatever"; the task takes "text" as BYTES, .* "input_ids"/)
    assert.equal(wrong.field, 'whatever')
    const number = refusal(() => items({ datatype: 'FP32', data: [1, 2] }))
    assert.match(number.message, /"text" has datatype FP32, but the task takes BYTES/)
    const tensor = refusal(() => items({ name: 'input_ids', shape: [2, 1] }))
    assert.match(tensor.message, /"input_ids" has datatype BYTES, but the model takes INT64/)
    const ids = { name: 'input_ids', datatype: 'INT64', shape: [1, 1], data: [1] }
    const word = { name: 'text', datatype: 'BYTES', shape: [1], data: ['a'] }
    const both = refusal(() => decode({ inputs: [ids, word] }, tokens, ['label']))
    assert.match(both.message, /"text" is the task's; send the inputs of the task or those of the model/)
  })

  test('is several BYTES inputs where the task has several, one element of each per item', () => {
    const names = { fields: ['question', 'context'], lists: ['labels'], outputs: [{ name: 'answer' }] }
    const of = (...inputs: readonly (readonly [name: string, ...data: string[]])[]) => {
      const tensors = inputs.map(([name, ...data]) => ({
        name,
        datatype: 'BYTES',
        shape: [data.length],
        data,
      }))
      const body = { inputs: tensors, parameters: { top_k: 2 } }
      return decodeInfer(Buffer.from(JSON.stringify(body)), undefined, { signature: tokens, items: names })
    }
    const {
      inputs,
      items: asItems,
      parameters,
    } = of(['context', 'c', 'd'], ['question', 'q', 'r'], ['labels', 'l'])
    const wanted = {
      context: bytes([2], ['c', 'd']),
      question: bytes([2], ['q', 'r']),
      labels: bytes([1], ['l']),
    }
    assert.deepEqual(inputs, named(wanted))
    assert.deepEqual([asItems, parameters], [true, { top_k: 2 }])
    assert.match(
      refusal(() => of(['question', 'q'], ['context', 'c', 'd'])).message,
      /"context" has 2 elements/,
    )
    assert.match(refusal(() => of(['context', 'c'])).message, /input "question" is missing/)
    assert.match(refusal(() => of(['question', 'q'], ['question', 'q'])).message, /there twice/)
    const other = refusal(() => of(['question', 'q'], ['other', 'c']))
    assert.match(other.message, /the task takes "question", "context", "labels" as BYTES/)
    assert.equal(other.field, 'other')
  })

  test('has no other shape', () => {
    for (const shape of [[], [1, 2], [2, 1, 1]]) {
      assert.match(refusal(() => items({ shape })).message, /\[n\] or \[n, 1\]/)
    }
    assert.match(refusal(() => items({ shape: [0], data: [] })).message, /\[n\] or \[n, 1\]/)
  })

  test('is a tensor like any other where the model has no task, or takes BYTES itself', () => {
    assert.equal(
      refusal(() => decode({ inputs: [{ name: 't', datatype: 'BYTES', shape: [1], data: ['a'] }] }, tokens))
        .field,
      't',
    )
    const { items: asItems } = decode(
      { inputs: [{ name: 'x', datatype: 'BYTES', shape: [1], data: ['a'] }] },
      ofType('BYTES'),
      ['label'],
    )
    assert.equal(asItems, false)
  })
})

describe('axes that the model calls alike', () => {
  const ids = { ...spec('input_ids', 'INT64', [-1, -1]), symbols: ['batch', 'sequence'] }
  const decodeMasked = (symbols: readonly string[], shape: readonly number[]): InferRequest =>
    decode(
      {
        inputs: [
          { name: 'input_ids', datatype: 'INT64', shape: [1, 3], data: [1, 2, 3] },
          { name: 'mask', datatype: 'INT64', shape, data: new Array(shape[1]).fill(1) },
        ],
      },
      { inputs: [ids, { ...spec('mask', 'INT64', [-1, -1]), symbols }], outputs: [] },
    )

  test('have one length', () => {
    assert.deepEqual(decodeMasked(['batch', 'sequence'], [1, 3]).inputs.get('mask')?.shape, [1, 3])
    const { kind, field, message } = refusal(() => decodeMasked(['batch', 'sequence'], [1, 2]))
    assert.deepEqual([kind, field], ['invalid', 'mask'])
    assert.equal(
      message,
      'axis 1 of input "mask" is 2 long, but that of input "input_ids" is 3; the model calls both "sequence" and takes one length',
    )
  })

  test('have one length within one input, too', () => {
    const square = {
      inputs: [{ ...spec('x', 'FP32', [-1, -1, -1]), symbols: ['', 'side', 'side'] }],
      outputs: [],
    }
    const decodeSquare = (shape: readonly number[]): InferRequest =>
      decode({ inputs: [{ name: 'x', datatype: 'FP32', shape, data: new Array(shape[1]).fill(1) }] }, square)
    assert.deepEqual(decodeSquare([1, 1, 1]).inputs.get('x')?.shape, [1, 1, 1])
    assert.match(refusal(() => decodeSquare([1, 2, 1])).message, /the model calls both "side"/)
  })

  test('have the length of others together where the model calls one so', () => {
    assert.deepEqual(decodeMasked(['batch', 'sequence + 1'], [1, 4]).inputs.get('mask')?.shape, [1, 4])
    const { kind, field, message } = refusal(() => decodeMasked(['batch', 'sequence + sequence'], [1, 4]))
    assert.deepEqual([kind, field], ['invalid', 'mask'])
    assert.equal(
      message,
      'input "mask" has an axis of length 4, but the model calls it "sequence + sequence", which is 6 here',
    )
  })

  for (const symbols of [
    ['batch', ''],
    ['batch', 'mask_length'],
    ['batch', 'sequence + past'],
  ])
    test(`and others, such as "${symbols[1]}", any`, () =>
      assert.deepEqual(decodeMasked(symbols, [1, 2]).inputs.get('mask')?.shape, [1, 2]))
})
