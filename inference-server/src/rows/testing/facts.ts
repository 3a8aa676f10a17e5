/** What the prover says of one tensor, in the terms of whoever runs the graph. */
export interface Fact {
  /**
   * same: equal for every batch. rows: the batch's is that of its parts, joined along `axis`. row numbers: 0, 1, 2 … along
   * `axis`. index tuples: the first of the last axis is the row number. padded: like rows along axis 0, each filled up along the last
   * axis to the longest of the batch. unknown: nothing is said, but of lengths and values.
   */
  readonly kind: 'same' | 'rows' | 'row numbers' | 'index tuples' | 'padded' | 'unknown'
  readonly axis?: number
  /** What padded rows are filled up with. */
  readonly padding?: string
  /** Length of `axis` for each row, where it is known. */
  readonly entriesPerRow?: number
  /** Depends on a quantization scale that is taken over the batch, so that rows are equal but for it. */
  readonly scaled: boolean
  /** Lengths of the axes for these lengths of named ones; undefined for those that are not known. */
  readonly lengths?: (named: NamedLengths) => readonly (number | undefined)[]
  readonly values?: (named: NamedLengths) => {
    readonly shape: readonly number[]
    readonly elements: readonly (number | undefined)[]
  }
}

export interface NamedLengths {
  readonly rows: number
  readonly [name: string]: number
}

export type Facts = ReadonlyMap<string, Fact>
