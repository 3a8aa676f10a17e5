/**
 * Bounds what work that goes on side by side takes, such as memory or threads. Work waits until it fits beside that which came
 * before it; what is larger than all the room has it alone.
 * @param most that is taken at a time
 * @returns runs `work` as soon as there is room for so much
 */
export const createRoom = (most: number) => {
  const waiting: { readonly size: number; readonly enter: () => void }[] = []
  let used = 0
  const admit = (): void => {
    for (let [next] = waiting; next && (used === 0 || used + next.size <= most); [next] = waiting) {
      waiting.shift()
      used += next.size
      next.enter()
    }
  }
  return async <Result>(size: number, work: () => Promise<Result>): Promise<Result> => {
    await new Promise<void>((enter) => {
      waiting.push({ size, enter })
      admit()
    })
    try {
      return await work()
    } finally {
      used -= size
      admit()
    }
  }
}
