import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { codeOf, showBytes } from '../failures/import-error.ts'
import { DatasetError, invalid, invalidLine } from './dataset-error.ts'

export interface ReadingLimits {
  /** Bytes of the file of samples. */
  readonly fileBytes: number
  /** Bytes of a line. */
  readonly lineBytes: number
}

const mebibyte = 1024 * 1024

/** Samples are kept in memory, where they take a few times as much as in the file. A line is far above a context of a question, and pictures are files of their own. */
export const readingLimits: ReadingLimits = { fileBytes: 256 * mebibyte, lineBytes: 16 * mebibyte }

export interface Line {
  /** Number of the line, the first is 1. */
  readonly number: number
  /** The line without its `\n`; a `\r` before it stays. */
  readonly text: string
}

export interface Lines {
  /** @throws DatasetError */
  readonly lines: AsyncIterable<Line>
  /** sha256:… of the file, once all lines have been read. */
  readonly digest: () => string
}

const newline = 0x0a
/** U+FEFF in UTF-8, as Windows writes it at the start; it is no part of the text. */
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
/** The same mark in UTF-16, in both orders of bytes. */
const wideMarks = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])]

const startsWith = (bytes: Buffer, mark: Buffer): boolean => bytes.subarray(0, mark.length).equals(mark)

const textOf = (bytes: Buffer, number: number): string => {
  if (number === 1 && wideMarks.some((mark) => startsWith(bytes, mark)))
    throw invalid('the data set is written in UTF-16; write it in UTF-8')
  if (!isUtf8(bytes)) throw invalidLine(number, 'is not UTF-8; write the data set in UTF-8')
  return bytes.toString('utf8', number === 1 && startsWith(bytes, byteOrderMark) ? byteOrderMark.length : 0)
}

/** Cuts chunks of a file into lines. */
const lineCutter = (lineBytes: number) => {
  let number = 1
  let pending: Buffer[] = []
  let pendingBytes = 0
  const add = (piece: Buffer): void => {
    pending.push(piece)
    pendingBytes += piece.length
    if (pendingBytes > lineBytes) throw invalidLine(number, `is longer than ${showBytes(lineBytes)}`)
  }
  const take = (): Line => {
    const line = { number, text: textOf(Buffer.concat(pending), number) }
    number += 1
    pending = []
    pendingBytes = 0
    return line
  }
  return {
    cut: function* (chunk: Buffer): Generator<Line> {
      let start = 0
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        add(chunk.subarray(start, end))
        yield take()
        start = end + 1
      }
      add(chunk.subarray(start))
    },
    /** The last line, where nothing ends it. */
    rest: (): readonly Line[] => (pendingBytes > 0 ? [take()] : []),
  }
}

/** What the file system says, as a sentence. */
const readError = (error: unknown): DatasetError =>
  error instanceof DatasetError
    ? error
    : new DatasetError('DatasetUnreachable', `the data set cannot be read (${codeOf(error) ?? 'error'})`, {
        cause: error,
        retry: 'backoff',
      })

/** Reads a file line by line, and never holds more of it than a line and a chunk. */
export const linesOf = (path: string, { fileBytes, lineBytes }: ReadingLimits = readingLimits): Lines => {
  const hash = createHash('sha256')
  const read = async function* (): AsyncGenerator<Line> {
    const cutter = lineCutter(lineBytes)
    let total = 0
    try {
      for await (const chunk of createReadStream(path, {
        highWaterMark: mebibyte,
      }) as AsyncIterable<Buffer>) {
        hash.update(chunk)
        total += chunk.length
        if (total > fileBytes)
          throw invalid(`the data set is larger than ${showBytes(fileBytes)}; evaluate on fewer samples`)
        yield* cutter.cut(chunk)
      }
      yield* cutter.rest()
    } catch (error) {
      throw readError(error)
    }
  }
  return { lines: read(), digest: () => `sha256:${hash.copy().digest('hex')}` }
}
