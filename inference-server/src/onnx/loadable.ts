/** What onnxruntime is given to load: the one place that decides it, for every session. */
import { dirname, join } from 'node:path'
import { readModelFile } from '../sealing/model-file.ts'
import { sealedPath } from '../sealing/sealed-folders.ts'
import { MalformedMessage } from './malformed-message.ts'
import { readOnnx } from './onnx-file.ts'
import { type Rewritten, withoutZipMap } from './without-zipmap.ts'

/** A file of weights in memory, under the name that the graph has for it. */
export interface WeightsInMemory {
  readonly path: string
  readonly data: Uint8Array
}

/** A model file by its path, or its content, changed so that every output is a tensor. */
export type Loadable =
  | { readonly kind: 'path'; readonly path: string }
  /** `folder`: where the files of its weights are. `opened`: the files that were encrypted, which are only in memory. */
  | {
      readonly kind: 'content'
      readonly content: Uint8Array
      readonly folder: string
      readonly opened?: readonly WeightsInMemory[]
    }

/** @returns the path of a file that is no model, too: onnxruntime says what is wrong with it */
export const loadable = async (path: string): Promise<Loadable> => {
  const rewritten = rewrite(path)
  if (sealedPath(path)) return openedModel(path, rewritten)
  if (!rewritten) return { kind: 'path', path }
  return { kind: 'content', content: contentOf(rewritten), folder: dirname(path) }
}

const contentOf = (rewritten: Rewritten): Uint8Array => Buffer.concat([...rewritten.chunks()])

/** Opens an encrypted graph and its weights in memory. @throws SealError @throws ImportError NotOnnx */
const openedModel = async (path: string, rewritten: Rewritten | undefined): Promise<Loadable> => {
  const folder = dirname(path)
  const names = new Set(readOnnx(path).external.map(({ location }) => location))
  const opened: WeightsInMemory[] = []
  for (const name of names) opened.push({ path: name, data: await readModelFile(join(folder, name)) })
  const content = rewritten ? contentOf(rewritten) : await readModelFile(path)
  return { kind: 'content', content, folder, opened }
}

/** Overwrites what was encrypted, once a session has its own copy. */
export const forgetOpened = (model: Loadable): void => {
  if (model.kind !== 'content' || !model.opened) return
  model.content.fill(0)
  for (const { data } of model.opened) data.fill(0)
}

const rewrite = (path: string): Rewritten | undefined => {
  try {
    return withoutZipMap(path)
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined
    throw error
  }
}
