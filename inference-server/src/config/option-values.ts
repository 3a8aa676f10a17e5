/** Values of options of any command, and their sentences. */
import type { StartError } from '../failures/errors.ts'

/** Makes the error of a problem on the command line. */
export type Wrong = (problem: string) => StartError

/** @throws StartError, from `wrong` */
export const wholeNumber = (flag: string, value: string | undefined, wrong: Wrong): number | undefined => {
  if (value === undefined) return undefined
  if (/^[1-9]\d*$/.test(value) && Number.isSafeInteger(Number(value))) return Number(value)
  throw wrong(`${flag} ${value} is not a whole number of at least 1`)
}

/** @throws StartError, from `wrong` */
export const oneOf = <Name extends string>(
  flag: string,
  value: string,
  names: readonly Name[],
  wrong: Wrong,
): Name => {
  const found = names.find((name) => name === value)
  if (found !== undefined) return found
  throw wrong(`${flag} ${value} does not exist; it is one of ${names.join(', ')}`)
}
