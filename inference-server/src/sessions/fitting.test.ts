import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Accelerator } from '@gantry/contract/server.ts'
import type { NamedTensors } from '../tensors/tensor.ts'
import { allocationErrors, type FakeMemory, fakeDevices } from '../testing/memory.ts'
import { fp32, named } from '../testing/tensors.ts'
import { createFitting } from './fitting.ts'

const count = (length: number, factor = 1): number[] => Array.from({ length }, (_, index) => index * factor)
const inputs = (rows: number, width = 1): NamedTensors =>
  named({ x: fp32([rows, width], count(rows * width)) })
const doubled = (rows: number, width = 1): NamedTensors =>
  named({ y: fp32([rows, width], count(rows * width, 2)) })

const world = (memory: FakeMemory, active: Accelerator = 'cuda') => {
  const devices = fakeDevices(memory)
  const cuts: number[] = []
  const moves: string[] = []
  const fitting = createFitting<Accelerator>({
    sessions: active,
    active,
    ...devices,
    onCut: (rows) => cuts.push(rows),
    onMoved: (reason) => moves.push(reason),
  })
  /** Rows of each attempt since the last call, those on the CPU negative. */
  const attempts = (): number[] =>
    devices.runs.splice(0).map(({ on, rows }) => (on === 'cuda' ? rows : -rows))
  return {
    ...devices,
    fitting,
    cuts,
    moves,
    attempts,
    run: (tensors: NamedTensors, rows?: number) => fitting.run(devices.work, tensors, rows),
  }
}

describe('a run that does not fit in memory', () => {
  for (const text of allocationErrors) {
    test(`is halved, with the results of one run, after "${text}"`, async () => {
      const { run, attempts, cuts, moves } = world({ cuda: 3, cpu: 100, text })
      assert.deepEqual(await run(inputs(11), 11), { outputs: doubled(11), lost: [], cause: '' })
      assert.deepEqual(attempts(), [11, 5, 2, 2, 2, 2, 2, 1])
      assert.deepEqual(cuts, [5, 2])
      assert.deepEqual(moves, [])
    })
  }

  test('is remembered: later runs are cut before they fail, by the size of their rows', async () => {
    const { run, attempts } = world({ cuda: 8, cpu: 100 })
    await run(inputs(16), 16)
    attempts()
    assert.deepEqual((await run(inputs(16), 16)).outputs, doubled(16))
    assert.deepEqual(attempts(), [8, 8])
    assert.deepEqual((await run(inputs(6, 4), 6)).outputs, doubled(6, 4))
    assert.deepEqual(attempts(), [2, 2, 2])
  })

  test('moves to the CPU for good when a single row does not fit on the GPU', async () => {
    const { run, attempts, moves, released, opened } = world({ cuda: 2, cpu: 100 })
    assert.deepEqual((await run(inputs(4, 3), 4)).outputs, doubled(4, 3))
    assert.deepEqual(attempts(), [4, 2, 1, -4])
    assert.match(moves[0] ?? '', /did not fit in the GPU's memory \(.*Failed to allocate memory/)
    assert.deepEqual(released, ['cuda'])
    await run(inputs(1), 1)
    assert.deepEqual(attempts(), [-1])
    assert.deepEqual([moves.length, opened()], [1, 1])
  })

  test('keeps what the GPU has computed already when it moves', async () => {
    // The GPU cannot take row 2, alone or with others; the CPU can.
    const refuses = (value: number, on: Accelerator) =>
      on === 'cuda' && value === 2 ? allocationErrors[2] : undefined
    const { run, attempts } = world({ cuda: 100, cpu: 100, refuses })
    assert.deepEqual((await run(inputs(4), 4)).outputs, doubled(4))
    assert.deepEqual(attempts(), [4, 2, 2, 1, -2])
  })

  test('moves once for runs that fail side by side, and closes the GPU after the last of them', async () => {
    const { run, moves, released, opened } = world({ cuda: 0, cpu: 100 })
    const results = await Promise.all([run(inputs(1), 1), run(inputs(1), 1), run(inputs(2), 2)])
    assert.deepEqual(
      results.map(({ outputs }) => outputs),
      [doubled(1), doubled(1), doubled(2)],
    )
    assert.deepEqual([moves.length, opened(), released], [1, 1, ['cuda']])
  })

  test('keeps the GPU open for runs that are still on it when another one moves to the CPU', async () => {
    const { fitting, work, released } = world({ cuda: 1, cpu: 100 })
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    /** Whether the session that a run was given was open from its begin to its end. */
    const held = gates.map((gate) =>
      fitting.run(
        async (on, tensors) => {
          await gate.promise
          assert.deepEqual([on, released], ['cuda', []])
          return work(on, tensors)
        },
        inputs(1),
        1,
      ),
    )
    assert.deepEqual((await fitting.run(work, inputs(1, 2), 1)).outputs, doubled(1, 2))
    assert.deepEqual(released, [])
    gates[0].resolve()
    await held[0]
    assert.deepEqual(released, [])
    gates[1].resolve()
    assert.deepEqual((await held[1])?.outputs, doubled(1))
    assert.deepEqual(released, ['cuda'])
  })

  test('is not cut where its rows have to stay together: the CPU runs it whole', async () => {
    const { run, attempts } = world({ cuda: 4, cpu: 100 })
    assert.deepEqual((await run(inputs(6))).outputs, doubled(6))
    assert.deepEqual(attempts(), [6, -6])
  })

  test('loses only the rows that fit nowhere', async () => {
    const refuses = (value: number) => (value === 1 || value === 6 ? allocationErrors[1] : undefined)
    const { run } = world({ cuda: 100, cpu: 100, refuses }, 'cpu')
    const { outputs, lost, cause } = await run(inputs(8), 8)
    assert.deepEqual(lost, [1, 6])
    assert.deepEqual(outputs, named({ y: fp32([6, 1], [0, 4, 6, 8, 10, 14]) }))
    assert.equal(cause, allocationErrors[1])
  })

  test('has no outputs when no row fits, and says what happened on both devices', async () => {
    const { run, opened } = world({ cuda: 0, cpu: 100, noCpu: 'std::bad_alloc' })
    const { outputs, lost, cause } = await run(inputs(3), 3)
    assert.equal(outputs, undefined)
    assert.deepEqual(lost, [0, 1, 2])
    assert.match(cause, /Failed to allocate memory.*; then on the CPU: std::bad_alloc/)
    assert.equal(opened(), 1)
    await run(inputs(1), 1)
    assert.equal(opened(), 2)
  })
})

test('an error that is not for want of memory is thrown at once', async () => {
  const { run, attempts } = world({
    cuda: 100,
    cpu: 100,
    refuses: () => 'indices element out of data bounds',
  })
  await assert.rejects(run(inputs(4), 4), /out of data bounds/)
  assert.deepEqual(attempts(), [4])
})

test('halves that come back with another number of rows are refused, not mixed up', async () => {
  const fitting = createFitting<Accelerator>({
    ...fakeDevices({ cuda: 1, cpu: 1 }),
    sessions: 'cpu',
    active: 'cpu',
    onCut: () => {},
    onMoved: () => {},
  })
  const summed = async (_: Accelerator, values: NamedTensors): Promise<NamedTensors> => {
    if ((values.get('x')?.shape[0] ?? 0) > 2) throw new Error(allocationErrors[1])
    return named({ y: fp32([1], [0]) })
  }
  await assert.rejects(
    fitting.run(summed, inputs(4), 4),
    /output y of 2 rows has shape \[1\]; set spec.serve.batching.rows \(--rows\) to alone/,
  )
})
