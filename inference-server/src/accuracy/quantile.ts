/**
 * Quantile by linear interpolation between the neighbours, as numpy's default.
 * @param sorted ascending, not empty
 * @param share from 0 to 1
 */
export const quantile = (sorted: ArrayLike<number>, share: number): number => {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const low = Number(sorted[below])
  const high = Number(sorted[Math.min(below + 1, sorted.length - 1)])
  return low + (high - low) * (place - below)
}
