import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { codeOf, ImportError } from '../failures/import-error.ts'
import { quotedText } from '../failures/shown-text.ts'
import type { Sealing } from '../sealing/seal-stream.ts'
import { sealedSize } from '../sealing/sealed-format.ts'
import type { VolumeSpace } from './volume/volume-space.ts'

export type StagedFile = VersionMetadata['files'][number]

export interface NewFile {
  /** Absolute path of the folder that it comes into. */
  readonly dir: string
  /** Relative to that folder. */
  readonly path: string
  /** Where known: checked against the free space before anything is written. */
  readonly expectedBytes: number | undefined
  /** Encrypts it on the way; undefined: it is written as it comes. */
  readonly sealing?: Sealing | undefined
}

/**
 * Writes one new file of any size in constant memory, and waits until it is on the disk. Nothing of it stays where that fails.
 * @param onBytes told how many bytes there are with the next chunk, before it is written; what it throws ends the writing
 */
export const writeStagedFile = async (
  { onVolume, fits }: VolumeSpace,
  { dir, path, sealing, ...given }: NewFile,
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (sizeBytes: number) => void,
): Promise<StagedFile> => {
  const expectedBytes = takenBytes(given.expectedBytes, sealing)
  if (expectedBytes !== undefined) await fits(expectedBytes)
  const target = join(dir, path)
  const file = await onVolume(expectedBytes, () => create(target, path))
  const hash = createHash('sha256')
  let sizeBytes = 0
  try {
    for await (const chunk of chunks) {
      hash.update(chunk)
      sizeBytes += chunk.length
      onBytes(sizeBytes)
      const bytes = sealing ? sealing.push(chunk) : chunk
      await onVolume(expectedBytes, () => writeAll(file, bytes))
    }
    if (sealing) await onVolume(expectedBytes, () => writeAll(file, sealing.end()))
    await onVolume(expectedBytes, () => file.sync())
  } catch (error) {
    // The error says what is wrong, and the whole folder goes where the file cannot be removed.
    await rm(target, { force: true }).catch(() => undefined)
    throw error
  } finally {
    await file.close()
  }
  return { path, sizeBytes, sha256: hash.digest('hex'), ...(sealing && { seal: sealing.seal }) }
}

/** What a file takes on the volume. */
const takenBytes = (sizeBytes: number | undefined, sealing: Sealing | undefined): number | undefined =>
  sizeBytes === undefined || !sealing ? sizeBytes : sealedSize(sizeBytes)

/** A new file; its folders are made on the way. */
const create = async (target: string, path: string): Promise<FileHandle> => {
  try {
    await mkdir(dirname(target), { recursive: true })
    return await open(target, 'wx', 0o644)
  } catch (error) {
    if (['EEXIST', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? ''))
      throw new ImportError('UnsafePath', 'the source has a file twice; pack every file once', 'never', {
        cause: error,
        detail: `the file is ${quotedText(path)}`,
      })
    throw error
  }
}

const writeAll = async (file: FileHandle, chunk: Uint8Array): Promise<void> => {
  for (let written = 0; written < chunk.length; )
    written += (await file.write(chunk, written, chunk.length - written)).bytesWritten
}
