/** Tells how far an import is: by a bar on a terminal, and otherwise by lines of the log, the last of which the operator reads. */
import { progressLine } from '@gantry/contract/importing.ts'
import { showBytes } from '../../failures/import-error.ts'
import type { Log } from '../../process/log.ts'
import type { Progress } from '../sources/progress.ts'

/** A bar is drawn often enough to be seen moving. The operator reads the log every ten seconds. */
const barMs = 200
const lineMs = 5_000

/** Characters of a whole bar. */
const barLength = 30

const clearLine = '\r\u001b[2K'

interface Terminal {
  readonly isTTY?: boolean
  readonly write: (text: string) => unknown
}

/** @param bytesPerSecond since the import began */
export const progressText = (
  { bytes, totalBytes }: ReturnType<Progress['read']>,
  bytesPerSecond: number,
): string => {
  const speed = `${showBytes(Math.round(bytesPerSecond))}/s`
  if (totalBytes === undefined || totalBytes === 0) return `${showBytes(bytes)}, ${speed}`
  const part = Math.min(1, bytes / totalBytes)
  const full = '#'.repeat(Math.floor(part * barLength))
  return `[${full.padEnd(barLength, '-')}] ${Math.floor(part * 100)} % of ${showBytes(totalBytes)}, ${speed}`
}

export interface Telling {
  /** Lines of this log take the place of the bar, which is drawn again below them. */
  readonly log: Log
  readonly stop: () => void
}

/** Begins to tell. Nothing is told while nothing comes. */
export const tellProgress = (
  progress: Progress,
  { log, terminal, nowMs }: { readonly log: Log; readonly terminal: Terminal; readonly nowMs: () => number },
): Telling => (terminal.isTTY ? drawBar(progress, { log, terminal, nowMs }) : writeLines(progress, log))

const writeLines = (progress: Progress, log: Log): Telling => {
  let told = 0
  const timer = setInterval(() => {
    const { bytes, totalBytes } = progress.read()
    if (bytes !== told) log.info(progressLine, { bytes, ...(totalBytes === undefined ? {} : { totalBytes }) })
    told = bytes
  }, lineMs)
  return { log, stop: () => clearInterval(timer) }
}

const drawBar = (
  progress: Progress,
  { log, terminal, nowMs }: { readonly log: Log; readonly terminal: Terminal; readonly nowMs: () => number },
): Telling => {
  const beganMs = nowMs()
  const timer = setInterval(() => {
    const read = progress.read()
    const seconds = Math.max(0.001, (nowMs() - beganMs) / 1000)
    if (read.bytes > 0) terminal.write(`${clearLine}${progressText(read, read.bytes / seconds)}`)
  }, barMs)
  const beside =
    (write: Log['info']): Log['info'] =>
    (message, fields) => {
      terminal.write(clearLine)
      write(message, fields)
    }
  return {
    log: { ...log, error: beside(log.error), warn: beside(log.warn), info: beside(log.info) },
    stop: () => {
      clearInterval(timer)
      terminal.write(clearLine)
    },
  }
}
