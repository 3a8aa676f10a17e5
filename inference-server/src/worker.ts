/**
 * Body of a worker thread: one InferenceSession, or two where a decoder listens to an encoder. The only file that loads
 * onnxruntime, because `run` and `create` block the thread that calls them, and because leaving in the middle of either
 * aborts the whole process.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { type Accelerator, type Device, telemetryOff } from '@gantry/contract/server.ts'
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { createFitting, type Fitting, firstLine } from './fitting.ts'
import type { Decoding } from './generation/decoding.ts'
import type { Writing } from './generation/rows.ts'
import type { FromWorker, LoadedSession, SessionOptions, ToWorker } from './session-messages.ts'
import { createSessionRuns, runStep } from './session-runs.ts'
import type { Datatype, NamedTensors, NumericData, Signature, Tensor, TensorSpec } from './tensor.ts'
import { textsOf } from './tensor.ts'

process.env[telemetryOff] = '1'
// onnxruntime-node 1.30 cannot read Float16Array; without the class it uses Uint16Array, as our FP16 does.
Reflect.deleteProperty(globalThis, 'Float16Array')

const require = createRequire(import.meta.url)
const ort: typeof import('onnxruntime-node') = require('onnxruntime-node')

const ortTypes = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
} as const satisfies Record<Datatype, string>
const datatypeOf = new Map<string, Datatype>(
  Object.entries(ortTypes).map(([datatype, type]) => [type, datatype as Datatype]),
)

const spec = (metadata: InferenceSession.ValueMetadata): TensorSpec => {
  if (!metadata.isTensor) {
    throw new Error(
      `${metadata.name} is a sequence or a map; export the model with tensors only (scikit-learn: zipmap=False)`,
    )
  }
  const datatype = datatypeOf.get(metadata.type)
  if (!datatype)
    throw new Error(`${metadata.name} is of type ${metadata.type}, which the protocol cannot carry`)
  return {
    name: metadata.name,
    datatype,
    shape: metadata.shape.map((length) => (typeof length === 'number' ? length : -1)),
    symbols: metadata.shape.map((length) => (typeof length === 'number' ? '' : length)),
  }
}

const signatureOf = (session: InferenceSession): Signature => ({
  inputs: session.inputMetadata.map(spec),
  outputs: session.outputMetadata.map(spec),
})

/** A model's graph, and the one that it listens to. */
interface Sessions {
  readonly session: InferenceSession
  readonly encoder: InferenceSession | undefined
}

const createOne = (path: string, threads: number, provider: 'cuda' | 'cpu'): Promise<InferenceSession> =>
  ort.InferenceSession.create(path, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Errors come back as exceptions; onnxruntime would also print them, coloured, between our JSON lines.
    logSeverityLevel: 4,
    // Threads that spin while they wait take the CPU from the thread that speaks HTTP.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })

const create = async (
  { onnxPath, encoderPath, threads }: SessionOptions,
  provider: 'cuda' | 'cpu',
): Promise<Sessions> => ({
  session: await createOne(onnxPath, threads, provider),
  encoder: encoderPath === undefined ? undefined : await createOne(encoderPath, threads, provider),
})

const loadedOf = ({ session, encoder }: Sessions): Pick<LoadedSession, 'inputs' | 'outputs' | 'encoder'> => ({
  ...signatureOf(session),
  ...(encoder && { encoder: signatureOf(encoder) }),
})

/** Why CUDA need not even be tried; undefined where it may work. */
const noCuda = (device: Device): string | undefined => {
  if (device === 'cpu') return undefined
  const library = join(
    dirname(require.resolve('onnxruntime-node/package.json')),
    `bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`,
  )
  if (!existsSync(library)) return 'this build of the server has no CUDA provider'
  const nodes = ['/dev/nvidiactl', '/dev/nvidia0', '/dev/dxg']
  return nodes.some((node) => existsSync(node)) ? undefined : 'no NVIDIA device is visible'
}

const open = async (
  options: SessionOptions,
): Promise<{ readonly sessions: Sessions; readonly loaded: LoadedSession }> => {
  if (options.device === 'cpu') {
    const sessions = await create(options, 'cpu')
    return { sessions, loaded: { ...loadedOf(sessions), active: 'cpu' } }
  }
  let reason = noCuda(options.device)
  if (reason === undefined) {
    try {
      const sessions = await create(options, 'cuda')
      return { sessions, loaded: { ...loadedOf(sessions), active: 'cuda' } }
    } catch (error) {
      reason = `CUDA failed: ${firstLine(error)}`
    }
  }
  const sessions = await create(options, 'cpu')
  return { sessions, loaded: { ...loadedOf(sessions), active: 'cpu', reason } }
}

const toOrt = (tensor: Tensor): OrtTensor =>
  tensor.dtype === 'BYTES'
    ? new ort.Tensor('string', [...textsOf(tensor)], tensor.shape)
    : new ort.Tensor(ortTypes[tensor.dtype], tensor.data as never, tensor.shape)

const fromOrt = (tensor: OrtTensor): Tensor => ({
  dtype: datatypeOf.get(tensor.type) ?? 'BYTES',
  shape: tensor.dims,
  data: tensor.data as NumericData | string[],
})

const run = async (session: InferenceSession, inputs: NamedTensors): Promise<NamedTensors> => {
  const feeds: Record<string, OrtTensor> = {}
  for (const name in inputs) feeds[name] = toOrt(inputs[name] as Tensor)
  const results = await session.run(feeds)
  const outputs: Record<string, Tensor> = {}
  for (const name of session.outputNames) outputs[name] = fromOrt(results[name] as OrtTensor)
  return outputs
}

const runSession = ({ session }: Sessions, inputs: NamedTensors): Promise<NamedTensors> =>
  run(session, inputs)

const runEncoder = ({ encoder }: Sessions, inputs: NamedTensors): Promise<NamedTensors> => {
  if (!encoder) throw new Error('the model has no encoder')
  return run(encoder, inputs)
}

/** The place of both is given back as one. */
const release = async ({ session, encoder }: Sessions): Promise<void> => {
  await session.release()
  await encoder?.release()
}

/** What this process may have: the container's limit, or the machine's memory. */
const memoryBytes = (): number => Math.min(totalmem(), process.constrainedMemory() || totalmem())

interface WriterOptions {
  readonly sessions: Sessions
  readonly fitting: Fitting<Sessions>
  readonly active: Accelerator
  readonly maxTokens: number | undefined
  readonly answer: (message: FromWorker) => void
}

/**
 * Texts that are being written, a step after the other for as long as there are any.
 * @returns what takes a text, and what ends one
 */
const writer = ({ sessions, fitting, active, maxTokens, answer }: WriterOptions) => {
  const { session, encoder } = sessions
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
    const graph = readDecoderGraph(signatureOf(session))
    const options = {
      graph,
      reading: active === 'cuda' ? readings.gpuReading : readings.cpuReading,
      maxTokens: maxTokens ?? cacheTokens(graph, memoryBytes()),
      run: (inputs: NamedTensors) => runStep(fitting, runSession, inputs),
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
        // Whoever came or left meanwhile is heard between two steps.
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
  const answer = (message: FromWorker): void => port.postMessage(message)
  const options = workerData as SessionOptions
  const opened = await open(options).catch((error: unknown) => {
    answer({ kind: 'load-failed', message: firstLine(error) })
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
    ...{ sessions, fitting, answer },
    active: loaded.active,
    maxTokens: options.maxTokens,
  })
  const runOnce = createSessionRuns({
    fitting,
    work: runSession,
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
