/**
 * Bounds the memory of work that goes on side by side. Work waits until it fits beside that which came before it; what is
 * larger than all the room has it alone.
 * @param most bytes at a time
 * @returns runs `work` as soon as there is room for so many bytes
 */
export const byteRoom = (most: number) => {
  const waiting: { readonly bytes: number; readonly enter: () => void }[] = []
  let used = 0
  const admit = (): void => {
    for (let [next] = waiting; next && (used === 0 || used + next.bytes <= most); [next] = waiting) {
      waiting.shift()
      used += next.bytes
      next.enter()
    }
  }
  return async <Result>(bytes: number, work: () => Promise<Result>): Promise<Result> => {
    await new Promise<void>((enter) => {
      waiting.push({ bytes, enter })
      admit()
    })
    try {
      return await work()
    } finally {
      used -= bytes
      admit()
    }
  }
}
