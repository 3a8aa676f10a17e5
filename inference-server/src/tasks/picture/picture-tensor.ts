/** What a model reads of a picture: resized, cut, and each byte a number. Plain data in and out, so that any thread can do it. */
import { toHalf } from '../../tensors/half.ts'
import type { Size } from './image.ts'
import { type Pixels, type Resampling, resample, resampleWork } from './resample.ts'

/** The type of the numbers that pictures are given as; half of them are narrowed from FP32. */
export type PictureDatatype = 'FP16' | 'FP32'

/** How one picture becomes numbers. */
export interface PicturePlan {
  /** Size that it is resized to, before the crop. */
  readonly target: Size
  readonly how: Resampling
  readonly crop: Size | undefined
  readonly datatype: PictureDatatype
  readonly channels: 1 | 3
  /** Pixels before channels or behind them. */
  readonly layout: 'NCHW' | 'NHWC'
  /** Value of a byte, by channel and byte. */
  readonly byteValues: readonly Float32Array[]
}

/** Numbers of one picture, and their size. */
export interface PictureNumbers extends Size {
  readonly data: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>
}

export const pictureNumbers = (picture: Pixels, plan: PicturePlan): PictureNumbers => {
  const { target, how, crop } = plan
  const resized = resample(picture, target.width, target.height, how)
  return numbersOf(crop ? centerCrop(resized, crop) : resized, plan)
}

/** Measured on Node 24, nanoseconds: a weight times a byte, a byte written between, and a number of the result. */
const costs = { product: 2, byte: 8, number: 8 } as const

/** Time that `pictureNumbers` takes, about, in milliseconds. */
export const pictureMs = (
  picture: Omit<Pixels, 'data'>,
  { target, how, crop, channels }: PicturePlan,
): number => {
  const { products, bytes } = resampleWork(picture, target, how)
  const { width, height } = crop ?? target
  return (products * costs.product + bytes * costs.byte + width * height * channels * costs.number) / 1e6
}

/** Bytes that `pictureNumbers` takes beside the picture, and a copy of it for another thread. */
export const pictureBytes = (
  picture: Omit<Pixels, 'data'>,
  { target, how, crop, channels }: PicturePlan,
): number => {
  const { width, height } = crop ?? target
  const copied = picture.width * picture.height * picture.channels
  return copied + resampleWork(picture, target, how).bytes + width * height * channels * 4
}

/** Cuts out the middle; what a smaller picture lacks is black. */
const centerCrop = (picture: Pixels, { width, height }: Size): Pixels => {
  const { channels } = picture
  const left = Math.floor((picture.width - width) / 2)
  const top = Math.floor((picture.height - height) / 2)
  const data = new Uint8Array(width * height * channels)
  const from = Math.max(0, left)
  const to = Math.min(picture.width, left + width)
  for (let y = Math.max(0, -top); y < Math.min(height, picture.height - top); y++) {
    const line = (y + top) * picture.width
    const source = picture.data.subarray((line + from) * channels, (line + to) * channels)
    data.set(source, (y * width + from - left) * channels)
  }
  return { data, width, height, channels }
}

const numbersOf = (
  picture: Pixels,
  { datatype, channels, layout, byteValues }: PicturePlan,
): PictureNumbers => {
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
  return { data, width, height }
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
