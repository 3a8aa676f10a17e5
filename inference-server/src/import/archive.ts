import type { ReadEntry } from 'tar'
import { ImportError } from '../failures/import-error.ts'
import { isClutter, plainTypes, unsupportedEntry } from './sources/archive-entry.ts'
import { insidePath } from './sources/entry-path.ts'
import { readTar } from './sources/tar.ts'
import type { Staging } from './staging.ts'

/** Entries of an archive, folders included; far beyond any model, far below what would fill memory. */
const maxEntries = 20_000

/**
 * Stages the files of a tar archive while it streams in: nothing but plain files in their own folder.
 * @throws ImportError UnsafePath for links, devices and paths that leave the folder; ModelIncomplete when it breaks off
 */
export const unpack = (chunks: AsyncIterable<Uint8Array>, staging: Staging): Promise<void> =>
  readTar(chunks, {
    maxBytes: staging.maxBytes,
    maxEntries,
    take: (entry) => stageEntry(entry, staging),
    refuse: unsupportedEntry,
  })

const stageEntry = async (entry: ReadEntry, staging: Staging): Promise<void> => {
  const path = insidePath(entry.path, 'an archive entry')
  if (entry.type === 'Directory') {
    entry.resume()
    return
  }
  if (!plainTypes.has(entry.type)) throw unsupportedEntry(entry)
  if (isClutter(path)) {
    entry.resume()
    return
  }
  if (path === '') throw new ImportError('UnsafePath', 'the archive has a file without a name; pack it again')
  await staging.add(path, entry, entry.size)
}
