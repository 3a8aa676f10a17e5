/** Layers behind the pooling of a sentence-transformers folder. */
import { join } from 'node:path'
import { StartError } from '../failures/errors.ts'
import { readJson } from '../models/config-files.ts'
import { normalized } from './pooling.ts'
import { readSafetensors, type Weights } from './safetensors.ts'

type Vector = Float32Array<ArrayBuffer>
type Json = Readonly<Record<string, unknown>>

/** A layer, or the place where vectors are brought to length 1. */
export interface VectorLayer {
  /** Folder, for a sentence. */
  readonly path: string
  readonly kind: 'dense' | 'layer-norm' | 'normalize'
  /** Lengths of the vectors it takes and gives; undefined where any will do. */
  readonly widths: readonly [from: number, to: number] | undefined
  readonly apply: (vector: Vector) => Vector
}

/** The layers of PyTorch by the end of their names. */
const activations: Readonly<Record<string, (value: number) => number>> = {
  Identity: (value) => value,
  Tanh: Math.tanh,
  ReLU: (value) => Math.max(0, value),
  Sigmoid: (value) => 1 / (1 + Math.exp(-value)),
}

export const lastName = (name: unknown): string => String(name).split('.').at(-1) ?? ''

const readWeights = async (dir: string, path: string): Promise<ReadonlyMap<string, Weights>> => {
  const file = join(path, 'model.safetensors')
  try {
    return await readSafetensors(join(dir, file))
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new StartError(
      isMissing
        ? `${file} is missing, which modules.json asks for; save the model with safetensors (model.save_pretrained(folder) in Python), pytorch_model.bin is not read`
        : `${file} cannot be read: ${(error as Error).message}; save the model again`,
      1,
      { cause: error },
    )
  }
}

const readConfig = async (dir: string, path: string): Promise<Json> =>
  ((await readJson(dir, join(path, 'config.json'))) as Json | undefined) ?? {}

const activationOf = (config: Json, path: string): ((value: number) => number) => {
  const name = config['activation_function'] ?? 'Tanh'
  const activation = activations[lastName(name)]
  if (activation) return activation
  throw new StartError(
    `${path}/config.json has activation_function ${String(name)}; ${Object.keys(activations).join(', ')} are known here; serve the model as task tensor to compute it yourself`,
  )
}

/** @throws StartError */
const readDense = async (dir: string, path: string): Promise<VectorLayer> => {
  const [config, weights] = await Promise.all([readConfig(dir, path), readWeights(dir, path)])
  const activation = activationOf(config, path)
  const other = ['module_input_name', 'module_output_name'].find(
    (name) => (config[name] ?? 'sentence_embedding') !== 'sentence_embedding',
  )
  if (other !== undefined)
    throw new StartError(
      `${path}/config.json has ${other} ${String(config[other])}, but a Dense layer is known here for the vector of a text only; serve the model as task tensor`,
    )
  const matrix = weights.get('linear.weight')
  const [to = 0, from = 0] = matrix?.shape ?? []
  const bias = weights.get('linear.bias')?.data
  if (matrix?.shape.length !== 2 || (bias ? bias.length !== to : config['bias'] === true))
    throw new StartError(
      `${path}/model.safetensors does not hold linear.weight and linear.bias of a Dense layer; save the model again`,
    )
  return {
    path,
    kind: 'dense',
    widths: [from, to],
    apply: (vector) =>
      Float32Array.from({ length: to }, (_, row) => {
        let sum = bias?.[row] ?? 0
        for (let index = 0; index < from; index++)
          sum += (matrix.data[row * from + index] as number) * (vector[index] as number)
        return activation(sum)
      }),
  }
}

/** PyTorch's, which sentence-transformers leaves as it is. */
const layerNormEpsilon = 1e-5

/** @throws StartError */
const readLayerNorm = async (dir: string, path: string): Promise<VectorLayer> => {
  const weights = await readWeights(dir, path)
  const [scale, shift] = [weights.get('norm.weight')?.data, weights.get('norm.bias')?.data]
  if (!scale || scale.length !== shift?.length)
    throw new StartError(
      `${path}/model.safetensors does not hold norm.weight and norm.bias of a LayerNorm; save the model again`,
    )
  return {
    path,
    kind: 'layer-norm',
    widths: [scale.length, scale.length],
    apply: (vector) => {
      const mean = vector.reduce((sum, value) => sum + value, 0) / vector.length
      const variance = vector.reduce((sum, value) => sum + (value - mean) ** 2, 0) / vector.length
      const divisor = Math.sqrt(variance + layerNormEpsilon)
      return vector.map(
        (value, index) => ((value - mean) / divisor) * (scale[index] as number) + (shift[index] as number),
      )
    },
  }
}

/**
 * @param name of a module, without its package
 * @returns undefined where the layer is not known here; no layers where it changes nothing
 * @throws StartError where its folder does not fit
 */
export const readLayer = async (
  dir: string,
  name: string,
  path: string,
): Promise<readonly VectorLayer[] | undefined> => {
  switch (name) {
    case 'Dense':
      return [await readDense(dir, path)]
    case 'LayerNorm':
      return [await readLayerNorm(dir, path)]
    case 'Normalize':
      return [{ path, kind: 'normalize', widths: undefined, apply: normalized }]
    // It does something in training alone.
    case 'Dropout':
      return []
    default:
      return undefined
  }
}
