/** What is found of numbers while something is supposed is forgotten with the supposition. */
export interface Suppositions {
  /** Follows what may not run: what was noted of numbers meanwhile is forgotten. */
  readonly supposing: (follow: () => void) => void
  /** @param forget undoes what was just noted */
  readonly onFound: (forget: () => void) => void
}

export const createSuppositions = (): Suppositions => {
  /** How to forget what was found while something is supposed, in order. */
  const found: (() => void)[] = []
  let supposed = 0

  const supposing = (follow: () => void): void => {
    const start = found.length
    supposed += 1
    try {
      follow()
    } finally {
      supposed -= 1
      for (const forget of found.splice(start).reverse()) forget()
    }
  }

  return {
    supposing,
    onFound: (forget) => {
      if (supposed > 0) found.push(forget)
    },
  }
}
