/**
 * Runs on the thread of HTTP, for models so small that a worker would hear of a run later than it is over.
 *
 * That thread answers probes and all callers, so nothing may hold it. A model is taken only where a full batch was measured
 * to take less than `mostMs`, and where nothing but the number of rows decides what a run costs: all other axes are fixed,
 * and no operator loops, branches, or makes a tensor as large as a value says. Should a run take much longer all the same,
 * the workers do the next ones for a while. A run that fails is the workers' too, who know what to do about it.
 */
import type { BatchRun, RunBatch } from '../batching/runners.ts'
import { readOnnx } from '../onnx/onnx-file.ts'
import { modelFileSize } from '../sealing/model-file.ts'
import { sampleRows } from '../sharing/row-probe.ts'
import type { NamedTensors, Signature } from '../tensors/tensor.ts'

/** A session on this thread. */
export interface NearSession {
  readonly signature: Signature
  /** Leaves the inputs as they are. */
  readonly run: (inputs: NamedTensors) => Promise<NamedTensors>
  readonly release: () => Promise<void>
}

export interface QuickRuns {
  readonly run: RunBatch
  /** Closes the session once no run is under way. */
  readonly close: () => Promise<void>
}

export interface QuickRunsOptions {
  readonly onnxPath: string
  /** Rows of a full batch. */
  readonly rows: number
  /** Longest run of a full batch. */
  readonly mostMs: number
  /** Runs a batch by the workers instead. */
  readonly runElsewhere: RunBatch
  readonly nowMs: () => number
  readonly open?: (onnxPath: string) => Promise<NearSession>
}

/** A larger one takes too long anyway, and need not be loaded to find out. */
const largestBytes = 2 ** 20

/** The shortest of so many is what a run takes when nothing else goes on. */
const trials = 5

/** A run that takes so many times as long as it may is no hiccup of the machine. */
const excess = 100
const restMs = 10_000

/** Operators of small models whose cost and output's size follow from the shapes of what they are given. */
const steady = new Set(
  [
    'Constant Identity Cast Flatten Reshape Squeeze Unsqueeze Transpose Concat Split Slice Gather',
    'Gemm MatMul Conv MaxPool AveragePool GlobalAveragePool GlobalMaxPool',
    'Add Sub Mul Div Pow Neg Abs Sqrt Exp Log Erf Sum Mean Min Max Clip Where Not And Or Equal Less Greater',
    'Relu LeakyRelu PRelu Elu Selu Gelu Sigmoid HardSigmoid HardSwish Tanh Softplus Softmax LogSoftmax Dropout',
    'BatchNormalization LayerNormalization ReduceSum ReduceMean ReduceMax ReduceMin ArgMax ArgMin TopK',
    'QuantizeLinear DequantizeLinear DynamicQuantizeLinear MatMulInteger QLinearMatMul',
    'Scaler Normalizer Imputer Binarizer LabelEncoder OneHotEncoder ArrayFeatureExtractor FeatureVectorizer',
    'LinearClassifier LinearRegressor SVMClassifier SVMRegressor TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor ZipMap',
  ].flatMap((line) => line.split(' ')),
)

const openNear = async (onnxPath: string): Promise<NearSession> => {
  const { openSession, runSession, signatureOf } = await import('./session.ts')
  const session = await openSession(onnxPath, 1, 'cpu')
  return {
    signature: signatureOf(session, onnxPath),
    run: (inputs) => runSession(session, inputs),
    release: () => session.release(),
  }
}

const isSteady = async (onnxPath: string): Promise<boolean> => {
  if (((await modelFileSize(onnxPath)) ?? 0) > largestBytes) return false
  const { external, operators } = readOnnx(onnxPath)
  return external.length === 0 && [...operators].every((name) => steady.has(name))
}

/** Whether rows are all that requests may vary in. */
const rowsVary = ({ inputs, outputs }: Signature): boolean =>
  [...inputs, ...outputs].every(({ shape }) => shape[0] === -1) &&
  inputs.every(({ shape }) => shape.slice(1).every((length) => length >= 0))

/** @returns undefined for a model that the workers run sooner */
export const openQuickRuns = async (options: QuickRunsOptions): Promise<QuickRuns | undefined> => {
  const { onnxPath, rows, mostMs, runElsewhere, nowMs, open = openNear } = options
  if (mostMs <= 0 || !(await isSteady(onnxPath))) return undefined
  const session = await open(onnxPath)

  /** onnxruntime puts a run off to the next turn; the clock starts just before it. */
  const timed = async (inputs: NamedTensors): Promise<Pick<BatchRun, 'outputs' | 'inferMs'>> => {
    let startedMs = 0
    setImmediate(() => {
      startedMs = nowMs()
    })
    const outputs = await session.run(inputs)
    return { outputs, inferMs: nowMs() - startedMs }
  }

  /** Shortest time of several runs of a full batch. */
  const shortestMs = async (): Promise<number> => {
    const sample = sampleRows(session.signature, rows)
    let shortest = Number.POSITIVE_INFINITY
    for (let trial = 0; trial < trials; trial++) shortest = Math.min(shortest, (await timed(sample)).inferMs)
    return shortest
  }

  if (!rowsVary(session.signature) || (await shortestMs().catch(() => Number.POSITIVE_INFINITY)) > mostMs) {
    await session.release()
    return undefined
  }

  let restsUntilMs = 0
  const run: RunBatch = async (inputs, count) => {
    if (nowMs() < restsUntilMs) return runElsewhere(inputs, count)
    try {
      const ran = await timed(inputs)
      if (ran.inferMs > mostMs * excess) restsUntilMs = nowMs() + restMs
      return ran
    } catch {
      return runElsewhere(inputs, count)
    }
  }
  return { run, close: session.release }
}
