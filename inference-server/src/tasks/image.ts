import type { Sharp } from 'sharp'
import { Failure } from '../errors.ts'
import type { Pixels } from './resample.ts'

/** Pictures beyond it are refused before they are decoded: a few hundred bytes can unpack to gigabytes. */
export const maxPixels = 40_000_000

/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** A picture whose header has been read. */
export interface OpenedImage {
  /** How many it has: in memory, three bytes each. */
  readonly pixels: number
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
  const sharp = await loadSharp()
  const image = sharp(bytes, {
    limitInputPixels: maxPixels,
    failOn: 'error',
    ignoreIcc: true,
    autoOrient: true,
  })
  try {
    const { autoOrient: size, space } = await image.metadata()
    return { pixels: size.width * size.height, decode: () => decode(image, space) }
  } catch (error) {
    throw decodeFailure(error as Error)
  }
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
    return space === 'cmyk' ? fromPrint(picture) : picture
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

/** Loads the decoder ahead of the first picture; one thread per picture, since pictures come at the same time. */
const loadSharp = async (): Promise<typeof import('sharp').default> => {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  return sharp
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
