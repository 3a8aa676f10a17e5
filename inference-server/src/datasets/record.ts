/** A line of a data set, before its task gives it a meaning. */

/** Lists and objects within each other: a tensor has an axis for each. */
export const mostDepth = 64

export type RecordInputs =
  /** What `inputs` is in JSON. */
  | { readonly kind: 'json'; readonly value: unknown }
  /** Cells of a table, as they are written. */
  | { readonly kind: 'row'; readonly columns: readonly string[]; readonly cells: readonly string[] }

export interface DatasetRecord {
  /** Number of its first line in the file, from 1. */
  readonly line: number
  readonly inputs: RecordInputs
  /** Undefined where there is none. NaN and Infinity are numbers here, whatever JSON says. */
  readonly label: unknown
  /** Name of a document; undefined where there is none. */
  readonly id: unknown
}
