import type { ModelFile } from '../sealing/sealed-file.ts'
import { MalformedMessage } from './malformed-message.ts'

/** Bytes read at a time: enough for thousands of small fields, and independent of the file's size. */
export const windowBytes = 64 * 1024

/** Bytes read behind a weight that was skipped: the next weight is often near. */
const firstBytes = 4 * 1024

/** The part of an open file that is in memory. */
export interface FileWindow {
  readonly file: ModelFile
  readonly sizeBytes: number
  readonly buffer: Buffer
  /** Positions in the file of the first byte in memory, and of the byte behind the last. */
  start: number
  end: number
}

export const openWindow = (file: ModelFile): FileWindow => ({
  file,
  sizeBytes: file.sizeBytes,
  buffer: Buffer.alloc(windowBytes),
  start: 0,
  end: 0,
})

const load = (window: FileWindow, position: number, least = firstBytes): void => {
  const length = position === window.end ? windowBytes : least
  window.start = position
  window.end = position + window.file.read(window.buffer, length, position)
}

/** @throws MalformedMessage beyond the end of the file */
export const byteAt = (window: FileWindow, position: number): number => {
  if (position >= window.sizeBytes) throw new MalformedMessage('the file ends in the middle of a field', true)
  if (position < window.start || position >= window.end) load(window, position)
  if (position >= window.end) throw new MalformedMessage('the file got shorter while it was read', true)
  return window.buffer[position - window.start] as number
}

/** The byte at a position that is in memory. */
export const byteInWindow = (window: FileWindow, position: number): number =>
  window.buffer[position - window.start] as number

/** Bytes between two positions, good until the next read. @throws MalformedMessage beyond `windowBytes` */
export const view = (window: FileWindow, start: number, end: number): Buffer => {
  if (end - start > windowBytes)
    throw new MalformedMessage(`a name has more than ${windowBytes / 1024} KiB`, false)
  if (start < window.start || end > window.end) load(window, start, Math.max(firstBytes, end - start))
  if (end > window.end) throw new MalformedMessage('the file got shorter while it was read', true)
  return window.buffer.subarray(start - window.start, end - window.start)
}
