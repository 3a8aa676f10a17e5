/** An image whose folder /models is the model: its layers, the uppermost first, each read once and written to nowhere but the model's files. */
import type { ReadEntry } from 'tar'
import { ImportError } from '../../failures/import-error.ts'
import { isClutter, plainTypes, unsupportedEntry } from '../sources/archive-entry.ts'
import { insidePath } from '../sources/entry-path.ts'
import { packingOf, peek, unpacked, wholly } from '../sources/inflate.ts'
import type { BytesOf, Destination, RemoteFile } from '../sources/remote.ts'
import { readTar } from '../sources/tar.ts'
import { type Overlay, overlay } from './overlay.ts'

/** The folder that an image keeps its model in, by the convention of modelcars. */
const folder = 'models'

/** What the layers of an image may have beside the model, unpacked: an image of CUDA has about 10 GiB. */
const besideBytes = 64 * 2 ** 30
/** Entries of one layer; a distribution of Linux has some 100,000. */
const maxEntries = 500_000

/** `./models/a` -> `models/a`; undefined for a path that leaves the root, which stands for nothing in an image. */
const normal = (path: string): string | undefined => {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? undefined : parts.join('/')
}

/** What is below `models` in a path: '' for the folder itself, undefined for what is beside it. */
const inside = (path: string): string | undefined => {
  if (path === folder) return ''
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined
}

const refuse = (problem: string): ImportError => new ImportError('UnsafePath', problem)

interface Counts {
  /** Files of the model that were written. */
  files: number
}

/** @returns whether the entry counts: it belongs to the model, and no upper layer hides it */
const isWanted = ({ type }: ReadEntry, path: string, layers: Overlay): boolean => {
  const isAbove = !path.includes('/') // a mark of removal in the root may be of /models, or of everything
  if (inside(path) === undefined && !isAbove) return false
  if (layers.noteRemoval(path) || inside(path) === undefined) return false
  return !layers.hides(path, type === 'Directory' ? 'folder' : 'file') && !isClutter(inside(path) ?? '')
}

const takeEntry = async (
  entry: ReadEntry,
  layers: Overlay,
  destination: Destination,
  counts: Counts,
): Promise<void> => {
  const path = normal(entry.path)
  // The path is checked before anything makes a list of the folders that it names: it may name half a million.
  const name = insidePath(inside(path ?? '') ?? '', 'a file of the image')
  if (path === undefined || !isWanted(entry, path, layers)) return void entry.resume()
  if (entry.type === 'Directory') {
    layers.note(path, 'folder')
    return void entry.resume()
  }
  if (path === folder)
    throw refuse(
      'the image has no folder /models but something else of that name; copy the model into a folder /models',
    )
  if (!plainTypes.has(entry.type)) throw unsupportedEntry(entry)
  layers.note(path, 'file')
  counts.files += 1
  await destination.add(name, entry, entry.size)
}

/** @returns the archive of a layer, whichever way it is packed */
const plain = async (chunks: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> => {
  const { head, all } = await peek(chunks)
  const packing = packingOf(head)
  return packing ? unpacked(all, packing) : all
}

/**
 * Writes the model's files, without the folder `models` before their paths.
 * @param layers from the lowest to the uppermost, as the manifest has them
 * @throws ImportError UnsafePath for links and the like in /models; SourceUnsupported where there is no file in it
 */
export const stageImage = async (
  layers: readonly RemoteFile[],
  bytesOf: BytesOf,
  destination: Destination,
): Promise<void> => {
  const seen = overlay()
  const counts: Counts = { files: 0 }
  for (const layer of layers.toReversed()) {
    await wholly(await bytesOf(layer), async (chunks) =>
      readTar(await plain(chunks), {
        maxBytes: destination.maxBytes + besideBytes,
        maxEntries,
        take: (entry) => takeEntry(entry, seen, destination, counts),
        refuse: (entry) =>
          inside(normal(entry.path) ?? '') === undefined ? undefined : unsupportedEntry(entry),
      }),
    )
    seen.descend()
  }
  if (counts.files > 0) return
  throw new ImportError(
    'SourceUnsupported',
    'the image has no file in /models; copy the model there, or push it as ModelPack or with ORAS',
  )
}
