import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { openSession, runSession } from '../sessions/session.ts'
import { rowsOf, type Tensor } from '../tensors/tensor.ts'
import { temporaryFolder } from '../testing/imports.ts'
import { mlp } from '../testing/models.ts'
import { onnxFile } from '../testing/onnx.ts'
import { seededRandom } from '../testing/random.ts'
import { forest } from '../testing/trees.ts'
import { readTreeEnsembles, treeBatching } from './tree-ensembles.ts'

const folder = temporaryFolder()
after(folder.remove)
const golden = join(import.meta.dirname, '../../golden/tabular')

const written = (name: string, content: Buffer): string => {
  const path = join(folder.path, `${name}.onnx`)
  writeFileSync(path, content)
  return path
}

const random = seededRandom(28)
const rows = 60
const x: Tensor = {
  dtype: 'FP32',
  shape: [rows, 4],
  data: Float32Array.from({ length: rows * 4 }, () => random() * 2 - 1),
}

/** Scores of rows `from` to `to` in one run, as bits. */
const scorer = async (path: string, threads: number) => {
  const session = await openSession(path, threads, 'cpu')
  const scores = async (from: number, to: number): Promise<readonly number[]> => {
    const part = rowsOf(x, from, to)
    const outputs = await runSession(
      session,
      new Map([['x', { ...part, data: part.data.slice() } as Tensor]]),
    )
    return [...((outputs.get('scores') as Tensor).data as Float32Array)]
  }
  return { scores, [Symbol.asyncDispose]: () => session.release() }
}

describe('onnxruntime, whose limits these are, gives a row the same bits', () => {
  test('in any number of rows on one thread', async () => {
    await using one = await scorer(written('one-thread', forest(100, 3)), 1)
    const all = await one.scores(0, rows)
    for (const [from, to] of [
      [0, 1],
      [0, 50],
      [7, 12],
      [0, 51],
    ] as const)
      assert.deepEqual(await one.scores(from, to), all.slice(from * 3, to * 3), `${from} to ${to}`)
  })

  for (const trees of [80, 100])
    test(`of ${trees} trees on two threads, in every batch that is allowed`, async () => {
      const path = written(`forest-${trees}`, forest(trees, 3))
      const batching = treeBatching(readTreeEnsembles(path), 2, 64)
      assert.equal(batching?.maxRows, 50)
      await using two = await scorer(path, 2)
      const most = await two.scores(0, 50)
      for (const [from, to] of [
        [0, 1],
        [3, 4],
        [0, 2],
        [10, 42],
        [48, 50],
      ] as const)
        if (!batching.runsAlone(to - from))
          assert.deepEqual(await two.scores(from, to), most.slice(from * 3, to * 3), `${from} to ${to}`)
      assert.deepEqual([1, 2, 50, 51].map(batching.runsAlone), [trees > 80, trees > 80, trees > 80, true])
    })

  test('but not beyond: the limits are no stricter than they have to be', async () => {
    await using two = await scorer(written('beyond', forest(100, 3)), 2)
    const most = await two.scores(0, 50)
    assert.notDeepEqual((await two.scores(0, rows)).slice(0, most.length), most)
    const alone = await Promise.all(Array.from({ length: 50 }, (_, row) => two.scores(row, row + 1)))
    assert.notDeepEqual(alone.flat(), most)
  })
})

describe('a model', () => {
  test('without trees, or on one thread, has no limit', () => {
    const path = written('mlp', onnxFile(mlp()))
    assert.equal(readTreeEnsembles(path), undefined)
    assert.equal(treeBatching(undefined, 2, 32), undefined)
    assert.equal(treeBatching({ treesOfMany: 500 }, 1, 32), undefined)
  })

  test('says how many trees it has', () => {
    for (const [name, treesOfMany] of [
      ['sklearn-forest-numbers', 3],
      ['catboost-names', 3],
      ['lightgbm-two', 2],
      ['xgboost-three', 6],
    ] as const)
      assert.deepEqual(readTreeEnsembles(join(golden, `${name}.onnx`)), { treesOfMany }, name)
  })

  test('whose largest batch is small cuts no request for that', () => {
    const batching = treeBatching({ treesOfMany: 10 }, 2, 8)
    assert.deepEqual([batching?.maxRows, batching?.runsAlone(8), batching?.runsAlone(9)], [8, false, true])
  })
})
