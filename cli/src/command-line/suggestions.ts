/** Names that could have been meant. */

/** Fewest characters to insert, delete, replace or swap with a neighbour (optimal string alignment). */
export const editDistance = (a: string, b: string): number => {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swaps = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = swaps ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped))
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}

/** Most names that are suggested, and most that are listed. */
const mostSuggested = 3
const mostListed = 8

/** Names near the given one, nearest first: a third of its characters may differ, or one begins with the other. */
export const near = (given: string, names: readonly string[]): readonly string[] =>
  names
    .map((name) => ({ name, distance: editDistance(given, name) }))
    .filter(
      ({ name, distance }) =>
        distance <= Math.max(1, Math.floor(given.length / 3)) ||
        (given.length > 1 && (name.startsWith(given) || given.startsWith(name))),
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, mostSuggested)
    .map(({ name }) => name)

/** `Did you mean a or b?`, or the names that there are. Undefined where there are none. */
export const suggestion = (given: string, names: readonly string[]): string | undefined => {
  const meant = near(given, names)
  if (meant.length > 0) return `Did you mean ${meant.join(' or ')}?`
  if (names.length === 0) return undefined
  const more = names.length - mostListed
  return `There are: ${names.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
}
