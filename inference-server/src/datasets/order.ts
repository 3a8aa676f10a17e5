/** Order of numbers, the smallest first. */
export const ascending = (one: number, other: number): number => one - other

/** Order of texts by their code points, which does not depend on a language or a machine. */
export const byCodePoint = (one: string, other: string): number => {
  if (one === other) return 0
  const [left, right] = [one[Symbol.iterator](), other[Symbol.iterator]()]
  for (;;) {
    const [a, b] = [left.next(), right.next()]
    if (a.done) return -1
    if (b.done) return 1
    const difference = (a.value.codePointAt(0) ?? 0) - (b.value.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
}
