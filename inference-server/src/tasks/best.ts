/**
 * The best of many, without sorting them all: a vocabulary has 250,000 tokens, a window of 512 tokens as many answers.
 * @param most how many are kept
 * @param scoreOf higher is better; of equals those that came first are kept, and come first
 */
export const bestOf = <Value>(most: number, scoreOf: (value: Value) => number) => {
  /** A heap whose root is the worst: among equals, the one that came last. */
  const heap: { readonly value: Value; readonly score: number; readonly order: number }[] = []
  let order = 0
  type Entry = (typeof heap)[number]
  const isWorse = (one: Entry, other: Entry): boolean =>
    one.score === other.score ? one.order > other.order : !(one.score >= other.score)
  const at = (index: number): Entry => heap[index] as Entry

  const swap = (one: number, other: number): void => {
    const held = at(one)
    heap[one] = at(other)
    heap[other] = held
  }
  const rise = (start: number): void => {
    for (let index = start; index > 0; ) {
      const parent = (index - 1) >> 1
      if (!isWorse(at(index), at(parent))) return
      swap(index, parent)
      index = parent
    }
  }
  const sink = (): void => {
    for (let index = 0; ; ) {
      let worst = index
      for (const child of [2 * index + 1, 2 * index + 2])
        if (child < heap.length && isWorse(at(child), at(worst))) worst = child
      if (worst === index) return
      swap(index, worst)
      index = worst
    }
  }
  return {
    /** What a further value has to be better than; 0 while there is room, for scores that are none. */
    least: (): number => (heap.length < most ? 0 : at(0).score),
    add: (value: Value): void => {
      const score = scoreOf(value)
      if (heap.length < most) {
        heap.push({ value, score, order: order++ })
        rise(heap.length - 1)
      } else if (most > 0 && score > at(0).score) {
        heap[0] = { value, score, order: order++ }
        sink()
      }
    },
    /** Best first. */
    inOrder: (): readonly Value[] =>
      heap.sort((one, other) => other.score - one.score || one.order - other.order).map(({ value }) => value),
  }
}
