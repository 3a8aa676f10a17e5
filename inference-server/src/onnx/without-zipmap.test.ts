import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { openSession, runSession, signatureOf } from '../sessions/session.ts'
import { temporaryFolder } from '../testing/imports.ts'
import { identity } from '../testing/models.ts'
import { onnxFile } from '../testing/onnx.ts'
import { type ClassNames, classNames } from './class-names.ts'
import { withoutZipMap } from './without-zipmap.ts'
import { bytes, integer, message } from './write.ts'

const golden = join(import.meta.dirname, '../../golden/tabular')
const folder = temporaryFolder()
after(folder.remove)

type Probabilities = { readonly classes: ClassNames; readonly rows: readonly (readonly number[])[] }
interface Expected {
  readonly rows: readonly (readonly number[])[]
  readonly models: Readonly<
    Record<
      string,
      {
        readonly input: string
        readonly outputs: Readonly<Record<string, readonly unknown[] | Probabilities>>
      }
    >
  >
}
/** What onnxruntime in Python makes of the files as their exporters wrote them; golden/tabular.py writes it. */
const { rows, models }: Expected = JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8'))
const zipped = Object.entries(models).filter(([name]) => name !== 'xgboost-three')

const input = {
  dtype: 'FP32',
  shape: [rows.length, 4],
  data: Float32Array.from(rows.flat()),
} as const

/** The file without its ZipMap, as an import writes it. */
const written = (name: string): string => {
  const path = join(folder.path, `${name}.onnx`)
  const rewritten = withoutZipMap(join(golden, `${name}.onnx`))
  assert.ok(rewritten, name)
  const content = Buffer.concat([...rewritten.chunks()])
  assert.equal(content.length, rewritten.sizeBytes)
  writeFileSync(path, content)
  return path
}

describe('a classifier as scikit-learn, LightGBM or CatBoost export it', () => {
  for (const [name, { input: inputName, outputs }] of zipped)
    test(`${name} gives its probabilities as a tensor, to the last bit, from the file as it is and as an import writes it`, async () => {
      for (const path of [join(golden, `${name}.onnx`), written(name)]) {
        const session = await openSession(path, 1, 'cpu')
        const found = await runSession(session, new Map([[inputName, input]]))
        for (const [output, expected] of Object.entries(outputs)) {
          const tensor = found.get(output)
          assert.ok(tensor, output)
          if (!('classes' in expected)) {
            assert.deepEqual(
              [...(tensor.data as Iterable<unknown>)].map((value) =>
                typeof value === 'bigint' ? Number(value) : value,
              ),
              expected,
            )
            continue
          }
          assert.deepEqual([tensor.dtype, tensor.shape], ['FP32', [rows.length, expected.classes.length]])
          assert.deepEqual([...tensor.data], expected.rows.flat())
          const spec = signatureOf(session, path).outputs.find((one) => one.name === output)
          assert.deepEqual(spec?.shape, [-1, expected.classes.length])
        }
        await session.release()
      }
    })

  test('keeps the names of its classes, texts and whole numbers of both signs', () => {
    for (const [name, { outputs }] of zipped) {
      const expected = Object.entries(outputs).flatMap(([output, value]) =>
        'classes' in value ? [[output, value.classes] as const] : [],
      )
      assert.deepEqual([...(withoutZipMap(join(golden, `${name}.onnx`))?.classes ?? [])], expected, name)
      assert.deepEqual([...classNames(written(name))], expected, name)
    }
  })

  test('is not rewritten twice', () => {
    for (const [name] of zipped) assert.equal(withoutZipMap(written(name)), undefined, name)
  })
})

test('a model without ZipMap stays as it is', () => {
  assert.equal(withoutZipMap(join(golden, 'xgboost-three.onnx')), undefined)
  const path = join(folder.path, 'identity.onnx')
  writeFileSync(path, onnxFile(identity('FP32')))
  assert.equal(withoutZipMap(path), undefined)
  assert.deepEqual([...classNames(path)], [])
})

test('weights in a file of their own stay there', async () => {
  const path = join(folder.path, 'scaled.onnx')
  const zipMap = message(1, [
    bytes(1, 'scores'),
    bytes(2, 'probabilities'),
    bytes(4, 'ZipMap'),
    message(5, [bytes(1, 'classlabels_int64s'), integer(8, 0), integer(8, 1), integer(20, 7)]),
    bytes(7, 'ai.onnx.ml'),
  ])
  const mapped = message(12, [bytes(1, 'probabilities'), bytes(2, '')])
  const weights = message(5, [
    ...[integer(1, 2), integer(2, 1), bytes(8, 'factor')],
    ...[message(13, [bytes(1, 'location'), bytes(2, 'scaled.bin')]), integer(14, 1)],
  ])
  const feature = message(11, [
    bytes(1, 'x'),
    bytes(2, message(1, [integer(1, 1), message(2, [message(1, []), message(1, [integer(1, 2)])])])),
  ])
  const multiply = message(1, [bytes(1, 'x'), bytes(1, 'factor'), bytes(2, 'scores'), bytes(4, 'Mul')])
  const graph = message(7, [multiply, zipMap, bytes(2, 'graph'), weights, feature, mapped])
  const opsets = [
    message(8, [bytes(1, ''), integer(2, 17)]),
    message(8, [bytes(1, 'ai.onnx.ml'), integer(2, 3)]),
  ]
  writeFileSync(path, Buffer.concat([integer(1, 8), graph, ...opsets]))
  writeFileSync(join(folder.path, 'scaled.bin'), Buffer.from(Float32Array.of(2, 3).buffer))
  const session = await openSession(path, 1, 'cpu')
  const x = { dtype: 'FP32', shape: [2, 2], data: Float32Array.of(1, 1, 2, 2) } as const
  const outputs = await runSession(session, new Map([['x', x]]))
  assert.deepEqual([...(outputs.get('probabilities')?.data ?? [])], [2, 3, 4, 6])
  await session.release()
})
