/** Entry point of a worker thread: one session of onnxruntime, or two where a decoder has an encoder. */
import { existsSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { Accelerator, Device } from '@gantry/contract/server.ts'
import type { Decoding } from './generation/decoding.ts'
import { memoryBytes } from './process/memory.ts'
import { takeSealedFolder } from './sealing/sealed-folders.ts'
import { strangeType } from './sessions/declared-types.ts'
import { createFitting, type Fitting } from './sessions/fitting.ts'
import { firstLine } from './sessions/run-error.ts'
import { cudaProvider, openSession, runSession, type Session, signatureOf } from './sessions/session.ts'
import type {
  FromWorker,
  LoadedSession,
  SessionOptions,
  ToWorker,
  Writing,
} from './sessions/session-messages.ts'
import { createSessionRuns, runStep } from './sessions/session-runs.ts'
import type { NamedTensors, Signature } from './tensors/tensor.ts'
import { transferable } from './tensors/tensor-memory.ts'

/** A model's graph, and the one that it listens to. */
interface Sessions {
  readonly session: Session
  readonly encoder: Session | undefined
}

const create = async (
  { onnxPath, encoderPath, threads }: SessionOptions,
  provider: 'cuda' | 'cpu',
): Promise<Sessions> => ({
  session: await openSession(onnxPath, threads, provider),
  encoder: encoderPath === undefined ? undefined : await openSession(encoderPath, threads, provider),
})

const loadedOf = (
  { session, encoder }: Sessions,
  { onnxPath, encoderPath = '' }: SessionOptions,
): Pick<LoadedSession, 'inputs' | 'outputs' | 'encoder'> => ({
  ...signatureOf(session, onnxPath),
  ...(encoder && { encoder: signatureOf(encoder, encoderPath) }),
})

/** Why CUDA need not even be tried; undefined where it may work. */
const noCuda = (device: Device): string | undefined => {
  if (device === 'cpu') return undefined
  if (!existsSync(cudaProvider())) return 'this build of the server has no CUDA provider'
  const nodes = ['/dev/nvidiactl', '/dev/nvidia0', '/dev/dxg']
  return nodes.some((node) => existsSync(node)) ? undefined : 'no NVIDIA device is visible'
}

const open = async (
  options: SessionOptions,
): Promise<{ readonly sessions: Sessions; readonly loaded: LoadedSession }> => {
  if (options.device === 'cpu') {
    const sessions = await create(options, 'cpu')
    return { sessions, loaded: { ...loadedOf(sessions, options), active: 'cpu' } }
  }
  let reason = noCuda(options.device)
  if (reason === undefined) {
    try {
      const sessions = await create(options, 'cuda')
      return { sessions, loaded: { ...loadedOf(sessions, options), active: 'cuda' } }
    } catch (error) {
      reason = `CUDA failed: ${firstLine(error)}`
    }
  }
  const sessions = await create(options, 'cpu')
  return { sessions, loaded: { ...loadedOf(sessions, options), active: 'cpu', reason } }
}

const runModel = ({ session }: Sessions, inputs: NamedTensors): Promise<NamedTensors> =>
  runSession(session, inputs)

const runEncoder = ({ encoder }: Sessions, inputs: NamedTensors): Promise<NamedTensors> => {
  if (!encoder) throw new Error('the model has no encoder')
  return runSession(encoder, inputs)
}

/** The place of both is given back as one. */
const release = async ({ session, encoder }: Sessions): Promise<void> => {
  await session.release()
  await encoder?.release()
}

const whyNot = ({ onnxPath, encoderPath }: SessionOptions, error: unknown): string =>
  [onnxPath, ...(encoderPath === undefined ? [] : [encoderPath])].map(strangeType).find(Boolean) ??
  firstLine(error)

interface WriterOptions {
  readonly sessions: Sessions
  readonly signature: Signature
  readonly fitting: Fitting<Sessions>
  readonly active: Accelerator
  readonly maxTokens: number | undefined
  readonly answer: (message: FromWorker) => void
}

/**
 * Texts that are being written, a step after the other for as long as there are any.
 * @returns what takes a text, and what ends one
 */
const writer = ({ sessions, signature, fitting, active, maxTokens, answer }: WriterOptions) => {
  const { encoder } = sessions
  let made: Promise<Decoding> | undefined
  let stepping = false
  // Loaded with the first text, since most models write none.
  const make = async (): Promise<Decoding> => {
    const [decodings, beams, { readDecoderGraph }, readings, { cacheTokens }] = await Promise.all([
      import('./generation/decoding.ts'),
      import('./generation/beam-decoding.ts'),
      import('./generation/graph.ts'),
      import('./generation/reading.ts'),
      import('./generation/budget.ts'),
    ])
    const graph = readDecoderGraph(signature)
    const options = {
      graph,
      reading: active === 'cuda' ? readings.gpuReading : readings.cpuReading,
      maxTokens: maxTokens ?? cacheTokens(graph, memoryBytes()),
      run: (inputs: NamedTensors) => runStep(fitting, runModel, inputs),
      ...(encoder && { encode: (inputs: NamedTensors) => runStep(fitting, runEncoder, inputs) }),
    }
    return beams.withBeams(decodings.createDecoding(options), beams.createBeamDecoding(options))
  }
  const stepOn = async (decoding: Decoding): Promise<void> => {
    if (stepping) return
    stepping = true
    try {
      while (decoding.size() > 0) {
        const progress = await decoding.step()
        if (progress.length > 0) answer({ kind: 'wrote', progress })
        // Messages about requests that came or were cancelled meanwhile are handled between two steps.
        await nextTurn()
      }
    } finally {
      stepping = false
    }
  }
  return {
    write: async (writing: Writing): Promise<void> => {
      made ??= make()
      try {
        const decoding = await made
        decoding.join(writing)
        await stepOn(decoding)
      } catch (error) {
        answer({ kind: 'wrote', progress: [{ id: writing.id, failure: firstLine(error) }] })
      }
    },
    leave: async (id: number): Promise<void> => {
      const decoding = await made?.catch(() => undefined)
      decoding?.leave(id)
    },
  }
}

const main = async (): Promise<void> => {
  if (!parentPort) throw new Error('worker.ts runs as a worker thread only')
  const port = parentPort
  const answer = (message: FromWorker): void =>
    port.postMessage(message, message.kind === 'ran' ? transferable(message.outputs) : [])
  const options = workerData as SessionOptions
  takeSealedFolder(options.sealed)
  const opened = await open(options).catch((error: unknown) => {
    answer({ kind: 'load-failed', message: whyNot(options, error) })
  })
  if (!opened) return
  const { sessions, loaded } = opened
  answer({ kind: 'loaded', session: loaded })
  const fitting = createFitting({
    sessions,
    active: loaded.active,
    openOnCpu: () => create(options, 'cpu'),
    release,
    onCut: (rows, message) => answer({ kind: 'cut', rows, message }),
    onMoved: (reason) => answer({ kind: 'moved', reason }),
  })
  const { write, leave } = writer({
    ...{ sessions, fitting, answer, signature: loaded },
    active: loaded.active,
    maxTokens: options.maxTokens,
  })
  const runOnce = createSessionRuns({
    fitting,
    work: runModel,
    answer,
    end: () => port.close(),
    nowMs: () => performance.now(),
  })
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'run':
        return runOnce(message)
      case 'write':
        return write(message.writing)
      case 'leave':
        return leave(message.id)
      case 'close':
        return port.close()
    }
  })
}

await main()
