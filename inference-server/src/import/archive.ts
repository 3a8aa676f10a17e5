import type { ReadEntry } from 'tar'
import { ImportError } from '../failures/import-error.ts'
import { quotedText } from '../failures/shown-text.ts'
import { insidePath } from './entry-path.ts'
import type { Staging } from './staging.ts'
import { readTar } from './tar.ts'

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

export const plainTypes: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile'])

/** Files that macOS adds to archives. */
export const isClutter = (path: string): boolean => /(^|\/)(\._[^/]*|\.DS_Store)$|^__MACOSX\//.test(path)

export const unsupportedEntry = ({ path, type }: ReadEntry): ImportError =>
  new ImportError(
    'UnsafePath',
    `an archive entry is a ${kinds[type] ?? 'thing of an unknown type'}; pack plain files and folders only (tar --dereference follows links)`,
    'never',
    { detail: `its path is ${quotedText(path)}, its type ${type}` },
  )

const kinds: Readonly<Record<string, string>> = {
  SymbolicLink: 'symbolic link',
  Link: 'hard link',
  CharacterDevice: 'device',
  BlockDevice: 'device',
  FIFO: 'named pipe',
  SparseFile: 'sparse file',
}
