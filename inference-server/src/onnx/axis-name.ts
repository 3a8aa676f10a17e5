/** What an axis is as long as, together: axes with these names, and a number of entries. */
export interface AxisSum {
  readonly names: readonly string[]
  readonly entries: number
}

/**
 * Reads the name of a free axis as a sum, which exporters write for the mask of a decoder: `past_sequence_length + sequence_length`.
 * @returns undefined where it is a plain name
 */
export const axisSum = (name: string): AxisSum | undefined => {
  const addends = name.split('+').map((addend) => addend.trim())
  if (addends.length === 1 || !addends.every((addend) => /^\w+$/.test(addend))) return undefined
  const isNumber = (addend: string): boolean => /^\d{1,6}$/.test(addend)
  return {
    names: addends.filter((addend) => !isNumber(addend)),
    entries: addends.filter(isNumber).reduce((sum, addend) => sum + Number(addend), 0),
  }
}
