/**
 * Counts places in a text as Python does, by code points: a character beyond 16 bits, such as an emoji, is one.
 * @returns place in UTF-16 units -> place in code points
 */
export const codePointCounter = (text: string): ((unit: number) => number) => {
  if (!/[\ud800-\udbff]/.test(text)) return (unit) => unit
  const places = new Uint32Array(text.length + 1)
  let count = 0
  for (let unit = 0; unit < text.length; unit++) {
    places[unit] = count
    const code = text.charCodeAt(unit)
    const before = text.charCodeAt(unit - 1)
    const isSecondHalf = code >= 0xdc00 && code <= 0xdfff && before >= 0xd800 && before <= 0xdbff
    if (isSecondHalf) places[unit] = count - 1
    else count += 1
  }
  places[text.length] = count
  return (unit) => places[unit] ?? count
}

/** Length in code points. */
export const codePoints = (text: string): number => [...text].length
