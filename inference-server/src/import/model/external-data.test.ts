/** A model may keep its weights in other files, which onnxruntime opens by the names that the model gives. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { ImportError } from '../../failures/import-error.ts'
import { bytes, integer, message } from '../../onnx/write.ts'
import { importOptions, temporaryFolder } from '../../testing/imports.ts'
import { importModel } from '../import-model.ts'

const folder = temporaryFolder()
after(folder.remove)

const pair = (key: string, value: string) => message(13, [bytes(1, key), bytes(2, value)])

/** Fields of a TensorProto of one float. */
type Tensor = readonly Buffer[]
const tensor = (location: string, isMarked = true): Tensor => [
  ...[integer(1, 1), integer(2, 1), bytes(8, 'w'), pair('location', location)],
  ...(isMarked ? [integer(14, 1)] : []),
]

const output = message(12, [bytes(1, 'y')])
const model = (...fields: Buffer[]): Buffer =>
  Buffer.concat([integer(1, 8), message(8, [bytes(1, ''), integer(2, 17)]), ...fields])
const graph = (...fields: Buffer[]): Buffer => message(7, [...fields, output])
/** NodeProto with one attribute. */
const node = (operator: string, attribute: Buffer): Buffer =>
  message(1, [bytes(2, 'y'), bytes(4, operator), message(5, [bytes(1, 'value'), attribute])])
const functionOf = (...fields: Buffer[]): Buffer =>
  message(25, [bytes(1, 'f'), bytes(5, 'b'), ...fields, bytes(10, 'own')])

const places: Readonly<Record<string, (location: string) => Buffer>> = {
  'an initializer': (location) => model(graph(message(5, tensor(location)))),
  'an initializer that does not say that its data is elsewhere': (location) =>
    model(graph(message(5, tensor(location, false)))),
  'a sparse initializer': (location) => model(graph(message(15, [message(1, tensor(location))]))),
  'a Constant': (location) => model(graph(node('Constant', message(5, tensor(location))))),
  'a branch of an If': (location) =>
    model(graph(node('If', message(6, [message(5, tensor(location)), output])))),
  'a function': (location) =>
    model(
      graph(),
      functionOf(message(7, [bytes(4, 'Constant'), message(5, [message(5, tensor(location))])])),
    ),
  'the default of an attribute of a function': (location) =>
    model(graph(), functionOf(message(11, [bytes(1, 'value'), message(5, tensor(location))]))),
}

const locations = [
  '../secret.bin',
  '..',
  'w/../../secret.bin',
  './../secret.bin',
  '/etc/passwd',
  '/dev/zero',
  '//etc/passwd',
  '..\\secret.bin',
  'w\\..\\..\\secret.bin',
  'C:\\secret.bin',
  'weights.bin\0.txt',
  '%2e%2e/secret.bin',
  '..%2fsecret.bin',
  'file:///etc/passwd',
  '~/secret.bin',
  '.',
  '',
  'metadata.json',
]

let count = 0
const importing = async (content: Buffer, files: Readonly<Record<string, Buffer>> = {}) => {
  const place = join(folder.path, `case-${count++}`)
  const source = join(place, 'source')
  mkdirSync(source, { recursive: true })
  writeFileSync(join(place, 'secret.bin'), 'secret')
  for (const [name, data] of Object.entries({ 'model.onnx': content, ...files }))
    writeFileSync(join(source, name), data)
  const volume = join(place, 'models')
  const imported = importModel(importOptions({ source, volume }))
  return imported.then(
    ({ version }) => readdirSync(join(volume, version.id)).sort(),
    (error: unknown) => {
      assert.ok(error instanceof ImportError, String(error))
      assert.deepEqual(readdirSync(volume), [])
      return error
    },
  )
}

describe('a model that names weights outside of its folder, or none that are there, is refused in', () => {
  for (const [place, write] of Object.entries(places))
    test(place, async () => {
      for (const location of locations) {
        const failure = await importing(write(location))
        assert.ok(failure instanceof ImportError, JSON.stringify(location))
        assert.match(failure.reason, /^(UnsafePath|ModelIncomplete)$/, JSON.stringify(location))
      }
    })
})

test('weights beside the model are taken with it, for every place where the model can name them', async () => {
  for (const [place, write] of Object.entries(places)) {
    const files = await importing(write('weights.bin'), { 'weights.bin': Buffer.alloc(4) })
    assert.deepEqual(files, ['metadata.json', 'model.onnx', 'weights.bin'], place)
  }
})
