import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Accelerator } from '@gantry/contract/server.ts'
import type { NamedTensors } from '../tensors/tensor.ts'
import { allocationErrors, type FakeMemory, fakeDevices } from '../testing/memory.ts'
import { fp32, named } from '../testing/tensors.ts'
import { createFitting } from './fitting.ts'
import type { FromWorker } from './session-messages.ts'
import { createSessionRuns, runStep } from './session-runs.ts'

const world = (memory: FakeMemory) => {
  const devices = fakeDevices(memory)
  const cuts: number[] = []
  const fitting = createFitting<Accelerator>({
    sessions: 'cuda',
    active: 'cuda',
    ...devices,
    onCut: (rows) => cuts.push(rows),
    onMoved: () => {},
  })
  const attempts = (): number[] => devices.runs.splice(0).map(({ rows }) => rows)
  return { devices, cuts, attempts, step: (inputs: NamedTensors) => runStep(fitting, devices.work, inputs) }
}

const texts = (...values: number[]): NamedTensors => named({ x: fp32([values.length, 1], values) })

describe('a step of several texts that does not fit in memory', () => {
  test('is halved on the GPU, and the next step is tried whole again', async () => {
    const { step, attempts, cuts } = world({ cuda: 2, cpu: 0 })
    assert.deepEqual(await step(texts(1, 2, 3, 4)), named({ y: fp32([4, 1], [2, 4, 6, 8]) }))
    assert.deepEqual(attempts(), [4, 2, 2])
    await step(texts(1, 2, 3, 4))
    assert.deepEqual(attempts(), [4, 2, 2])
    assert.deepEqual(cuts, [])
  })

  test('stays whole where an input has no row for each text, and goes to the CPU', async () => {
    const { step, devices } = world({ cuda: 2, cpu: 100 })
    const outputs = await step(new Map([...texts(1, 2, 3, 4), ['use_cache_branch', fp32([1], [1])]]))
    assert.deepEqual(outputs, named({ y: fp32([4, 1], [2, 4, 6, 8]) }))
    assert.deepEqual(devices.runs, [
      { on: 'cuda', rows: 4 },
      { on: 'cpu', rows: 4 },
    ])
  })

  test('fails when one of them fits nowhere, since no token is left out', async () => {
    const refuses = (value: number) => (value === 2 ? allocationErrors[1] : undefined)
    await assert.rejects(world({ cuda: 9, cpu: 9, refuses }).step(texts(1, 2, 3)), /bad_alloc/)
  })
})

describe('runs that are given while another one runs', () => {
  const queued = () => {
    const said: FromWorker[] = []
    const begun: NamedTensors[] = []
    let nowMs = 0
    let fails = false
    let ends = 0
    const fitting = createFitting<Accelerator>({
      sessions: 'cpu',
      active: 'cpu',
      ...fakeDevices({ cuda: 0, cpu: 9 }),
      onCut: () => {},
      onMoved: () => {},
    })
    const run = createSessionRuns({
      fitting,
      work: async (_, inputs) => {
        begun.push(inputs)
        nowMs += 10
        if (fails) throw new Error('the session is no good any more')
        return inputs
      },
      answer: (message) => said.push(message),
      end: () => {
        ends += 1
      },
      nowMs: () => nowMs,
    })
    const give = (id: number): Promise<void> => run({ kind: 'run', id, inputs: texts(id), rows: 1 })
    const fail = (): void => {
      fails = true
    }
    return { said, begun, give, fail, ends: () => ends }
  }

  test('begin when it has ended, and their time then', async () => {
    const { said, give } = queued()
    await Promise.all([give(1), give(2)])
    assert.deepEqual(
      said.map((message) => message.kind === 'ran' && [message.id, message.inferMs]),
      [
        [1, 10],
        [2, 10],
      ],
    )
  })

  test('do not begin where it ended the session', async () => {
    const { said, begun, give, ends, fail } = queued()
    await give(1)
    fail()
    await Promise.all([give(2), give(3)])
    assert.deepEqual(
      said.map(({ kind }) => kind),
      ['ran', 'broken'],
    )
    assert.equal(ends(), 1)
    // The first one, the second, and the first again to find out.
    assert.equal(begun.length, 3)
  })
})
