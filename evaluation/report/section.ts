/** The content of a report, the same in every form: sections of paragraphs, tables and plots. All texts are plain. */
import type { Html } from './html.ts'

export interface Column {
  readonly name: string
  /** Numbers stand at the right. */
  readonly numeric?: boolean
}

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | ({ readonly kind: 'table' } & Table)
  /** A form without pictures does not draw it; the same numbers are in a table. */
  | { readonly kind: 'plot'; readonly caption: string; readonly draw: () => Html }

export interface Section {
  readonly heading: string
  readonly blocks: readonly Block[]
  /** Details that a page may fold. */
  readonly parts?: readonly Section[]
}

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text })
export const list = (items: readonly string[]): Block => ({ kind: 'list', items })
export const plot = (caption: string, draw: () => Html): Block => ({ kind: 'plot', caption, draw })

/** Columns by their names; those of numbers end with `#`. */
export const table = (names: readonly string[], rows: Table['rows']): Block => ({
  kind: 'table',
  columns: names.map((name) => (name.endsWith('#') ? { name: name.slice(0, -1), numeric: true } : { name })),
  rows,
})
