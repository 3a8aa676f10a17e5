/** A rule cannot show that rows stay apart. The message is the reason, without the node. */
export class Unproven extends Error {
  override readonly name = 'Unproven'
}

/** @throws Unproven unless the condition holds */
export function need(condition: unknown, reason: string): asserts condition {
  if (!condition) throw new Unproven(reason)
}
