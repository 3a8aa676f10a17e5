/** What an answer says, in one form for all protocols. */

/** Numbers without a fraction keep all their digits as bigint. */
export type OutputKind = 'float' | 'whole' | 'text'

export interface Output {
  /** Name of the tensor, or path of the member, such as `predictions[0].label`. */
  readonly name: string
  readonly kind: OutputKind
  /** Lengths of the axes; none for a single value. */
  readonly shape: readonly number[]
  /** Row-major; NaN for a number that is missing. */
  readonly values: ArrayLike<number | bigint | string>
  /** Place in a list of alternatives, 0 for the best; undefined where it is no alternative. */
  readonly place?: number | undefined
}

/** Length of the last axis; 1 for a single value and for one number a row. */
export const widthOf = ({ shape }: Pick<Output, 'shape'>): number =>
  shape.length > 1 ? (shape.at(-1) as number) : 1

/** An answer that is not of the form of its protocol. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer'
}
