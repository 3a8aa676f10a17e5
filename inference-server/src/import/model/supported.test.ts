import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { readOnnx } from '../../onnx/onnx-file.ts'
import { bytes, integer, message } from '../../onnx/write.ts'
import { openSession } from '../../sessions/session.ts'
import { failing, temporaryFolder } from '../../testing/imports.ts'
import { checkSupported, onnxruntime } from './supported.ts'

const folder = temporaryFolder()
after(folder.remove)
const path = join(folder.path, 'model.onnx')

const float = 1
const tensorType = (element: number): Buffer =>
  message(1, [integer(1, element), message(2, [message(1, [bytes(2, 'rows')])])])
const value = (field: number, name: string, type: Buffer): Buffer =>
  message(field, [bytes(1, name), bytes(2, type)])
const opset = (domain: string, version: number): Buffer => message(8, [bytes(1, domain), integer(2, version)])

interface Change {
  readonly ir?: number
  readonly opsets?: readonly Buffer[]
  readonly operator?: string
  readonly domain?: string
  readonly input?: Buffer
  readonly output?: Buffer
  readonly functions?: readonly Buffer[]
}

/** y = x with something changed. */
const write = (change: Change = {}): void => {
  const node = message(1, [
    ...[bytes(1, 'x'), bytes(2, 'y'), bytes(4, change.operator ?? 'Identity')],
    bytes(7, change.domain ?? ''),
  ])
  const input = value(11, 'x', change.input ?? tensorType(float))
  const output = value(12, 'y', change.output ?? tensorType(float))
  const content = [
    integer(1, change.ir ?? 8),
    message(7, [node, bytes(2, 'graph'), input, output]),
    ...(change.opsets ?? [opset('', 17)]),
    ...(change.functions ?? []),
  ]
  writeFileSync(path, Buffer.concat(content))
}

const check = (change: Change): void => {
  write(change)
  checkSupported(path, readOnnx(path), new Set())
}
const refused = (change: Change, message: RegExp): void =>
  assert.throws(() => check(change), failing('ModelUnsupported', message))

describe('of versions, this onnxruntime loads the newest that is allowed, and no newer one', () => {
  const loads = async (change: Change): Promise<boolean> => {
    write(change)
    return openSession(path, 1, 'cpu').then(
      (session) => session.release().then(() => true),
      () => false,
    )
  }

  test('of the file format', async () => {
    const ir = onnxruntime.irVersion
    check({ ir })
    assert.equal(await loads({ ir }), true)
    assert.equal(await loads({ ir: ir + 1 }), false)
    refused(
      { ir: ir + 1 },
      /^the model is of IR version 14, and onnxruntime 1\.30 reads versions up to 13; set/,
    )
  })

  for (const [domain, version] of onnxruntime.opsets)
    test(`of the operators of ${domain || 'ai.onnx'}`, async () => {
      const others = domain === '' ? [] : [opset('', 17)]
      check({ opsets: [...others, opset(domain, version)] })
      assert.equal(await loads({ opsets: [...others, opset(domain, version)] }), true)
      const newer = { opsets: [...others, opset(domain, version + 1)] }
      assert.equal(await loads(newer), false)
      refused(
        newer,
        new RegExp(
          `needs operator set ${version + 1} of ${domain || 'ai.onnx'}.*export it again for ${version} or lower`,
        ),
      )
    })
})

describe('operators of a domain that onnxruntime does not have', () => {
  const opsets = [opset('', 17), opset('my.domain', 1)]

  test('are named', () => {
    refused(
      { operator: 'Secret', domain: 'my.domain', opsets },
      /needs operators of its own domain, which onnxruntime does not have; export it without.*\("Secret" of "my\.domain"\)$/,
    )
    refused(
      {
        operator: 'BertTokenizer',
        domain: 'ai.onnx.contrib',
        opsets: [opset('', 17), opset('ai.onnx.contrib', 1)],
      },
      /needs operators of the domain ai\.onnx\.contrib.*onnxruntime-extensions \("BertTokenizer"/,
    )
  })

  test('are fine where the model defines them, or none is used', () => {
    const body = message(7, [bytes(1, 'a'), bytes(2, 'b'), bytes(4, 'Identity')])
    const functions = [
      message(25, [
        ...[
          bytes(1, 'Secret'),
          bytes(4, 'a'),
          bytes(5, 'b'),
          body,
          message(9, [bytes(1, ''), integer(2, 17)]),
        ],
        bytes(10, 'my.domain'),
      ]),
    ]
    check({ operator: 'Secret', domain: 'my.domain', opsets, functions })
    check({ opsets })
  })
})

test('what is no tensor is named with the operator that makes it', () => {
  const sequence = message(4, [message(1, [tensorType(float)])])
  refused(
    { output: sequence, operator: 'SequenceConstruct' },
    /^an output is a sequence, and only tensors.*"y", made by "SequenceConstruct"/,
  )
  refused({ input: sequence }, /^an input is a sequence.*"x"/)
})

test('an element type that the protocol lacks is named', () => {
  refused(
    { input: tensorType(16) },
    /^an input is of type BF16, which the protocol cannot carry; put a Cast.*"x"/,
  )
  refused({ output: tensorType(17) }, /^an output is of type FLOAT8E4M3FN.*"y", made by "Identity"/)
})
