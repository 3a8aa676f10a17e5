/** Sessions and workers with as little memory as a test wants. */
import type { Accelerator } from '@gantry/contract/server.ts'
import { createFitting } from '../sessions/fitting.ts'
import type { WorkerThread } from '../sessions/member.ts'
import type { FromWorker, ToWorker } from '../sessions/session-messages.ts'
import { createSessionRuns } from '../sessions/session-runs.ts'
import type { NamedTensors, Signature, Tensor, TensorSpec } from '../tensors/tensor.ts'

/** Messages of onnxruntime 1.30 and CUDA for a failed allocation. */
export const allocationErrors = [
  'Non-zero status code returned while running Add node. Status Message: Failed to allocate memory for requested buffer of size 1048576',
  'Exception during initialization: std::bad_alloc',
  'CUDA failure 2: out of memory ; GPU=0 ; hostname=demo',
] as const

/** May be changed while devices compute. */
export interface FakeMemory {
  /** Input elements that a run may have. */
  readonly cuda: number
  readonly cpu: number
  /** What a run that has more fails with. */
  readonly text?: string
  /** What a run with this value in it fails with. */
  readonly refuses?: (value: number, on: Accelerator) => string | undefined
  /** What opening a session on the CPU fails with. */
  readonly noCpu?: string
}

const spec = (name: string): TensorSpec => ({
  name,
  datatype: 'FP32',
  shape: [-1, 1],
  symbols: ['batch', ''],
})

const doubling: Signature = { inputs: [spec('x')], outputs: [spec('y')] }

/** Devices that compute y = 2 x, FP32, [batch, 1], as long as it fits. */
export const fakeDevices = (memory: FakeMemory) => {
  const runs: { readonly on: Accelerator; readonly rows: number }[] = []
  const released: Accelerator[] = []
  let opened = 0
  const work = async (on: Accelerator, inputs: NamedTensors): Promise<NamedTensors> => {
    const { shape, data } = inputs.get('x') as Tensor & { readonly data: Float32Array<ArrayBuffer> }
    runs.push({ on, rows: shape[0] ?? 1 })
    await null
    for (const value of data) {
      const refusal = memory.refuses?.(value, on)
      if (refusal !== undefined) throw new Error(refusal)
    }
    if (data.length > memory[on]) throw new Error(memory.text ?? allocationErrors[0])
    return new Map([['y', { dtype: 'FP32', shape, data: data.map((value) => value * 2) }]])
  }
  const openOnCpu = async (): Promise<Accelerator> => {
    opened += 1
    if (memory.noCpu !== undefined) throw new Error(memory.noCpu)
    return 'cpu'
  }
  const release = async (sessions: Accelerator): Promise<void> => void released.push(sessions)
  return { runs, released, opened: () => opened, work, openOnCpu, release }
}

/** What worker.ts runs, on fake devices and in the test's own thread. */
export const smallWorker = (memory: FakeMemory, active: Accelerator): WorkerThread => {
  const listeners: { message?: (message: FromWorker) => void; exit?: (exitCode: number) => void } = {}
  const answer = (message: FromWorker): void => listeners.message?.(message)
  const devices = fakeDevices(memory)
  const fitting = createFitting<Accelerator>({
    sessions: active,
    active,
    ...devices,
    onCut: (rows, message) => answer({ kind: 'cut', rows, message }),
    onMoved: (reason) => answer({ kind: 'moved', reason }),
  })
  const end = (): void => queueMicrotask(() => listeners.exit?.(0))
  const run = createSessionRuns({ fitting, work: devices.work, answer, end, nowMs: () => 0 })
  queueMicrotask(() => answer({ kind: 'loaded', session: { ...doubling, active } }))
  return {
    postMessage: (message: ToWorker) => {
      if (message.kind === 'run') void run(message)
      else if (message.kind === 'close') end()
    },
    on: (event: string, listener: never) => {
      Object.assign(listeners, { [event]: listener })
    },
  }
}
