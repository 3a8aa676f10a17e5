/** The short cut for long lists, held against the whole text going through JSON.parse. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure } from '../failures/errors.ts'
import { type Datatype, datatypes, type Signature } from '../tensors/tensor.ts'
import { seededRandom } from '../testing/random.ts'
import { decodeInfer } from './protocol.ts'
import { parseSparse } from './sparse-json.ts'

const signature: Signature = {
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 2], symbols: ['', ''] },
    { name: 'ids', datatype: 'INT64', shape: [-1], symbols: [''] },
  ],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1], symbols: [''] }],
}
const only = (datatype: Datatype, shape: readonly number[]): Signature => ({
  ...signature,
  inputs: [{ name: 'x', datatype, shape, symbols: shape.map(() => '') }],
})

/** Makes a body worth the short cut. */
const filler = `"parameters":{"filler":"${'f'.repeat(10_000)}"}`

const outcome = (text: string, of: Signature): unknown => {
  try {
    const { inputs, parameters } = decodeInfer(Buffer.from(text, 'latin1'), undefined, {
      signature: of,
      items: undefined,
    })
    return { inputs, parameters }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { message: error.message, kind: error.kind, field: error.field }
  }
}

/** An escape anywhere leads around the short cut, and says the same in as many bytes. */
const assertSame = (members: string, of: Signature = signature): void => {
  const straight = `{"id":"aaaaaa",${filler},${members}}`
  const around = `{"id":"\\u0061",${filler},${members}}`
  assert.deepEqual(outcome(straight, of), outcome(around, of), members.slice(0, 300))
}

const input = (data: string, rest = '"name":"x","datatype":"FP32","shape":[1,2]'): string =>
  `"inputs":[{${rest},"data":${data}}]`
const ids = (data: string, count = 2): string =>
  input(data, `"name":"ids","datatype":"INT64","shape":[${count}]`)

