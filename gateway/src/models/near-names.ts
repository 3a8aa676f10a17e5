/** Names that a caller may have meant. */

/** Edits that make one text of another, as long as they are few. @returns `most + 1` for more */
const editDistance = (one: string, other: string, most: number): number => {
  if (Math.abs(one.length - other.length) > most) return most + 1
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return Math.min(row[other.length] as number, most + 1)
}

/** Most edits of a slip of the keyboard. */
const mostEdits = 3
const mostNames = 3
/** Names are NAMESPACE/NAME with 63 characters each; longer ones are near none. */
const mostCharacters = 127

/** @param names NAMESPACE/NAME @returns the nearest of them, those in another namespace too; at most three */
export const nearNames = (asked: string, names: readonly string[]): readonly string[] => {
  if (asked.length > mostCharacters) return []
  const wanted = asked.slice(asked.indexOf('/') + 1)
  return names
    .map((name) => {
      const isSameName = name.slice(name.indexOf('/') + 1) === wanted
      return { name, edits: isSameName ? 0 : editDistance(asked, name, mostEdits) }
    })
    .filter(({ edits }) => edits <= mostEdits)
    .toSorted((one, other) => one.edits - other.edits || (one.name < other.name ? -1 : 1))
    .slice(0, mostNames)
    .map(({ name }) => name)
}
