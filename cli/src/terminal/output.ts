/** The part of a stream that a command writes to. */
export interface Output {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Columns of a terminal that does not say how many it has, and of files and pipes. */
const usualColumns = 80

export const columnsOf = (output: Output): number => output.columns || usualColumns
