/** Characters of a text with their places in it, as a tokenizer's normaliser leaves them. */
import { byteChars } from './byte-level.ts'

type Inner = InstanceType<typeof import('@huggingface/tokenizers').Tokenizer>

/** A character, or a byte where the tokenizer works on bytes, and its place in the text. */
export interface Unit {
  readonly char: string
  readonly start: number
  readonly end: number
}

/** A character with the marks that combine with it: what a normaliser changes as one. */
const cluster = /\P{M}\p{M}*|\p{M}+/gu

/** Most texts: a normaliser changes at most their case, and going cluster by cluster would only take longer. */
const plain = /^[\x20-\x7e]*$/

/** Normalised cluster by cluster; what only the whole text brings in or takes away (a leading space) has no place of its own. */
export const normalised = (inner: Inner, section: string, offset: number): readonly Unit[] => {
  const normalise = (text: string): string => inner.normalizer?.normalize(text) ?? text
  const result = normalise(section)
  if (plain.test(section) && result.toLowerCase() === section.toLowerCase())
    return Array.from(result, (char, index) => ({ char, start: offset + index, end: offset + index + 1 }))
  const apart: Unit[] = []
  for (const { 0: text, index } of section.matchAll(cluster))
    apart.push(...clusterUnits(text, offset + index, normalise))
  const whole = [...result]
  const same = whole.length === apart.length && apart.every(({ char }, index) => char === whole[index])
  return same ? apart : aligned(whole, apart)
}

/** Characters that stay keep their own places; all others have that of the character which marks combine with. */
const clusterUnits = (text: string, start: number, normalise: (text: string) => string): readonly Unit[] => {
  // A normaliser that strips texts would take away every space that is looked at alone.
  const result = isSpace(text) ? normalise(`a${text}a`).slice(1, -1) : normalise(text)
  if (result === text) {
    let end = start
    return [...text].map((char) => {
      end += char.length
      return { char, start: end - char.length, end }
    })
  }
  const [base = ''] = text
  const end = start + base.length
  return [...result].map((char) => ({ char, start, end }))
}

export const isSpace = (char: string | undefined): boolean => char !== undefined && /^[\s▁Ġ]$/u.test(char)

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '▁' || char === 'Ġ'

/** How many blanks there are from each place on. */
const blanksFrom = (chars: readonly string[]): Int32Array => {
  const counts = new Int32Array(chars.length + 1)
  for (let place = chars.length - 1; place >= 0; place--)
    if (isBlank(chars[place])) counts[place] = (counts[place + 1] as number) + 1
  return counts
}

/**
 * Gives characters the places of equal ones, in order. Blanks may be there on one side only: of several that become one
 * it is the last, and one that is put in front has the place of what follows.
 */
export const aligned = (chars: readonly string[], units: readonly Unit[]): readonly Unit[] => {
  const wanted = blanksFrom(chars)
  const given = blanksFrom(units.map(({ char }) => char))
  let next = 0
  let end = units[0]?.start ?? 0
  return chars.map((char, index) => {
    const more = (given[next] ?? 0) - (wanted[index] ?? 0)
    next += Math.max(0, more)
    // A normaliser may strip other spaces too.
    while (isSpace(units[next]?.char) && units[next]?.char !== char && !isSpace(char)) next += 1
    const unit = units[next]
    if (!unit) return { char, start: end, end }
    if (isBlank(char) && more < 0) return { ...unit, char }
    if (unit.char !== char && !(isSpace(unit.char) && isSpace(char))) return { char, start: end, end }
    next += 1
    end = unit.end
    return { char, start: unit.start, end: unit.end }
  })
}

export const bytesOf = (units: readonly Unit[]): readonly Unit[] =>
  units.flatMap(({ char, start, end }) =>
    [...Buffer.from(char)].map((byte) => ({ char: String(byteChars[byte]), start, end })),
  )
