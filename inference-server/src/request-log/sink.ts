/** The output of the request log, written by a thread that may block. */
import { closeSync, constants, fstatSync, openSync, statSync, writeSync } from 'node:fs'
import { StartError } from '../failures/errors.ts'

const stdout = 1
const fullMs = 20

const isPipe = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false

/**
 * Tries a file before anything is served. A pipe is left alone: its reader would see it end.
 * @throws StartError where it cannot be written
 */
export const trySink = (path: string): void => {
  try {
    if (!isPipe(path)) closeSync(openSync(path, 'a'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new StartError(
      `the request log cannot be written to ${path} (${code ?? message}); give a file in a folder that exists, or a named pipe, with --request-log-file`,
      1,
      { cause: error },
    )
  }
}

/**
 * A pipe is opened anew so that a full one says so at once instead of holding the thread inside the kernel, where
 * nothing could end it. Where that is not allowed, the thread waits there.
 */
const openFile = (path: string | undefined): number => {
  if (path !== undefined && !isPipe(path)) return openSync(path, 'a')
  if (path === undefined && !fstatSync(stdout).isFIFO()) return stdout
  try {
    return openSync(path ?? '/dev/fd/1', constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (path === undefined) return stdout
    throw error
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4))

const writeAll = (fd: number, bytes: Buffer): void => {
  let offset = 0
  while (offset < bytes.length) {
    try {
      offset += writeSync(fd, bytes, offset)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(pause, 0, 0, fullMs)
    }
  }
}

/**
 * Writes texts, each of them whole before it returns.
 * @param path a file or a named pipe; undefined: standard output
 */
export const openSink = (path: string | undefined): ((text: string) => void) => {
  const fd = openFile(path)
  return (text) => writeAll(fd, Buffer.from(text))
}
