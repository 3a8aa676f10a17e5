/** NFC, NFD, NFKC and NFKD with the places of characters. */
import { type Change, changed, textOf, type Unit } from './units.ts'

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD'

/** Takes the first of the parts with this character, at `from` or behind. */
const takeFirst = (parts: (Change | undefined)[], char: string, from: number): Change | undefined => {
  let at = from
  while (at < parts.length && parts[at]?.[0] !== char) at += 1
  const part = parts[at]
  if (part) parts[at] = undefined
  return part
}

/** Puts parts into the order of a text that has the same characters; equal ones keep theirs. */
const ordered = (parts: readonly Change[], text: string): readonly Change[] => {
  const left: (Change | undefined)[] = [...parts]
  let first = 0
  return Array.from(text, (char) => {
    while (first < left.length && !left[first]) first += 1
    return takeFirst(left, char, first) ?? [char, 1]
  })
}

const decomposed = (units: readonly Unit[], text: string, form: 'NFD' | 'NFKD'): readonly Change[] => {
  const parts = units.flatMap(({ char }) =>
    Array.from(char.normalize(form), (part, index): Change => [part, index === 0 ? 0 : 1]),
  )
  return ordered(parts, text.normalize(form))
}

/** A character that is made of several takes the places of all of them. */
const composed = (parts: readonly Change[], text: string): readonly Change[] => {
  const left: (Change | undefined)[] = [...parts]
  let first = 0
  return Array.from(text, (char): Change => {
    while (first < left.length && !left[first]) first += 1
    let change = 1
    for (const part of char.normalize('NFD')) change += (takeFirst(left, part, first)?.[1] ?? 1) - 1
    return [char, change]
  })
}

/** @param origin where the part begins in the text */
export const inForm = (units: readonly Unit[], form: UnicodeForm, origin: number): readonly Unit[] => {
  const text = textOf(units)
  const result = text.normalize(form)
  if (result === text) return units
  const isCompatible = form === 'NFKC' || form === 'NFKD'
  const parts = decomposed(units, text, isCompatible ? 'NFKD' : 'NFD')
  const changes = form === 'NFC' || form === 'NFKC' ? composed(parts, result) : parts
  return changed(units, changes, origin)
}
