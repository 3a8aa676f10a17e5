import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { bytes, integer, message } from '../onnx/write.ts'
import { openSession } from '../sessions/session.ts'
import { temporaryFolder } from '../testing/imports.ts'
import { loadAdvice } from './load-advice.ts'

const folder = temporaryFolder()
after(folder.remove)

const [float, text, double] = [1, 8, 11] as const

const value = (field: number, name: string, element: number): Buffer =>
  message(field, [
    bytes(1, name),
    bytes(2, message(1, [integer(1, element), message(2, [message(1, [bytes(2, 'rows')])])])),
  ])

/** A graph of one node. @param more fields of the node */
const graph = (operator: string, element: number, ...more: readonly Buffer[]): Buffer =>
  Buffer.concat([
    integer(1, 8),
    message(7, [
      message(1, [bytes(1, 'x'), bytes(2, 'y'), bytes(4, operator), ...more]),
      ...[bytes(2, 'graph'), value(11, 'x', element), value(12, 'y', element)],
    ]),
    message(8, [bytes(1, ''), integer(2, 17)]),
    message(8, [bytes(1, 'my.domain'), integer(2, 1)]),
  ])

/** A normalizer as scikit-learn's converters write it for texts, with a locale that no machine has. */
const normalizer = graph(
  'StringNormalizer',
  text,
  message(5, [bytes(1, 'case_change_action'), bytes(4, 'LOWER'), integer(20, 3)]),
  message(5, [bytes(1, 'locale'), bytes(4, 'xx_XX.UTF-8'), integer(20, 3)]),
)

describe('of what onnxruntime says, it makes advice:', () => {
  const cases: Readonly<Record<string, readonly [Buffer, RegExp]>> = {
    'a locale that is not there': [
      normalizer,
      /^install the locale xx_XX\.UTF-8 where the server runs .*localedef -i xx_XX -f UTF-8 xx_XX\.UTF-8/,
    ],
    'an operator that the set does not have': [
      graph('Unheard', float),
      /^operator set 17 has no Unheard; export it again/,
    ],
    'an operator of a strange domain': [
      graph('Secret', float, bytes(7, 'my.domain')),
      /^onnxruntime 1\.30 has no my\.domain:Secret; export it again without/,
    ],
    'an operator for other types': [
      graph('Selu', double),
      /^onnxruntime 1\.30 has Selu for other element types/,
    ],
    'a text': [Buffer.from('hello'), /^the file is not whole, or is no ONNX model; copy it again$/],
  }
  for (const [what, [content, advice]] of Object.entries(cases))
    test(what, async () => {
      const path = join(folder.path, 'model.onnx')
      writeFileSync(path, content)
      const error = await openSession(path, 1, 'cpu').then(
        () => assert.fail('was loaded'),
        (caught: Error) => caught,
      )
      assert.match(loadAdvice(error.message), advice, error.message)
    })

  test('what it does not know is no reason to export again', () =>
    assert.doesNotMatch(loadAdvice('something else'), /export/))
})
