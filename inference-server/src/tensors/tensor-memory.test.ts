import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { identity } from '../testing/models.ts'
import { testServer } from '../testing/server.ts'
import { fp32, named } from '../testing/tensors.ts'
import type { Tensor } from './tensor.ts'
import { rowsOf } from './tensor.ts'
import { freeing, readBy } from './tensor-memory.ts'

/** More than is worth copying. */
const width = 8192
const large = (): Tensor => fp32([2, width], new Array<number>(2 * width).fill(1))
const bytesIn = ({ data }: Tensor): number => (data as Float32Array).byteLength

describe('memory that several read', () => {
  test('is freed by the last of them', () => {
    const y = large()
    const rows = [rowsOf(y, 0, 1), rowsOf(y, 1, 2)] as const
    const done = readBy(named({ y }), 2)
    done?.()
    assert.deepEqual(rows.map(bytesIn), [4 * width, 4 * width])
    done?.()
    assert.deepEqual(rows.map(bytesIn), [0, 0])
  })

  test('is left to the collection of garbage where it is little', () => {
    assert.equal(readBy(named({ y: fp32([1, 2], [1, 2]) }), 1), undefined)
  })
})

test('what was sent is freed, unless others look at the same memory', () => {
  const own = Buffer.alloc(4 * width)
  const part = Buffer.from(new ArrayBuffer(8 * width), 0, 4 * width)
  for (const sent of [own, part]) freeing(sent)?.()
  assert.equal(own.byteLength, 0)
  assert.equal(part.byteLength, 4 * width)
})

describe('answers of large tensors', () => {
  const ask = async (
    server: Awaited<ReturnType<typeof testServer>>,
    value: number,
    binary: boolean,
  ): Promise<readonly number[]> => {
    const input = { name: 'x', datatype: 'FP32', shape: [1, width], data: new Array(width).fill(value) }
    const parameters = { binary_data_output: binary }
    const response = await server.post('/v2/models/m/infer', { inputs: [input], parameters })
    assert.equal(response.status, 200)
    if (!binary) return ((await response.json()) as { outputs: { data: number[] }[] }).outputs[0]?.data ?? []
    const at = Number(response.headers.get('inference-header-content-length'))
    return Array.from(new Float32Array((await response.arrayBuffer()).slice(at)))
  }

  for (const args of [[], ['--request-log', 'full']]) {
    test(`are each caller's own where several share a batch and its memory ${args.join(' ')}`, async () => {
      await using server = await testServer(identity('FP32'), [
        '--inline-ms',
        '0',
        '--max-rows',
        '4',
        ...args,
      ])
      for (let round = 0; round < 5; round++) {
        const callers = Array.from({ length: 12 }, (_, index) => round * 12 + index)
        const answers = await Promise.all(callers.map((value) => ask(server, value, value % 2 === 0)))
        for (const [index, answer] of answers.entries()) {
          assert.equal(answer.length, width)
          assert.ok(answer.every((value) => value === callers[index]))
        }
      }
    })
  }
})
