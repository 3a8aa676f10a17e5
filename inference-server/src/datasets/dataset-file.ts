import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { codeOf } from '../failures/import-error.ts'
import { quotedList, quotedText } from '../failures/shown-text.ts'
import { DatasetError, invalid } from './dataset-error.ts'
import { isBelow, realPathWithin } from './inside-folder.ts'

export type DatasetFormat = 'jsonl' | 'csv'

export interface DatasetFile {
  /** Absolute path of the folder that pictures are relative to. */
  readonly folder: string
  /** Absolute path of the file of samples. */
  readonly file: string
}

const formats: ReadonlyMap<string, DatasetFormat> = new Map([
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.csv', 'csv'],
])

/** The format that a file's name says. @throws DatasetError */
export const formatOf = (file: string): DatasetFormat => {
  const format = formats.get(extname(file).toLowerCase())
  if (format !== undefined) return format
  throw invalid(
    `the name of the data set, ${quotedText(basename(file))}, says no format; name it .jsonl or .csv, or set format to jsonl or csv`,
  )
}

const notFound = (error: unknown): DatasetError => {
  const code = codeOf(error) ?? 'error'
  const gone = code === 'ENOENT' || code === 'ENOTDIR'
  return new DatasetError(
    gone ? 'DatasetNotFound' : 'DatasetUnreachable',
    gone ? 'the data set has no such file; check its path' : `the data set cannot be read (${code})`,
    { cause: error, retry: gone ? 'never' : 'backoff' },
  )
}

/** The only file of a folder that may have samples. */
const onlyFile = async (folder: string): Promise<string> => {
  const names = (await readdir(folder)).filter((name) => formats.has(extname(name).toLowerCase())).sort()
  const [name] = names
  if (name === undefined) throw invalid('the data set has no .jsonl or .csv file; name one with file')
  if (names.length > 1)
    throw invalid(`the data set has several files; name one with file: ${quotedList(names)}`)
  return name
}

/**
 * Finds the file of samples.
 * @param path a file, or a folder
 * @param file relative path of the file in that folder
 * @throws DatasetError
 */
export const datasetFile = async (path: string, file?: string): Promise<DatasetFile> => {
  const root = resolve(path)
  try {
    if (!(await stat(root)).isDirectory()) return { folder: dirname(root), file: root }
    const name = file ?? (await onlyFile(root))
    if (!isBelow(name)) throw invalid('file must be a path below the folder of the data set')
    if ((await realPathWithin(root, name)) === undefined)
      throw invalid('file is a link that leads out of the folder of the data set')
    const found = join(root, name)
    if (!(await stat(found)).isFile()) throw invalid(`file names ${quotedText(name)}, which is no file`)
    return { folder: root, file: found }
  } catch (error) {
    throw error instanceof DatasetError ? error : notFound(error)
  }
}
