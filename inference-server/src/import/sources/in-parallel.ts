/**
 * Runs a task for each item, several at a time. No more begin after a failure; those that run are waited for.
 * @param onFailure told of the first failure, so that it can end those that run
 * @throws the first failure
 */
export const inParallel = async <Item>(
  items: readonly Item[],
  atOnce: number,
  run: (item: Item) => Promise<void>,
  onFailure: () => void,
): Promise<void> => {
  const waiting = items.values()
  let failure: { readonly error: unknown } | undefined
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      if (failure) return
      await run(item).catch((error: unknown) => {
        failure ??= { error }
        onFailure()
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work))
  if (failure) throw (failure as { readonly error: unknown }).error
}
