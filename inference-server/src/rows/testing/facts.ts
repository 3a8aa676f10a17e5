/** A number for these lengths of named axes; undefined where it is not known. */
export type Known = (named: NamedLengths) => number | undefined

/** What the prover says of one tensor, in the terms of a caller that runs the graph. */
export interface Fact {
  /**
   * same: equal for every batch.
   * rows: that of the batch is that of its parts, joined along `axis`.
   * row numbers: whole numbers, those of row r greater by r times `stride` than they would be without the rows before.
   * index tuples: the first of the last axis is the number of the row, along `axis`.
   * padded: like rows along axis 0, each filled up along the last axis to the longest of the batch.
   * unknown: nothing is said, but of lengths and values.
   */
  readonly kind: 'same' | 'rows' | 'row numbers' | 'index tuples' | 'padded' | 'unknown'
  readonly axis?: number
  readonly stride?: Known
  /** All elements are whole numbers from 0 to below this; of row numbers, without r times the stride. */
  readonly below?: Known
  /** What padded rows are filled up with. */
  readonly padding?: string
  /** Length of `axis` for each row, where it is known. */
  readonly entriesPerRow?: number
  /** Depends on a quantization scale that is taken over the batch, so that rows are equal but for it. */
  readonly scaled: boolean
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
