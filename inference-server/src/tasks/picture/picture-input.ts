import { Failure, StartError } from '../../failures/errors.ts'
import type { TaskFiles } from '../../models/model-files.ts'
import { createRoom } from '../../process/room.ts'
import { toHalf } from '../../tensors/half.ts'
import { shown } from '../../tensors/signature.ts'
import type { NamedTensors, TensorSpec } from '../../tensors/tensor.ts'
import { maxPixels, type OpenedImage, openImage, type Size } from './image.ts'
import { type ImageProcessor, imageProcessor, usualEdge } from './image-processor.ts'
import {
  type PictureDatatype,
  type PictureNumbers,
  type PicturePlan,
  pictureBytes,
  pictureNumbers,
} from './picture-tensor.ts'
import { createPictureThreads, startPictureThread } from './picture-threads.ts'

/** Turns pictures into a model's input. */
export interface PictureReader {
  /**
   * Encoded picture -> the input, FP32 or FP16 with first axis 1.
   * @param field its name, for the error @throws Failure when it is no picture that can be read
   */
  readonly read: (bytes: Uint8Array, field: string) => Promise<ReadPicture>
  /** The input of a black picture, for a warm-up. */
  readonly blank: () => Promise<NamedTensors>
}

/** A picture as the model reads it, and how many pixels it had. */
export interface ReadPicture {
  readonly tensors: NamedTensors
  readonly pixels: number
  readonly view: PictureView
}

/** A part of a picture, in its pixels. */
export interface Rectangle extends Size {
  readonly left: number
  readonly top: number
}

/** Where the numbers of the model's input come from. */
export interface PictureView {
  /** Size of the picture as it came, upright. */
  readonly picture: Size
  /** The part that the model reads; it is larger than the picture where a crop is filled up. */
  readonly seen: Rectangle
  /** Pixels before channels or behind them. */
  readonly layout: 'NCHW' | 'NHWC'
  /** Elements of the input for a grey pixel, byte 128, by channel. */
  readonly grey: readonly number[]
}

const greyByte = 128

/** The part of a picture that is left of the crop. */
const seenOf = ({ width, height }: Size, { target, crop }: PicturePlan): Rectangle => {
  const { width: wide, height: high } = crop ?? target
  const [across, down] = [width / target.width, height / target.height]
  return {
    left: Math.floor((target.width - wide) / 2) * across,
    top: Math.floor((target.height - high) / 2) * down,
    width: wide * across,
    height: high * down,
  }
}

const viewOf = (picture: Size, plan: PicturePlan): PictureView => {
  const { layout, datatype, byteValues, channels } = plan
  const grey = byteValues.slice(0, channels).map((values) => Number(values[greyByte]))
  return {
    picture,
    seen: seenOf(picture, plan),
    layout,
    grey: datatype === 'FP16' ? grey.map(toHalf) : grey,
  }
}

/** Bytes of all pictures of all models that are in memory at a time; the largest pictures that are read take all of it. */
const roomBytes = 128 * 2 ** 20
/** One for the process, as its memory is; nothing is started before the first large picture. */
const room = createRoom(roomBytes)
const onThread = createPictureThreads(startPictureThread)

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
  const { how, crop, byteValues } = processor
  const { datatype, channels, layout } = input
  const shared = { how, crop, byteValues, datatype, channels, layout }
  const planFor = (picture: Size): PicturePlan => ({ ...shared, target: processor.targetFor(picture) })
  return {
    read: (bytes, field) =>
      named(field, async () => {
        const image = await openImage(bytes)
        const plan = planFor(image)
        checkTarget(image, plan)
        const numbers = await room(image.bytes + pictureBytes(image, plan), async () =>
          onThread(await image.decode(), plan),
        )
        const { width, height } = image
        return {
          tensors: tensorOf(input, numbers),
          pixels: width * height,
          view: viewOf({ width, height }, plan),
        }
      }),
    blank: async () => {
      const picture = { data: new Uint8Array(size.width * size.height), ...size, channels: 1 }
      return tensorOf(input, pictureNumbers(picture, planFor(size)))
    },
  }
}

const tensorOf = (
  { name, datatype, channels, layout }: PictureInput,
  numbers: PictureNumbers,
): NamedTensors => {
  const { data, width, height } = numbers
  const shape = layout === 'NCHW' ? [1, channels, height, width] : [1, height, width, channels]
  return new Map([[name, { dtype: datatype, shape, data }]])
}

/** Errors of a picture name the member that it came in. */
const named = async <Result>(field: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'unavailable') throw error
    throw new Failure(error.kind, error.message, { field, cause: error.cause })
  }
}

/** A rule such as shortest_edge makes a long picture larger. @throws Failure */
const checkTarget = ({ width, height }: OpenedImage, { target }: PicturePlan): void => {
  if (target.width * target.height <= maxPixels) return
  throw new Failure(
    'invalid',
    `the picture of ${width} x ${height} pixels would be resized to ${target.width} x ${target.height}, but at most ${maxPixels / 1_000_000} million pixels are made; cut it`,
  )
}

interface PictureInput {
  readonly name: string
  readonly datatype: PictureDatatype
  readonly channels: 1 | 3
  /** Pixels before channels or behind them. */
  readonly layout: 'NCHW' | 'NHWC'
  /** Height and width, where the model fixes them. */
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
  const { width = output?.width ?? usualEdge, height = output?.height ?? usualEdge } = size
  if (output && output.width === width && output.height === height) return output
  if (!output && size.width === undefined && size.height === undefined) return { width, height }
  throw new StartError(
    `preprocessor_config.json makes pictures ${output ? `${output.height} x ${output.width}` : 'of any size'}, but input ${name} takes ${height} x ${width}; change size or crop_size`,
  )
}
