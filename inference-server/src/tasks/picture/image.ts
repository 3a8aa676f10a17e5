import type { Metadata, Sharp } from 'sharp'
import { Failure } from '../../failures/errors.ts'
import { freeBytes } from '../../tensors/tensor-memory.ts'
import type { Pixels } from './resample.ts'

/** Pictures beyond it are refused before they are decoded: a few hundred bytes can unpack to gigabytes. */
export const maxPixels = 40_000_000

/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Longest edge in pixels; no JPEG has a longer one. */
const maxEdge = 65_535
/** How many times as long as the other an edge may be: resized to 224 pixels, more leaves one pixel of the shorter. */
const maxRatio = 200

/** A picture whose header has been read. */
export interface OpenedImage extends Size {
  /** 1 where it is grey, or 3. */
  readonly channels: number
  /** What decoding takes, and the picture after it. */
  readonly bytes: number
  /** @returns 3 channels, or 1 where the picture is grey @throws Failure when it is broken (422) */
  readonly decode: () => Promise<Pixels>
}

/**
 * Opens a PNG, JPEG, WebP, GIF (first frame) or TIFF: upright after its EXIF orientation, transparency and
 * colour profile ignored as Python's processors do.
 * @throws Failure when it is no picture (415), broken (422) or too large (413)
 */
export const openImage = async (bytes: Uint8Array): Promise<OpenedImage> => {
  if (!isKnownFormat(bytes))
    throw new Failure('unsupported-media-type', 'this is not a picture; send a PNG, JPEG, WebP, GIF or TIFF')
  const image = await pipelineOf(bytes)
  try {
    const metadata = await image.metadata()
    const { autoOrient: size, space } = metadata
    checkEdges(size)
    return { ...size, ...memoryOf(metadata), decode: () => decode(image, space) }
  } catch (error) {
    throw error instanceof Failure ? error : decodeFailure(error as Error)
  }
}

/** @throws Failure */
const checkEdges = ({ width, height }: Size): void => {
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  const limit =
    long > maxEdge
      ? `an edge has at most ${maxEdge}`
      : long > short * maxRatio
        ? `an edge is at most ${maxRatio} times as long as the other`
        : undefined
  if (limit)
    throw new Failure(
      'invalid',
      `the picture has ${width} x ${height} pixels, but ${limit}; cut it or resize it`,
    )
}

/** Formats whose decoders, or libvips after them, hold the whole picture beside the result; of the others some lines. */
const heldWhole: readonly string[] = ['gif', 'webp', 'tiff']

/** Bytes are an upper bound, from what the header says. */
const memoryOf = ({
  width,
  height,
  channels,
  depth,
  format,
  space,
  isProgressive,
  orientation = 1,
}: Metadata): Pick<OpenedImage, 'channels' | 'bytes'> => {
  const shown = space === 'b-w' || space === 'grey16' ? 1 : 3
  const sample = depth === 'uchar' ? 1 : depth === 'ushort' ? 2 : 4
  const own = channels * sample
  // A progressive JPEG is kept as coefficients of two bytes; what is turned is held whole before.
  const progressive = isProgressive ? own * 2 : 0
  const whole = heldWhole.includes(format) || orientation > 1 || space === 'cmyk' ? Math.max(own, 4) : 0
  return { channels: shown, bytes: width * height * (shown + progressive + whole) }
}

/** @throws Failure as `openImage` and `decode` do */
export const decodeImage = async (bytes: Uint8Array): Promise<Pixels> => (await openImage(bytes)).decode()

const decode = async (image: Sharp, space: string): Promise<Pixels> => {
  try {
    // Those of the printer's colours that libvips would show are not those of Pillow.
    if (space === 'cmyk') image.pipelineColourspace('cmyk')
    const { data, info } = await image
      .removeAlpha()
      .toColourspace(ownSpaces.find((own) => own === space) ?? 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const picture = { data, width: info.width, height: info.height, channels: info.channels }
    if (space !== 'cmyk') return picture
    const shown = fromPrint(picture)
    freeBytes(data)
    return shown
  } catch (error) {
    throw decodeFailure(error as Error)
  }
}

/** What is not shown in red, green and blue: grey, and the printer's colours. Of 16 bits, values beyond 255 are white, as with Pillow. */
const ownSpaces = ['b-w', 'grey16', 'cmyk'] as const

/** Cyan, magenta, yellow, black -> red, green, blue as Pillow mixes them, without a profile. */
const fromPrint = ({ data, width, height }: Pixels): Pixels => {
  const shown = new Uint8Array(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const light = 255 - (data[pixel * 4 + 3] as number)
    for (let channel = 0; channel < 3; channel++) {
      const product = (data[pixel * 4 + channel] as number) * light + 128
      shown[pixel * 3 + channel] = light - (((product >> 8) + product) >> 8)
    }
  }
  return { data: shown, width, height, channels: 3 }
}

/** The only decoders of libvips that may be used, for any first bytes of a file: those of SVG, PDF, HEIF and others read more than pixels. */
const loaders = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Tiff'].map((format) => `VipsForeignLoad${format}Buffer`)

/** One thread per picture, since pictures come at the same time. */
const loadSharp = async (): Promise<typeof import('sharp').default> => {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: loaders })
  return sharp
}

let loading: ReturnType<typeof loadSharp> | undefined
/** Loads sharp once, with the first picture. Blocking decoders again later would fail pictures that are decoded at that moment. */
const decoder = (): ReturnType<typeof loadSharp> => {
  loading ??= loadSharp()
  return loading
}

/** A pipeline that reads the picture upright, once its first bytes are known to be those of one. */
export const pipelineOf = async (bytes: Uint8Array): Promise<Sharp> => {
  const sharp = await decoder()
  return sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', ignoreIcc: true, autoOrient: true })
}

/** Pixels in red, green, blue and opacity. */
export const pipelineOfPixels = async (data: Uint8Array, { width, height }: Size): Promise<Sharp> => {
  const sharp = await decoder()
  return sharp(data, { raw: { width, height, channels: 4 } })
}

const decodeFailure = (error: Error): Failure => {
  if (/pixel limit/.test(error.message))
    return new Failure(
      'too-large',
      `the picture has more than ${maxPixels / 1_000_000} million pixels; send a smaller one`,
      { cause: error },
    )
  return new Failure('invalid', `the picture is broken and cannot be decoded (${firstLine(error.message)})`, {
    cause: error,
  })
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

/** First bytes of the formats; libvips would also read SVG, PDF and others, which have no place here. */
const signatures = [
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [0x47, 0x49, 0x46, 0x38], // GIF
  [0x49, 0x49, 0x2a, 0x00], // TIFF, little-endian
  [0x4d, 0x4d, 0x00, 0x2a], // TIFF, big-endian
] as const

const isKnownFormat = (bytes: Uint8Array): boolean =>
  signatures.some((signature) => signature.every((byte, index) => bytes[index] === byte)) || isWebp(bytes)

const isWebp = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'RIFF' &&
  Buffer.from(bytes.subarray(8, 12)).toString('latin1') === 'WEBP'
