/**
 * How long runs take, learned while serving. Cost is counted by input elements rather than by rows: one small table then serves
 * rows of every shape, and a first axis that counts samples of a signal instead of rows.
 */
export interface RunCosts {
  /** Notes the duration of a run of so many input elements. */
  readonly learn: (elements: number, ms: number) => void
  /** Expected duration of a run in ms; undefined where nothing was learned. */
  readonly msOf: (elements: number) => number | undefined
  /** Most elements of a run that is expected to end within `ms`; undefined where nothing was learned. */
  readonly within: (ms: number) => number | undefined
}

/** Runs of one size: elements from a power of two to the next one. */
interface Size {
  readonly least: number
  /** Largest number of elements that was run. */
  most: number
  /** Milliseconds per element of the latest runs, and the median of them. */
  readonly recent: number[]
  msPerElement: number
}

/** The median of so many: one hiccup of the machine changes nothing, and two runs tell that it became faster or slower. */
const remembered = 3

/** A run may be so many times as large as any before it, which bounds what a wrong estimate costs in time and memory. */
const growth = 8

const middle = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

export const createRunCosts = (): RunCosts => {
  /** Run times by power of two, with holes. */
  const sizes: (Size | undefined)[] = []

  return {
    learn: (elements, ms) => {
      if (!(elements >= 1)) return
      const power = Math.floor(Math.log2(elements))
      const size = sizes[power] ?? { least: 2 ** power, most: 0, recent: [], msPerElement: 0 }
      sizes[power] = size
      size.most = Math.max(size.most, elements)
      size.recent.push(ms / elements)
      if (size.recent.length > remembered) size.recent.shift()
      size.msPerElement = middle(size.recent)
    },
    msOf: (elements) => {
      let nearest: Size | undefined
      // The next smaller size that was measured, or else the smallest: larger runs cost at most in proportion.
      for (let power = sizes.length - 1; power >= 0; power--) {
        const size = sizes[power]
        if (!size) continue
        nearest = size
        if (size.least <= elements) break
      }
      return nearest && nearest.msPerElement * elements
    },
    within: (ms) => {
      let most: number | undefined
      let limit: number | undefined
      for (let power = sizes.length - 1; power >= 0; power--) {
        const size = sizes[power]
        if (!size) continue
        most = Math.min(limit ?? size.most * growth, ms / size.msPerElement)
        if (most >= size.least) return most
        limit = size.least
      }
      return most
    },
  }
}
