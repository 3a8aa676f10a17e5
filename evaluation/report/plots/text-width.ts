/** How wide a text will be, where no browser has drawn it yet. */

/** Characters as wide as they are high: CJK, Hangul, full-width forms, pictographs. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u

/** Pixels, rather too many than too few: sans-serif letters are at most about 0.58 of the size wide on average. */
export const textWidth = (text: string, size: number): number =>
  [...text].reduce((width, character) => width + (wide.test(character) ? 1 : 0.58) * size, 0)

/** As much of a text as fits. */
export const fitting = (text: string, most: number, size: number): string => {
  if (textWidth(text, size) <= most) return text
  const characters = [...text]
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, size) > most) characters.pop()
  return `${characters.join('').trimEnd()}…`
}
