/**
 * Sessions of onnxruntime; no other file loads the library. `run` and `create` block the thread that calls them, and leaving in
 * the middle of either aborts the whole process: worker threads call them, and the thread of HTTP for what is over sooner than
 * a worker would hear of it (quick-runs.ts).
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Accelerator, telemetryOff } from '@gantry/contract/server.ts'
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { forgetOpened, loadable } from '../onnx/loadable.ts'
import { cannotCarry } from '../onnx/uncarried-types.ts'
import type { Datatype, NamedTensors, NumericData, Signature, Tensor, TensorSpec } from '../tensors/tensor.ts'
import { textsOf } from '../tensors/tensor.ts'
import { unshapedNames } from './declared-types.ts'

process.env[telemetryOff] = '1'
// onnxruntime-node 1.30 cannot read Float16Array; without the class it uses Uint16Array, as our FP16 does.
Reflect.deleteProperty(globalThis, 'Float16Array')
// It also keeps outputs in plain objects, where one called __proto__ would be lost; without the accessor it is a name like others.
Reflect.deleteProperty(Object.prototype, '__proto__')

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

const spec = (metadata: InferenceSession.ValueMetadata, unshaped: ReadonlySet<string>): TensorSpec => {
  if (!metadata.isTensor) {
    throw new Error(
      `${metadata.name} is a sequence or a map; export the model with tensors only (scikit-learn: zipmap=False)`,
    )
  }
  const datatype = datatypeOf.get(metadata.type)
  if (!datatype) throw new Error(cannotCarry(metadata.name, metadata.type.toUpperCase()))
  return {
    name: metadata.name,
    datatype,
    shape: metadata.shape.map((length) => (typeof length === 'number' ? length : -1)),
    symbols: metadata.shape.map((length) => (typeof length === 'number' ? '' : length)),
    ...(metadata.shape.length === 0 && unshaped.has(metadata.name) && { anyRank: true }),
  }
}

const none: ReadonlySet<string> = new Set()

/** @param path of its file @throws Error for what the protocol cannot carry */
export const signatureOf = (session: InferenceSession, path: string): Signature => {
  const { inputMetadata, outputMetadata } = session
  const hasScalars = [...inputMetadata, ...outputMetadata].some(
    (metadata) => metadata.isTensor && metadata.shape.length === 0,
  )
  const unshaped = hasScalars ? unshapedNames(path) : none
  return {
    inputs: inputMetadata.map((metadata) => spec(metadata, unshaped)),
    outputs: outputMetadata.map((metadata) => spec(metadata, unshaped)),
  }
}

/** A graph that can be run. */
export type Session = InferenceSession

/** @param threads of one run @throws Error what onnxruntime says */
export const openSession = async (path: string, threads: number, provider: Accelerator): Promise<Session> => {
  const model = await loadable(path)
  const session = {
    // Threads that go on spinning after a run take the CPU from the thread that speaks HTTP; between the nodes of one they save
    // a sixth of an int8 model's time.
    force_spinning_stop: '1',
    ...(model.kind === 'content' && { model_external_initializers_file_folder_path: model.folder }),
  }
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Errors come back as exceptions; onnxruntime would also print them, coloured, between our JSON lines.
    logSeverityLevel: 4,
    extra: { session },
  }
  if (model.kind === 'path') return ort.InferenceSession.create(model.path, options)
  try {
    return await ort.InferenceSession.create(model.content, {
      ...options,
      ...(model.opened && { externalData: model.opened }),
    })
  } finally {
    forgetOpened(model)
  }
}

/** Where the provider of CUDA would be. */
export const cudaProvider = (): string =>
  join(
    dirname(require.resolve('onnxruntime-node/package.json')),
    `bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`,
  )

const toOrt = (tensor: Tensor): OrtTensor =>
  tensor.dtype === 'BYTES'
    ? new ort.Tensor('string', [...textsOf(tensor)], tensor.shape)
    : new ort.Tensor(ortTypes[tensor.dtype], tensor.data as never, tensor.shape)

const fromOrt = (tensor: OrtTensor): Tensor => ({
  dtype: datatypeOf.get(tensor.type) ?? 'BYTES',
  shape: tensor.dims,
  data: tensor.data as NumericData | string[],
})

/** One run; leaves the inputs as they are. @throws Error what onnxruntime says */
export const runSession = async (session: Session, inputs: NamedTensors): Promise<NamedTensors> => {
  const feeds: Record<string, OrtTensor> = Object.create(null)
  for (const [name, tensor] of inputs) feeds[name] = toOrt(tensor)
  const results = await session.run(feeds)
  const outputs = new Map<string, Tensor>()
  for (const name of session.outputNames) outputs.set(name, fromOrt(results[name] as OrtTensor))
  return outputs
}