describe('the short cut', () => {
  test('is taken for what clients usually send', () => {
    for (const members of [
      input('[1,2]'),
      input(' [ [ 1.5 , -2e3 ] ] '),
      `"inputs":[{"data":[1,2],"shape":[1,2],"datatype":"FP32","name":"x"}]`,
      `"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":\n[1,2]\n,\n"parameters":{}}]`,
    ]) {
      const of = only('FP32', [-1, 2])
      const sparse = parseSparse(Buffer.from(`{${filler},${members}}`))
      assert.ok(sparse, members)
      const [{ data }] = (sparse.value as { inputs: [{ data: unknown }] }).inputs
      assert.equal(sparse.isRead(), false)
      assert.equal(sparse.tensor('x', 'FP32', [1, 2], 2, data).data.length, 2)
      assert.equal(sparse.isRead(), true)
      assertSame(members, of)
    }
  })

  test('is not taken for small bodies, texts and escapes', () => {
    assert.equal(parseSparse(Buffer.from(`{${input('[1,2]')}}`)), undefined)
    assert.equal(parseSparse(Buffer.from(`{${filler},${input('["a","b"]')}}`)), undefined)
    assert.equal(parseSparse(Buffer.from(`{${filler},"id":"\\n",${input('[1,2]')}}`)), undefined)
  })

  test('says the same of every datatype', () => {
    const lists = [
      '[1,2]',
      '[[1,2]]',
      '[1.5,-2]',
      '[true,false]',
      '["a","b"]',
      '[["a","b"]]',
      '[null,1]',
      '[[null,NaN]]',
      '[NaN,1]',
      '[-Infinity, Infinity]',
      '["NaN",1]',
      '[NaN,"a"]',
      '[-NaN,1]',
      '[NaNNaN,1]',
      '[300,-129]',
      '[1e39,1]',
    ]
    const wide = [
      '[9007199254740993,-9223372036854775808]',
      '[18446744073709551615,0]',
      '[1e18,1e19]',
      '[9223372036854775808,1]',
    ]
    for (const datatype of datatypes) {
      for (const list of [...lists, ...wide, '[65504,65520]', '[0.1,1e-8]', '[1e308,1e309]'])
        assertSame(input(list, `"name":"x","datatype":"${datatype}","shape":[1,2]`), only(datatype, [-1, 2]))
    }
  })

  test('says the same of lists that are wrong', () => {
    for (const list of [
      ...[
        '[1,2',
        '[1,,2]',
        '[1,2,]',
        '[,1,2]',
        '[1 2]',
        '[1,2]]',
        '[[1,2]',
        '[[1],[2]]',
        '[1,[2]]',
        '[[1,2],[3,4]]',
        '[1]',
        '[]',
      ],
      ...[
        '[01,2]',
        '[1.,2]',
        '[.5,2]',
        '[+1,2]',
        '[-,2]',
        '[1e,2]',
        '[NaN,2]',
        '[0x1,2]',
        '[1,2}',
        '{"0":1}',
        '[{},1]',
        '[1,{"data":[1,2]}]',
      ],
      ...[
        'null',
        '3',
        '"[1,2]"',
        '[1,"2"]',
        '[1,"]}"]',
        '[1,"],\\"data\\":[2]"]',
        '[1,\u00a02]',
        '[1,\xff2]',
        '["\xff",1]',
        '[[\xe9,1]]',
      ],
      `[${'['.repeat(3000)}1${']'.repeat(3000)}]`,
      `[1,${'2'.repeat(500)}]`,
    ])
      assertSame(input(list))
  })

  test('says the same of bodies whose keys are odd', () => {
    const tensor = '"name":"x","datatype":"FP32","shape":[1,2]'
    for (const members of [
      `"inputs":[{${tensor},"data":[1,2],"data":[3,4]}]`,
      `"inputs":[{${tensor},"data":[1,,2],"data":[3,4]}]`,
      `"inputs":[{${tensor},"data":[3,4],"data":"none"}]`,
      `"inputs":[{${tensor},"d\\u0061ta":[3,4]}]`,
      `"inputs":[{${tensor},"data":[5,6],"d\\u0061ta":[0]}]`,
      `"inputs":[{${tensor},"say \\"data":[1,2],"data":[3,4]}]`,
      `"inputs":[{${tensor},"parameters":{"data":[1,2]},"data":[3,4]}]`,
      `"inputs":[{${tensor},"parameters":{"data":[1,]},"data":[3,4]}]`,
      `"inputs":[{${tensor},"data":[1,2]}],"data":[0]`,
      `"inputs":[{${tensor},"data":[1,2]}],"outputs":[{"name":"y","data":[1]}]`,
      `"inputs":[{${tensor},"data":[9,9]}],"inputs":[{${tensor},"data":[1,2]}]`,
      `"inputs":[{${tensor},"data":[1,2]},{${tensor},"data":[1,2]}]`,
      `"inputs":[{"name":"nothing","datatype":"FP32","shape":[1,2],"data":[1,,2]}]`,
      `"inputs":[{"name":"x","datatype":"INT64","shape":[1,2],"data":[1,,2]}]`,
      `"inputs":[{${tensor},"data":[1,2]}] trailing`,
      `"inputs":[{${tensor},"data":[1,NaN]}] NaN`,
      `"inputs":[{${tensor},"data":[1,NaN],"data":[3,4]}]`,
      `"inputs":[{${tensor},"note":NaN,"data":[3,4]}]`,
      `"inputs":[{${tensor},"data":[NaN,4]}],"parameters":{"a":Infinity}`,
      `"inputs":[{${tensor},"note":"data","data":[1,2]}]`,
      `"inputs":[{${tensor},"__proto__":{"data":[7]},"data":[1,2]}]`,
      `"inputs":[{${tensor}data":[1,2]}]`,
      `"inputs":[["data",[1,2]]]`,
      `"inputs":[{${tensor},"data" [1,2]}]`,
    ])
      assertSame(members, only('FP32', [-1, 2]))
  })

  test('reads several inputs beside each other', () => {
    const x = '{"name":"x","datatype":"FP32","shape":[2,2],"data":[[1,2],[3,4]]}'
    assertSame(`"inputs":[${x},{"name":"ids","datatype":"INT64","shape":[2],"data":[1,9007199254740993]}]`)
    assertSame(`"inputs":[{"name":"ids","datatype":"INT64","shape":[2],"data":[1,-2]},${x}]`)
    assertSame(`${ids('[1,2]')}`)
  })

  test('says the same of bodies with any byte changed', () => {
    const random = seededRandom(11)
    const x = '{"name":"x","datatype":"FP32","shape":[2,2],"data":[[1.25,-2],[NaN,-Infinity]]}'
    const valid = `"inputs":[{"name":"ids","datatype":"INT64","shape":[2],"data":[1,-20]},${x}]`
    const bytes = '[]{}",:.eE+-0 19adtNI\n\\\xff'
    for (let round = 0; round < 4000; round++) {
      const at = Math.floor(random() * valid.length)
      const byte = bytes[Math.floor(random() * bytes.length)] as string
      const removed = random() < 0.5 ? 1 : 0
      assertSame(valid.slice(0, at) + byte + valid.slice(at + removed))
    }
  })
})
