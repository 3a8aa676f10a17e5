/** Patches of a picture as the model reads it, and the picture with one of them hidden. */
import { fromHalf, toHalf } from '../tensors/half.ts'
import type { Tensor } from '../tensors/tensor.ts'

/** A part of the model's input, in its pixels. */
export interface Patch {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How the elements of an input lie. */
export interface Grid {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly layout: 'NCHW' | 'NHWC'
}

/** @param shape of one picture: [1, channels, height, width] or [1, height, width, channels] */
export const gridOf = ({ shape }: Tensor, layout: Grid['layout']): Grid => {
  const [, second = 1, third = 1, fourth = 1] = shape
  return layout === 'NCHW'
    ? { channels: second, height: third, width: fourth, layout }
    : { height: second, width: third, channels: fourth, layout }
}

/** Starts of patches along an edge; the last one reaches its end. */
const startsOf = (edge: number, size: number, stride: number): readonly number[] => {
  const count = Math.max(1, Math.ceil((edge - size) / stride) + 1)
  return Array.from({ length: count }, (_, index) => index * stride)
}

/** How many patches there are, without making them. */
export const patchCount = ({ width, height }: Grid, size: number, stride: number): number =>
  startsOf(width, size, stride).length * startsOf(height, size, stride).length

/** Row by row; those at the right and lower edge may be smaller. */
export const patchesOf = ({ width, height }: Grid, size: number, stride: number): readonly Patch[] =>
  startsOf(height, size, stride).flatMap((y) =>
    startsOf(width, size, stride).map((x) => ({
      x,
      y,
      width: Math.min(size, width - x),
      height: Math.min(size, height - y),
    })),
  )

/** Place of an element. */
const placeOf = ({ width, height, channels, layout }: Grid, channel: number, y: number, x: number): number =>
  layout === 'NCHW' ? (channel * height + y) * width + x : (y * width + x) * channels + channel

/** Elements of FP32 and FP16 pictures. */
type Elements = Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>

/** What a hidden patch is filled with: one element for each channel, or those of another picture in their places. */
export type Filling =
  | { readonly kind: 'grey'; readonly grey: readonly number[] }
  | { readonly kind: 'blur'; readonly blurred: Elements }

/** A copy of a picture in which a patch is hidden. */
export const hidden = (
  picture: Tensor,
  grid: Grid,
  { x, y, width, height }: Patch,
  filling: Filling,
): Tensor => {
  const data = (picture.data as Elements).slice()
  for (let channel = 0; channel < grid.channels; channel++)
    for (let row = y; row < y + height; row++)
      for (let column = x; column < x + width; column++) {
        const place = placeOf(grid, channel, row, column)
        data[place] = Number(filling.kind === 'grey' ? filling.grey[channel] : filling.blurred[place])
      }
  return { ...picture, data }
}

/** Means of up to 2 * radius + 1 neighbours on a line, of which elements lie `step` apart. */
const blurLine = (data: Float32Array, start: number, step: number, length: number, radius: number): void => {
  const line = Float64Array.from({ length }, (_, index) => data[start + index * step] as number)
  let sum = 0
  let count = 0
  for (let index = 0; index < length + radius; index++) {
    if (index < length) {
      sum += line[index] as number
      count += 1
    }
    const leaving = index - 2 * radius - 1
    if (leaving >= 0) {
      sum -= line[leaving] as number
      count -= 1
    }
    const centre = index - radius
    if (centre >= 0) data[start + centre * step] = sum / count
  }
}

/** Means over squares, twice, which is near to a Gaussian. */
const passes = 2

/** The picture blurred, a line in each step. @param radius in pixels */
export function* blurred(
  { dtype, data }: Tensor,
  grid: Grid,
  radius: number,
): Generator<undefined, Elements> {
  const { width, height, channels } = grid
  const isHalf = dtype === 'FP16'
  const values = isHalf
    ? Float32Array.from(data as Uint16Array, fromHalf)
    : Float32Array.from(data as Float32Array)
  const [across, down] = [placeOf(grid, 0, 0, 1), placeOf(grid, 0, 1, 0)]
  for (let channel = 0; channel < channels; channel++)
    for (let pass = 0; pass < passes; pass++) {
      for (let y = 0; y < height; y++) {
        blurLine(values, placeOf(grid, channel, y, 0), across, width, radius)
        yield
      }
      for (let x = 0; x < width; x++) {
        blurLine(values, placeOf(grid, channel, 0, x), down, height, radius)
        yield
      }
    }
  return isHalf ? Uint16Array.from(values, toHalf) : values
}
