/** HTML and SVG from templates: every text is escaped but what a template made. */
import { plainText } from '@gantry/contract/plain-text.ts'

/** Markup that a template made. */
export interface Html {
  readonly markup: string
}

/** A text or number is escaped; undefined and false are left out. */
export type Insert = Html | string | number | undefined | false | readonly Insert[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** One line of visible characters, safe as content and in a quoted attribute. */
const escaped = (text: string): string =>
  plainText(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')

const markupOf = (insert: Insert): string => {
  if (insert === undefined || insert === false) return ''
  if (typeof insert === 'string') return escaped(insert)
  if (typeof insert === 'number') return String(insert)
  return 'markup' in insert ? insert.markup : insert.map(markupOf).join('')
}

export const html = (texts: TemplateStringsArray, ...inserts: readonly Insert[]): Html => ({
  markup: String.raw({ raw: texts }, ...inserts.map(markupOf)),
})
