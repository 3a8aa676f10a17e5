/**
 * What is pending, in order of arrival; anything may leave at any time.
 *
 * Not a Set: whenever V8 grows or shrinks the table of a Set, the old table keeps a reference to the new one, and once
 * the first has been promoted to the old generation, every table after it, with all that it held, outlives its use until
 * the next full collection. Under load that doubled the time of a request.
 */
export interface Arrivals<Item> {
  /** @returns removes the item; further calls do nothing */
  readonly add: (item: Item) => () => void
  readonly oldest: () => Item | undefined
  readonly size: () => number
}

interface Node<Item> {
  readonly item: Item
  before: Node<Item> | undefined
  after: Node<Item> | undefined
}

export const createArrivals = <Item>(): Arrivals<Item> => {
  let first: Node<Item> | undefined
  let last: Node<Item> | undefined
  let size = 0

  const remove = (node: Node<Item>): void => {
    const { before, after } = node
    if (!before && first !== node) return
    if (before) before.after = after
    else first = after
    if (after) after.before = before
    else last = before
    // A removed node must not keep later ones in memory.
    node.before = undefined
    node.after = undefined
    size -= 1
  }

  return {
    add: (item) => {
      const node: Node<Item> = { item, before: last, after: undefined }
      if (last) last.after = node
      else first = node
      last = node
      size += 1
      return () => remove(node)
    },
    oldest: () => first?.item,
    size: () => size,
  }
}
