/** What the server and the process that reads texts for it say to each other. */

import type { SentFolder } from '../sealing/sealed-folders.ts'

/** A token and the characters of the text that it stands for. */
export interface Piece {
  readonly id: number
  readonly token: string
  /** First UTF-16 unit of the text. */
  readonly start: number
  /** The place behind the last one. */
  readonly end: number
  /** Which word of the text it belongs to, counted from 0. */
  readonly word: number
}

/** A turn of a chat. */
export interface ChatMessage {
  readonly role: string
  readonly content: string
}

/** What it is for, sent first. */
export type Setup =
  /** `sealed`: the folder, where its files are encrypted, with the key of this version alone. */
  | { readonly kind: 'tokenizer'; readonly dir: string; readonly sealed?: SentFolder | undefined }
  | { readonly kind: 'template'; readonly source: string; readonly tokens: Readonly<Record<string, string>> }

export type Question =
  | { readonly kind: 'ids' | 'pieces'; readonly text: string; readonly most: number | undefined }
  | { readonly kind: 'prompt'; readonly messages: readonly ChatMessage[] }

export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ids'; readonly ids: readonly number[] }
  | { readonly kind: 'pieces'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'prompt'; readonly text: string }
  /** The folder's own words refuse the text, or make no sense. */
  | { readonly kind: 'refused'; readonly message: string; readonly cause: string | undefined }
