/** The option --source-files of an import. */
import { readSourceFiles, type SourceFile } from '../sources/source-files.ts'

interface Values {
  readonly 'source-files'?: string | undefined
  readonly sha256?: string | undefined
}

/**
 * @param uri of the source
 * @param wrong makes the error of a command line
 * @returns undefined where no list is given
 * @throws the error of `wrong` where the source is none that has a list of files, or the list is none
 */
export const sourceFilesOption = (
  { 'source-files': text, sha256 }: Values,
  uri: string,
  wrong: (problem: string) => Error,
): readonly SourceFile[] | undefined => {
  if (text === undefined) return undefined
  if (!/^https?:\/\//i.test(uri)) throw wrong('--source-files are beneath an https:// address')
  if (sha256 !== undefined)
    throw wrong('--sha256 is the digest of one file; give each of --source-files its own')
  try {
    return readSourceFiles(text)
  } catch (error) {
    throw wrong(`--source-files cannot be used: ${(error as Error).message}`)
  }
}
