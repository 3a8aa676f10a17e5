/** Colours of the parts of a picture: red speaks for the class, blue against it, and the stronger the less the picture is seen through. */
import type { Colours } from '../tasks/picture/overlay.ts'
import type { Grid, Patch } from './patches.ts'

/** Red, green, blue. */
const colours = { for: [225, 40, 35], against: [35, 90, 225] } as const
/** Opacity of the strongest, of 255: the picture stays visible. */
const mostOpacity = 170

/** Means of the weights of all patches that lie on a pixel. */
function* meansOf(
  { width, height }: Grid,
  patches: readonly Patch[],
  weights: Float64Array,
): Generator<undefined, Float64Array> {
  const sums = new Float64Array(width * height)
  const counts = new Uint32Array(width * height)
  for (const [index, patch] of patches.entries()) {
    for (let y = patch.y; y < patch.y + patch.height; y++)
      for (let x = patch.x; x < patch.x + patch.width; x++) {
        const place = y * width + x
        sums[place] = (sums[place] as number) + (weights[index] as number)
        counts[place] = (counts[place] as number) + 1
      }
    yield
  }
  return sums.map((sum, place) => sum / Math.max(1, counts[place] as number))
}

/** Colours them in steps, since pictures are large. @param weights of the patches */
export function* heatOf(
  grid: Grid,
  patches: readonly Patch[],
  weights: Float64Array,
): Generator<undefined, Colours> {
  const means = yield* meansOf(grid, patches, weights)
  const strongest = means.reduce((most, mean) => Math.max(most, Math.abs(mean)), 0)
  const data = new Uint8Array(means.length * 4)
  for (const [place, mean] of means.entries()) {
    data.set(mean > 0 ? colours.for : colours.against, place * 4)
    data[place * 4 + 3] = strongest > 0 ? Math.round((Math.abs(mean) / strongest) * mostOpacity) : 0
  }
  return { data, width: grid.width, height: grid.height }
}
