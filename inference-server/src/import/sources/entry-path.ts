import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { maxDepth } from './clutter.ts'

/** Longest path inside a version, in characters; file systems take 255 per name and a few thousand in all. */
const maxPathLength = 1024

/**
 * Path of a file inside a model folder, as an archive or an ONNX file names it.
 * @param what for the sentence: who names it
 * @returns relative, without `.` and empty parts; '' for the folder itself
 * @throws ImportError UnsafePath when it leaves the folder
 */
export const insidePath = (path: string, what: string): string => {
  const refuse = (why: string): ImportError =>
    new ImportError('UnsafePath', `${what} ${why}; pack the model's own files only`, 'never', {
      detail: `its path is ${quotedText(path)}`,
    })
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) throw refuse('is an absolute path')
  if (path.includes('\0')) throw refuse('holds a zero byte')
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..') || parts.some((part) => part.includes('\\') && part.split('\\').includes('..')))
    throw refuse('leaves its folder')
  const inside = parts.join('/')
  if (inside.length > maxPathLength || parts.some((part) => Buffer.byteLength(part) > 255))
    throw refuse('is too long')
  if (parts.length > maxDepth + 1) throw refuse(`lies in more than ${maxDepth} folders`)
  return inside
}
