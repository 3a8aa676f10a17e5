/** The list of files that a source over https has: a server of files cannot be asked what is in a folder. */
import { isObject } from '../../json/json-object.ts'
import { insidePath } from './entry-path.ts'

export interface SourceFile {
  /** Relative to the address of the source, not percent-encoded. */
  readonly path: string
  /** Hexadecimal. */
  readonly sha256?: string | undefined
}

const isDigest = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value)

const entryOf = (entry: unknown): SourceFile => {
  if (!isObject(entry)) throw new Error('each entry needs a path, such as {"path": "model.onnx"}')
  const { path, sha256, ...unknown } = entry
  const [stray] = Object.keys(unknown)
  if (stray !== undefined) throw new Error('an entry has path and sha256 only')
  if (typeof path !== 'string') throw new Error('each entry needs a path, such as {"path": "model.onnx"}')
  if (sha256 !== undefined && !isDigest(sha256)) throw new Error('a sha256 has 64 hexadecimal digits')
  return sha256 === undefined ? { path } : { path, sha256: sha256.toLowerCase() }
}

const parsed = (text: string): unknown => {
  if (!text.startsWith('[')) return text.split(',').map((path) => ({ path: path.trim() }))
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it begins as JSON, but is none')
  }
}

/**
 * @param text names with commas between them, or JSON: `[{"path": "model.onnx", "sha256": "…"}]`
 * @throws Error whose message says what is wrong
 */
export const readSourceFiles = (text: string): readonly SourceFile[] => {
  const entries = parsed(text)
  if (!Array.isArray(entries) || entries.length === 0) throw new Error('it names no file')
  const files = entries.map(entryOf)
  for (const { path } of files)
    if (insidePath(path, 'one of its paths') === '') throw new Error('one of its paths is empty')
  return files
}
