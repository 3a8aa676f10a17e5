import { pipelineOf, pipelineOfPixels, type Size } from './image.ts'
import type { Rectangle } from './picture-input.ts'

/** Longest edge of the result, in pixels: enough to be looked at. */
const longestEdge = 1024

/** Colours of the pixels of a grid, in red, green, blue and opacity. */
export interface Colours extends Size {
  readonly data: Uint8Array
}

/** Part of the colours that lies on the picture, and where it lies there. */
interface Placed {
  readonly from: Rectangle
  readonly to: Rectangle
}

/** A part of an axis: from, length. Whole pixels, at least one. */
const whole = (from: number, to: number, most: number): readonly [number, number] => {
  const start = Math.min(most - 1, Math.max(0, Math.round(from)))
  return [start, Math.max(1, Math.min(most, Math.round(to)) - start)]
}

const placed = (colours: Size, seen: Rectangle, picture: Size, scale: number, size: Size): Placed => {
  const axis = (start: number, length: number, edge: number, cells: number, pixels: number) => {
    const [from, to] = [Math.max(0, start), Math.min(edge, start + length)]
    return {
      from: whole(((from - start) / length) * cells, ((to - start) / length) * cells, cells),
      to: whole(from * scale, to * scale, pixels),
    }
  }
  const x = axis(seen.left, seen.width, picture.width, colours.width, size.width)
  const y = axis(seen.top, seen.height, picture.height, colours.height, size.height)
  return {
    from: { left: x.from[0], width: x.from[1], top: y.from[0], height: y.from[1] },
    to: { left: x.to[0], width: x.to[1], top: y.to[0], height: y.to[1] },
  }
}

/**
 * The picture with colours over a part of it, at most 1024 pixels wide and high.
 * @param bytes of a picture that has been read before @param seen the part of `picture` that the colours stand for
 * @returns PNG
 */
export const drawOver = async (
  bytes: Uint8Array,
  picture: Size,
  seen: Rectangle,
  colours: Colours,
): Promise<Buffer> => {
  const scale = Math.min(1, longestEdge / Math.max(picture.width, picture.height))
  const size = {
    width: Math.max(1, Math.round(picture.width * scale)),
    height: Math.max(1, Math.round(picture.height * scale)),
  }
  const { from, to } = placed(colours, seen, picture, scale, size)
  const over = await (await pipelineOfPixels(colours.data, colours))
    .extract(from)
    .resize(to.width, to.height, { fit: 'fill', kernel: 'nearest' })
    .raw()
    .toBuffer()
  const image = await pipelineOf(bytes)
  return image
    .removeAlpha()
    .resize(size.width, size.height, { fit: 'fill' })
    .toColourspace('srgb')
    .composite([
      {
        input: over,
        raw: { width: to.width, height: to.height, channels: 4 },
        left: to.left,
        top: to.top,
      },
    ])
    .png()
    .toBuffer()
}
