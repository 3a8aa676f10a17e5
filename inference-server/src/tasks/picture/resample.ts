/** Resizing the way Pillow 13 does, on which Python's image processors rest: two passes, 22-bit weights, 8-bit between. */

/** A picture in memory: 8 bits, channels interleaved, rows from the top. */
export interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: number
}

/** Weight by distance, and the distance beyond which it is 0; in source pixels when enlarging. */
interface Filter {
  readonly support: number
  readonly weight: (distance: number) => number
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

/** Keys' cubic with a = -0.5, as Pillow has it. */
const cubic = (distance: number): number => {
  const x = Math.abs(distance)
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
}

const hamming = (distance: number): number => {
  const x = Math.abs(distance)
  return x >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x))
}

const filters = {
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  hamming: { support: 1, weight: hamming },
} as const satisfies Record<string, Filter>

/** `nearest` takes one source pixel, the others weigh all that a target pixel covers. */
export type Resampling = keyof typeof filters | 'nearest'

/**
 * Large pictures take up to a second, for which reason `picture-threads.ts` decides where it is done.
 * @returns the picture in the given size; the same object where it has that size
 */
export const resample = (picture: Pixels, width: number, height: number, how: Resampling): Pixels => {
  if (picture.width === width && picture.height === height) return picture
  if (how === 'nearest') return nearest(picture, width, height)
  const filter = filters[how]
  return heightFirst(picture, width, height)
    ? horizontal(vertical(picture, height, filter), width, filter)
    : vertical(horizontal(picture, width, filter), height, filter)
}

/** Work that `resample` does: products of a byte and a weight, and bytes that it writes on the way and at the end. */
export const resampleWork = (
  picture: Omit<Pixels, 'data'>,
  { width, height }: Pick<Pixels, 'width' | 'height'>,
  how: Resampling,
): { readonly products: number; readonly bytes: number } => {
  if (picture.width === width && picture.height === height) return { products: 0, bytes: 0 }
  const { channels } = picture
  const last = width * height * channels
  if (how === 'nearest') return { products: 0, bytes: last }
  const between =
    (heightFirst(picture, width, height) ? picture.width * height : width * picture.height) * channels
  const taps = (source: number, target: number): number =>
    source === target ? 0 : Math.min(source, 2 * filters[how].support * Math.max(1, source / target))
  const [first, second] = heightFirst(picture, width, height)
    ? [taps(picture.height, height), taps(picture.width, width)]
    : [taps(picture.width, width), taps(picture.height, height)]
  return { products: between * first + last * second, bytes: between + last }
}

/** Whether Pillow takes the height first, as it does since 13 where that shrinks by far the most; the order rounds a few bytes differently. */
const heightFirst = (picture: Omit<Pixels, 'data'>, width: number, height: number): boolean =>
  picture.height - height > Math.max(0, 2 * (picture.width - width))

const weightBits = 22
const half = 1 << (weightBits - 1)

/** Weights for each target position: where its source pixels start, how many they are, and their weights in 22-bit fixed point. */
interface Weights {
  readonly starts: Int32Array
  readonly counts: Int32Array
  readonly values: Int32Array
  /** Distance between the first weights of two positions in `values`. */
  readonly stride: number
}

const weightsFor = (source: number, target: number, filter: Filter): Weights => {
  const scale = source / target
  const stretch = Math.max(1, scale)
  const support = filter.support * stretch
  const stride = Math.ceil(support) * 2 + 1
  const starts = new Int32Array(target)
  const counts = new Int32Array(target)
  const values = new Int32Array(target * stride)
  for (let position = 0; position < target; position++) {
    const center = (position + 0.5) * scale
    const start = Math.max(0, Math.trunc(center - support + 0.5))
    const end = Math.min(source, Math.trunc(center + support + 0.5))
    const weights = Array.from({ length: end - start }, (_, i) =>
      filter.weight((start + i - center + 0.5) / stretch),
    )
    const sum = weights.reduce((total, weight) => total + weight, 0) || 1
    for (const [i, weight] of weights.entries()) values[position * stride + i] = fixedPoint(weight / sum)
    starts[position] = start
    counts[position] = end - start
  }
  return { starts, counts, values, stride }
}

const fixedPoint = (weight: number): number =>
  Math.trunc(weight * (1 << weightBits) + (weight < 0 ? -0.5 : 0.5))

const horizontal = (picture: Pixels, width: number, filter: Filter): Pixels => {
  if (picture.width === width) return picture
  const { channels, height } = picture
  const { starts, counts, values, stride } = weightsFor(picture.width, width, filter)
  const data = new Uint8Array(width * height * channels)
  const line = picture.width * channels
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < width; x++) {
      const first = row * line + (starts[x] as number) * channels
      const from = x * stride
      const end = from + (counts[x] as number)
      for (let channel = 0; channel < channels; channel++) {
        let sum = half
        for (let i = from, at = first + channel; i < end; i++, at += channels)
          sum += (picture.data[at] as number) * (values[i] as number)
        data[(row * width + x) * channels + channel] = inByte(sum)
      }
    }
  }
  return { data, width, height, channels }
}

/** Line by line as they lie in memory: going down column by column takes several times as long. */
const vertical = (picture: Pixels, height: number, filter: Filter): Pixels => {
  if (picture.height === height) return picture
  const { channels, width } = picture
  const { starts, counts, values, stride } = weightsFor(picture.height, height, filter)
  const line = width * channels
  const data = new Uint8Array(line * height)
  const sums = new Int32Array(line)
  for (let y = 0; y < height; y++) {
    sums.fill(half)
    for (let i = 0; i < (counts[y] as number); i++) {
      const weight = values[y * stride + i] as number
      const first = ((starts[y] as number) + i) * line
      for (let column = 0; column < line; column++)
        sums[column] = (sums[column] as number) + (picture.data[first + column] as number) * weight
    }
    for (let column = 0; column < line; column++) data[y * line + column] = inByte(sums[column] as number)
  }
  return { data, width, height, channels }
}

/** Byte of a sum in 22-bit fixed point. */
const inByte = (sum: number): number => Math.min(255, Math.max(0, sum >> weightBits))

const nearest = (picture: Pixels, width: number, height: number): Pixels => {
  const { channels } = picture
  const data = new Uint8Array(width * height * channels)
  const columns = nearestPositions(picture.width, width)
  for (const [y, sourceY] of nearestPositions(picture.height, height).entries())
    for (const [x, sourceX] of columns.entries()) {
      const from = (sourceY * picture.width + sourceX) * channels
      data.set(picture.data.subarray(from, from + channels), (y * width + x) * channels)
    }
  return { data, width, height, channels }
}

/** Added up step by step as Pillow does, so that rounding falls the same way. */
const nearestPositions = (source: number, target: number): Int32Array => {
  const step = source / target
  const positions = new Int32Array(target)
  for (let index = 0, position = step * 0.5; index < target; index++, position += step)
    positions[index] = Math.min(source - 1, Math.trunc(position))
  return positions
}
