/** What an import says of a file that is no ONNX model. */

import { plainText } from '@gantry/contract/plain-text.ts'
import { ImportError, showBytes } from '../failures/import-error.ts'
import { openModelFile } from '../sealing/model-file.ts'
import { beginningOf, looksLike } from './looks-like.ts'
import { MalformedMessage } from './malformed-message.ts'

/** Bytes at the beginning of a file, by which its kind is told. */
const headBytes = 512

interface Beginning {
  readonly head: Buffer
  readonly sizeBytes: number
}

const beginning = (path: string): Beginning => {
  const file = openModelFile(path)
  try {
    const head = Buffer.alloc(headBytes)
    const length = file.read(head, head.length, 0)
    return { head: head.subarray(0, length), sizeBytes: file.sizeBytes }
  } finally {
    file.close()
  }
}

const refused = (message: string, detail: string | undefined): ImportError =>
  new ImportError('NotOnnx', message, 'never', { detail })

/**
 * Reads what lies deeper in a model file than its summary does.
 * @throws ImportError NotOnnx where that is broken
 */
export const readDeeper = async <T>(read: () => T | Promise<T>): Promise<T> => {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error
    throw refused('the ONNX model is damaged; export or upload it again', plainText(error.message))
  }
}

/**
 * The error of a reader of model files: where the file is malformed, NotOnnx that says what it looks like instead; other
 * errors stay as they are.
 */
export const asNotOnnx = (error: unknown, path: string): unknown => {
  if (!(error instanceof MalformedMessage)) return error
  const { head, sizeBytes } = beginning(path)
  const found = looksLike(head)
  if (found) return refused(`the file is not an ONNX model, it looks like ${found}`, beginningOf(head))
  const detail = plainText(error.message)
  if (error.breaksOff)
    return refused(
      `the file is not a whole ONNX model: it breaks off after ${showBytes(sizeBytes)}; upload it again`,
      detail,
    )
  return refused('the file is not an ONNX model; export the model to ONNX', detail)
}
