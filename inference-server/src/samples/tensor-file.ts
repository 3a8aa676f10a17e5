/** Writes tensors as safetensors: the length of the header (8 bytes, little-endian), the header as JSON, the tensors one after the other. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { StartError } from '../failures/errors.ts'
import { codeOf } from '../failures/import-error.ts'
import type { Datatype, NamedTensors, Tensor } from '../tensors/tensor.ts'
import { bytesOf } from '../tensors/tensor-binary.ts'

/** Names of the format. It has no texts. */
const dtypes: Readonly<Partial<Record<Datatype, string>>> = {
  BOOL: 'BOOL',
  UINT8: 'U8',
  UINT16: 'U16',
  UINT32: 'U32',
  UINT64: 'U64',
  INT8: 'I8',
  INT16: 'I16',
  INT32: 'I32',
  INT64: 'I64',
  FP16: 'F16',
  FP32: 'F32',
  FP64: 'F64',
}

/** Whether the format has a type for it. */
export const isWritable = ({ dtype }: Pick<Tensor, 'dtype'>): boolean => dtypes[dtype] !== undefined

/** One write takes less where the disk fills up in the middle of it. */
const writeAll = async (file: FileHandle, part: Uint8Array): Promise<void> => {
  for (let written = 0; written < part.length; )
    written += (await file.write(part, written, part.length - written)).bytesWritten
}

/** What a full disk, a quota and a limit of the process say. */
const full = ['ENOSPC', 'EDQUOT', 'EFBIG']

/**
 * Appears whole or not at all.
 * @param metadata texts beside the tensors
 * @throws StartError where there is no room; Error of the file system
 */
export const writeTensors = async (
  path: string,
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>>,
): Promise<void> => {
  let at = 0
  const entries = [...tensors].map(([name, tensor]) => {
    const bytes = bytesOf(tensor)
    const from = at
    at += bytes.length
    const { dtype, shape } = tensor
    return { bytes, entry: [name, { dtype: dtypes[dtype], shape, data_offsets: [from, at] }] as const }
  })
  const header = JSON.stringify({
    __metadata__: metadata,
    ...Object.fromEntries(entries.map(({ entry }) => entry)),
  })
  // The tensors begin at a multiple of eight, so that a reader may map them.
  const padded = Buffer.from(header.padEnd(header.length + ((8 - (Buffer.byteLength(header) % 8)) % 8)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  const unfinished = `${path}.part`
  try {
    await rm(unfinished, { force: true }) // a killed run left it, or it is a link that leads elsewhere
    const file = await open(unfinished, 'wx')
    try {
      for (const part of [length, padded, ...entries.map(({ bytes }) => bytes)]) await writeAll(file, part)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined) // why it was not written says more
    const code = codeOf(error) ?? ''
    throw full.includes(code)
      ? new StartError(`there is no room for ${path} (${code}); free some, or use fewer samples`, 1, {
          cause: error,
        })
      : error
  }
}
