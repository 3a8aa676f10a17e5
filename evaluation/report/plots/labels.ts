/** Places labels beside points so that they cover neither each other nor other points. */
import { textWidth } from './text-width.ts'

export interface Anchor {
  readonly x: number
  readonly y: number
  readonly text: string
}

export interface Label extends Anchor {
  /** Where the text begins, ends or has its middle, by its anchor; and its base line. */
  readonly textX: number
  readonly textY: number
  readonly anchor: 'start' | 'middle' | 'end'
  /** Whether a line leads to the point, because the label stands away from it. */
  readonly isFar: boolean
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Pixels of the text, and of a point with its margin. */
const size = 12
const radius = 7

const overlap = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom

const within = (box: Box, bounds: Box): boolean =>
  box.left >= bounds.left && box.right <= bounds.right && box.top >= bounds.top && box.bottom <= bounds.bottom

/** Offsets of the middle of a label from its point: right, left, above, below, then ever farther away. */
const offsets = (width: number): readonly { readonly dx: number; readonly dy: number }[] => {
  const side = width / 2 + radius + 2
  return [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((ring) =>
    [-1, 1].flatMap((direction) => [
      { dx: side, dy: direction * ring * (size + 2) },
      { dx: -side, dy: direction * ring * (size + 2) },
      { dx: 0, dy: direction * (ring + 1) * (size + 4) },
    ]),
  )
}

const boxAt = (x: number, y: number, width: number): Box => ({
  left: x - width / 2,
  right: x + width / 2,
  top: y - size / 2 - 1,
  bottom: y + size / 2 + 2,
})

/** The end of a text that is nearest to its point. */
const anchorAt = (dx: number): Label['anchor'] => {
  if (dx === 0) return 'middle'
  return dx > 0 ? 'start' : 'end'
}
const sign = (anchor: Label['anchor']): number => ({ start: -1, middle: 0, end: 1 })[anchor]

/** Labels in the order given; one that finds no free place is left out. */
export const placeLabels = (anchors: readonly Anchor[], bounds: Box): readonly Label[] => {
  const taken: Box[] = anchors.map(({ x, y }) => ({
    left: x - radius,
    right: x + radius,
    top: y - radius,
    bottom: y + radius,
  }))
  return anchors.flatMap((anchor) => {
    const width = textWidth(anchor.text, size)
    const free = offsets(width).find(({ dx, dy }) => {
      const box = boxAt(anchor.x + dx, anchor.y + dy, width)
      return within(box, bounds) && !taken.some((other) => overlap(box, other))
    })
    if (!free) return []
    const [x, y] = [anchor.x + free.dx, anchor.y + free.dy]
    taken.push(boxAt(x, y, width))
    const side = anchorAt(free.dx)
    return [
      {
        ...anchor,
        textX: x + (width / 2) * sign(side),
        textY: y + size / 3,
        anchor: side,
        isFar: Math.abs(free.dy) > size + 4,
      },
    ]
  })
}
