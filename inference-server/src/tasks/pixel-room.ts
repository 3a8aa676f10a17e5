/**
 * Bounds the memory of pictures that are decoded side by side. A picture waits until it fits beside those that came before
 * it; one that is larger than all the room has it alone.
 * @param most pixels at a time
 * @returns runs `work` as soon as there is room for so many pixels
 */
export const pixelRoom = (most: number) => {
  const waiting: { readonly pixels: number; readonly enter: () => void }[] = []
  let used = 0
  const admit = (): void => {
    for (let [next] = waiting; next && (used === 0 || used + next.pixels <= most); [next] = waiting) {
      waiting.shift()
      used += next.pixels
      next.enter()
    }
  }
  return async <Result>(pixels: number, work: () => Promise<Result>): Promise<Result> => {
    await new Promise<void>((enter) => {
      waiting.push({ pixels, enter })
      admit()
    })
    try {
      return await work()
    } finally {
      used -= pixels
      admit()
    }
  }
}
