import { StartError } from '../errors.ts'
import { toHalf } from '../half.ts'
import type { NamedTensors, TensorSpec } from '../tensor.ts'
import { maxPixels, openImage, type Size } from './image.ts'
import { type ImageProcessor, imageProcessor } from './image-processor.ts'
import { pixelRoom } from './pixel-room.ts'
import type { Pixels } from './resample.ts'
import { shown } from './signature.ts'
import type { TaskFiles } from './task.ts'

/** Turns pictures into a model's input. */
export interface PictureReader {
  /** Encoded picture -> the input, FP32 or FP16 with first axis 1. @throws Failure when it is no picture that can be read */
  readonly read: (bytes: Uint8Array) => Promise<NamedTensors>
  /** The input of a black picture, for a warm-up. */
  readonly blank: () => Promise<NamedTensors>
}

/**
 * @param inputs the model's inputs that are for pictures: one
 * @param task for the sentence
 * @throws StartError when there is none, or preprocessor_config.json makes pictures that do not fit it
 */
export const pictureReader = (
  inputs: readonly TensorSpec[],
  { preprocessorConfig }: Pick<TaskFiles, 'preprocessorConfig'>,
  task: string,
): PictureReader => {
  const input = pictureInput(inputs, task)
  const processor = imageProcessor(preprocessorConfig, input.size, input.channels)
  const size = outputSize(processor, input)
  const room = pixelRoom(maxPixels)
  const tensors = async (picture: Pixels): Promise<NamedTensors> =>
    new Map([[input.name, pixelTensor(await processor.fit(picture), input, processor)]])
  return {
    read: async (bytes) => {
      const { pixels, decode } = await openImage(bytes)
      return room(pixels, async () => tensors(await decode()))
    },
    blank: () => tensors({ data: new Uint8Array(size.width * size.height), ...size, channels: 1 }),
  }
}

/** The type of the numbers that pictures are given as; half of them are narrowed from FP32. */
type PictureDatatype = 'FP16' | 'FP32'

interface PictureInput {
  readonly name: string
  readonly datatype: PictureDatatype
  readonly channels: 1 | 3
  /** Pixels before channels or behind them. */
  readonly layout: 'NCHW' | 'NHWC'
  /** Where the model fixes them. */
  readonly size: Partial<Size>
}

const pictureInput = (inputs: readonly TensorSpec[], task: string): PictureInput => {
  const [spec] = inputs
  const found =
    inputs.length === 1 && spec && isFloat(spec.datatype) && spec.shape.length === 4
      ? axesOf(spec, spec.datatype)
      : undefined
  if (found) return found
  throw new StartError(
    `${task} needs a model with one input FP32 or FP16 [rows, 3, height, width], but this one has ${shown(inputs)}; serve it as task tensor`,
  )
}

const isFloat = (datatype: string): datatype is PictureDatatype => datatype === 'FP32' || datatype === 'FP16'

const isChannels = (length: number | undefined): length is 1 | 3 => length === 1 || length === 3

const axesOf = ({ name, shape }: TensorSpec, datatype: PictureDatatype): PictureInput | undefined => {
  const [, second = -1, third = -1, fourth = -1] = shape
  if (isChannels(fourth) && !isChannels(second))
    return { name, datatype, channels: fourth, layout: 'NHWC', size: fixed(third, second) }
  const channels = second === -1 ? 3 : second
  return isChannels(channels)
    ? { name, datatype, channels, layout: 'NCHW', size: fixed(fourth, third) }
    : undefined
}

const fixed = (width: number, height: number): Partial<Size> => ({
  ...(width > 0 ? { width } : {}),
  ...(height > 0 ? { height } : {}),
})

/** What pictures end with; checked here, so that a wrong preprocessor_config.json does not wait for the first picture. */
const outputSize = ({ output }: ImageProcessor, { size, name }: PictureInput): Size => {
  const { width = output?.width ?? 224, height = output?.height ?? 224 } = size
  if (output && output.width === width && output.height === height) return output
  if (!output && size.width === undefined && size.height === undefined) return { width, height }
  throw new StartError(
    `preprocessor_config.json makes pictures ${output ? `${output.height} x ${output.width}` : 'of any size'}, but input ${name} takes ${height} x ${width}; change size or crop_size`,
  )
}

const pixelTensor = (picture: Pixels, input: PictureInput, { byteValues }: ImageProcessor) => {
  const { datatype, channels, layout } = input
  const { width, height } = picture
  const plane = width * height
  const data = datatype === 'FP16' ? new Uint16Array(plane * channels) : new Float32Array(plane * channels)
  const [planeStep, pixelStep] = layout === 'NCHW' ? [plane, 1] : [1, channels]
  for (let channel = 0; channel < channels; channel++) {
    const values = byteValues[channel] as Float32Array
    const table = datatype === 'FP16' ? Uint16Array.from(values, toHalf) : values
    const read = byteReader(picture, channels, channel)
    for (let pixel = 0; pixel < plane; pixel++)
      data[channel * planeStep + pixel * pixelStep] = table[read(pixel)] as number
  }
  const shape = layout === 'NCHW' ? [1, channels, height, width] : [1, height, width, channels]
  return { dtype: datatype, shape, data }
}

/** Byte of one channel by pixel: a grey picture fills every channel, a coloured one becomes grey as Pillow does it. */
const byteReader = (
  { data, channels: has }: Pixels,
  wants: 1 | 3,
  channel: number,
): ((pixel: number) => number) => {
  if (has === 1) return (pixel) => data[pixel] as number
  if (wants === 3) return (pixel) => data[pixel * has + channel] as number
  return (pixel) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(pixel * has, pixel * has + 3)
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16 // ITU-R 601-2 luma in 16-bit fixed point
  }
}
