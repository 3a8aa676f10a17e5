/** Model files: what reads them answers, or refuses them by a reason, in bounded time. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImportError } from '../../inference-server/src/failures/import-error.ts'
import { checkFolder } from '../../inference-server/src/import/model/model-check.ts'
import { readDeeper } from '../../inference-server/src/onnx/not-onnx.ts'
import { proveFor } from '../../inference-server/src/sharing/kept-proof.ts'
import { pick } from '../../inference-server/src/testing/fuzz.ts'
import {
  addition,
  identity,
  idSums,
  lookup,
  mlp,
  runningTotal,
} from '../../inference-server/src/testing/models.ts'
import { onnxFile } from '../../inference-server/src/testing/onnx.ts'
import { spoiledBytes } from '../mutation.ts'
import type { Target } from '../target.ts'

const golden = join(import.meta.dirname, '../../inference-server/golden/models')
const files = [
  ...['fill-mask', 'image-classification', 'question-answering', 'translation-t5'],
  ...['text-generation-gpt2', 'zero-shot-image-classification'],
]
const graphOf = (folder: string): Promise<readonly Buffer[]> =>
  readFile(join(golden, folder, 'model.onnx')).then(
    (bytes) => [bytes],
    () => [],
  )

export const graphs: Target = {
  name: 'graph',
  rounds: 1500,
  reaches: ['accepted', 'NotOnnx'],
  open: async () => {
    const root = await mkdtemp(join(tmpdir(), 'gantry-fuzz-'))
    const small = [addition(), identity('FP32'), identity('BYTES'), idSums(), lookup(), mlp(), runningTotal()]
    const right = [
      ...small.map((graph) => onnxFile(graph)),
      ...(await Promise.all(files.map(graphOf))).flat(),
    ]
    const path = join(root, 'model.onnx')
    return {
      make: (random) => spoiledBytes(random, pick(random, right)),
      check: async (input) => {
        await writeFile(path, input)
        try {
          await checkFolder(root, ['model.onnx'], { task: 'tensor', file: undefined })
          await readDeeper(() => proveFor('tensor', path))
          return 'accepted'
        } catch (error) {
          if (error instanceof ImportError) return error.reason
          throw error
        }
      },
      [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
    }
  },
}
