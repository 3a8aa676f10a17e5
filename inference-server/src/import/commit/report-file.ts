/** The file of the report that an optimizer has left. */
import { readFile, stat } from 'node:fs/promises'
import { codeOf } from '../../failures/import-error.ts'

/** A report has figures of each step, and names of nodes; a longer one was not written by the optimizer. */
const mostBytes = 16 * 2 ** 20

export type ReportFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' | 'noFile' | 'tooLong' }

/**
 * The optimizer has read a stranger's graph: what lies there may be a pipe that never ends, or fill the memory.
 * @throws Error of the file system
 */
export const readReportFile = async (path: string): Promise<ReportFile> => {
  const found = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (!found) return { kind: 'missing' }
  if (!found.isFile()) return { kind: 'noFile' }
  if (found.size > mostBytes) return { kind: 'tooLong' }
  return { kind: 'text', text: await readFile(path, 'utf8') }
}
