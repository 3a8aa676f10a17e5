/** Names of the files that a remote source lists, before anything is written under them. */
import { ImportError } from '../failures/import-error.ts'
import { quotedText } from '../failures/shown-text.ts'
import { insidePath } from './sources/entry-path.ts'

const what = 'a file of the source'

const refuse = (why: string, path: string): ImportError =>
  new ImportError('UnsafePath', `${what} ${why}`, 'never', { detail: `its path is ${quotedText(path)}` })

/** Control characters, and U+FFFD, which stands for bytes that were no text. */
const unprintable = /[\p{Cc}\p{Cs}\ufffd]/u

const checkName = (path: string): string => {
  const inside = insidePath(path, what)
  if (inside === '') throw refuse('has no name; give it one', path)
  if (unprintable.test(inside)) throw refuse('has a name that is no plain UTF-8 text; rename it', path)
  return inside
}

/**
 * @param paths as the source has them
 * @returns relative, in the same order
 * @throws ImportError UnsafePath for names that leave the folder, that no volume keeps, and for two that some volumes take for one
 */
export const checkNames = (paths: readonly string[]): readonly string[] => {
  const names = paths.map(checkName)
  const known = new Map<string, string>()
  for (const name of names) {
    const folded = name.normalize('NFC').toLowerCase()
    const other = known.get(folded)
    if (other === name) throw refuse('is there twice; give every file once', name)
    if (other !== undefined)
      throw refuse(
        'differs from another one only by upper and lower case, which not every volume tells apart; rename one of them',
        name,
      )
    known.set(folded, name)
  }
  return names
}
