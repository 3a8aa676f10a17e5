/** What onnxruntime is given to load: the one place that decides it, for every session. */
import { dirname } from 'node:path'
import { MalformedMessage } from './malformed-message.ts'
import { type Rewritten, withoutZipMap } from './without-zipmap.ts'

/** A model file by its path, or its content, changed so that every output is a tensor. */
export type Loadable =
  | { readonly kind: 'path'; readonly path: string }
  /** `folder`: where the files of its weights are. */
  | { readonly kind: 'content'; readonly content: Uint8Array; readonly folder: string }

/** @returns the path of a file that is no model, too: onnxruntime says what is wrong with it */
export const loadable = (path: string): Loadable => {
  const rewritten = rewrite(path)
  if (!rewritten) return { kind: 'path', path }
  return { kind: 'content', content: Buffer.concat([...rewritten.chunks()]), folder: dirname(path) }
}

const rewrite = (path: string): Rewritten | undefined => {
  try {
    return withoutZipMap(path)
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined
    throw error
  }
}
