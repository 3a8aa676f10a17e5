/** Which entries of an archive may be files of a model. */
import type { ReadEntry } from 'tar'
import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { isClutterPath } from './clutter.ts'

export const plainTypes: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile'])

/** Files that macOS adds to archives, and what no source of another kind brings either. @param path relative, checked by insidePath */
export const isClutter = (path: string): boolean =>
  /(^|\/)(\._[^/]*|\.DS_Store)$|^__MACOSX\//.test(path) || isClutterPath(path)

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
