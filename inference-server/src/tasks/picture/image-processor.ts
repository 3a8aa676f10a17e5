import { StartError } from '../../failures/errors.ts'
import type { Size } from './image.ts'
import type { Resampling } from './resample.ts'

/** How a model wants its pictures, after preprocessor_config.json. */
export interface ImageProcessor {
  /** Size that a picture is resized to, before the crop. */
  readonly targetFor: (size: Size) => Size
  readonly how: Resampling
  /** What is cut out of the middle of the resized picture. */
  readonly crop: Size | undefined
  /** Value of a byte, by channel and byte: rescaled and normalised. */
  readonly byteValues: readonly Float32Array[]
  /** Size that every picture ends with; undefined where it follows the picture's own. */
  readonly output: Size | undefined
}

type Config = Readonly<Record<string, unknown>>

/** Mean and standard deviation of ImageNet, which most image models were trained with; used where the folder says nothing. */
export const imagenetMean = [0.485, 0.456, 0.406]
export const imagenetStd = [0.229, 0.224, 0.225]
/** Edge in pixels of a picture whose size neither the folder nor the model says. */
export const usualEdge = 224

/** Pillow's numbers for its filters, as preprocessor_config.json has them. */
const resamplings: readonly Resampling[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming']

/**
 * Reads the fields that Hugging Face's image processors have in common: size, resample, crop_size, rescale_factor,
 * image_mean, image_std and the do_… switches.
 * @param input of the model, for folders without preprocessor_config.json: that size, bilinear, ImageNet's mean and deviation
 * @param channels of the model, 1 or 3
 * @throws StartError naming the field that makes no sense
 */
export const imageProcessor = (config: Config, input: Partial<Size>, channels: number): ImageProcessor => {
  const fallback = { width: input.width ?? usualEdge, height: input.height ?? usualEdge }
  const how = resampling(config)
  const targetFor = config['do_resize'] === false ? (size: Size) => size : resizeRule(config, fallback)
  const crop = config['do_center_crop'] === true ? cropSize(config, fallback) : undefined
  return {
    targetFor,
    how,
    crop,
    byteValues: channelTables(config, channels),
    output: crop ?? fixedSize(targetFor),
  }
}

const resampling = (config: Config): Resampling => {
  const { resample: number = 2 } = config
  const how = resamplings[Number(number)]
  if (how) return how
  throw badField('resample', `is ${JSON.stringify(number)}; it has to be one of Pillow's filters, 0 to 5`)
}

type SizeRule = (size: Size) => Size

const resizeRule = (config: Config, fallback: Size): SizeRule => {
  const { size } = config
  if (size === undefined) return () => fallback
  if (typeof size === 'number') {
    // Older files: processors that crop meant the shorter edge, the others a square.
    return config['do_center_crop'] === true ? shortestEdge(size, undefined) : () => square(size)
  }
  const {
    width,
    height,
    shortest_edge: edge,
    longest_edge: longest,
  } = (size ?? {}) as Record<string, unknown>
  if (isLength(width) && isLength(height)) return () => ({ width, height })
  if (isLength(edge)) return shortestEdge(cropless(config, edge), isLength(longest) ? longest : undefined)
  throw badField('size', `is ${JSON.stringify(size)}; give {"height": …, "width": …} or {"shortest_edge": …}`)
}

/** ConvNeXt's processors resize a little larger and crop, without saying so in do_center_crop. */
const cropless = (config: Config, edge: number): number => {
  if (config['crop_pct'] === undefined) return edge
  throw badField('crop_pct', `is not supported; give size ${edge} as {"height": ${edge}, "width": ${edge}}`)
}

/** The shorter edge gets `edge`, the other follows; both shrink further where the longer passes `longest`. */
const shortestEdge =
  (edge: number, longest: number | undefined): SizeRule =>
  ({ width, height }) => {
    const short = Math.min(width, height)
    const long = Math.max(width, height)
    const scaled = Math.max(1, Math.trunc((edge * long) / short))
    const [newShort, newLong] =
      longest !== undefined && scaled > longest
        ? [Math.max(1, Math.trunc((longest * short) / long)), longest]
        : [edge, scaled]
    return width <= height ? { width: newShort, height: newLong } : { width: newLong, height: newShort }
  }

const cropSize = (config: Config, fallback: Size): Size => {
  const { crop_size: size } = config
  if (size === undefined) return fallback
  if (isLength(size)) return square(size)
  const { width, height } = (size ?? {}) as Record<string, unknown>
  if (isLength(width) && isLength(height)) return { width, height }
  throw badField('crop_size', `is ${JSON.stringify(size)}; give {"height": …, "width": …}`)
}

const channelTables = (config: Config, channels: number): readonly Float32Array[] => {
  const scale = config['do_rescale'] === false ? 1 : Number(config['rescale_factor'] ?? 1 / 255)
  if (!Number.isFinite(scale)) throw badField('rescale_factor', 'is no number')
  const normalise = config['do_normalize'] !== false
  const means = perChannel(config, 'image_mean', imagenetMean, channels)
  const deviations = perChannel(config, 'image_std', imagenetStd, channels)
  if (deviations.includes(0)) throw badField('image_std', 'holds a 0, by which nothing can be divided')
  return means.map((mean, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => {
      const value = Math.fround(byte * scale)
      return normalise ? (value - Math.fround(mean)) / Math.fround(Number(deviations[channel])) : value
    }),
  )
}

const perChannel = (
  config: Config,
  field: string,
  fallback: readonly number[],
  channels: number,
): readonly number[] => {
  const given = config[field] ?? fallback
  const list =
    typeof given === 'number' ? new Array<number>(channels).fill(given) : (given as readonly number[])
  // One list for three channels also serves a grey model, as the mean of the three.
  const fitting = channels === 1 && Array.isArray(list) && list.length === 3 ? [average(list)] : list
  if (Array.isArray(fitting) && fitting.length === channels && fitting.every(Number.isFinite)) return fitting
  throw badField(field, `has to be a list of ${channels} numbers`)
}

const average = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length

/** The size that every picture gets, or undefined where it depends on the picture. */
const fixedSize = (rule: SizeRule): Size | undefined => {
  const [wide, tall] = [rule({ width: 200, height: 100 }), rule({ width: 100, height: 200 })]
  return wide.width === tall.width && wide.height === tall.height ? wide : undefined
}

const square = (edge: number): Size => {
  if (isLength(edge)) return { width: edge, height: edge }
  throw badField('size', `is ${edge}; it has to be a whole number of pixels`)
}

/** Larger pictures than this are no model's input. */
const longestInput = 8192

const isLength = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= longestInput

const badField = (field: string, problem: string): StartError =>
  new StartError(`${field} of preprocessor_config.json ${problem}`)
