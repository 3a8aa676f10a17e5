import { Readable } from 'node:stream'
import { CsvError, type Info, parse } from 'csv-parse'
import { invalid, invalidLine } from './dataset-error.ts'
import { type Line, readingLimits } from './lines.ts'

export interface CsvRow {
  /** Number of its first line. */
  readonly line: number
  readonly cells: readonly string[]
}

const lineEnds = (cells: readonly string[]): number =>
  cells.reduce((count, cell) => count + (cell.match(/\n/g)?.length ?? 0), 0)

const sentences: Readonly<Record<string, string>> = {
  INVALID_OPENING_QUOTE: 'has a quote within a field; put the field in quotes, and write "" for one',
  CSV_INVALID_CLOSING_QUOTE: 'has text behind a closing quote; write "" for a quote within a field',
  CSV_MAX_RECORD_SIZE: 'has a field that is too long, or a quote that is never closed',
}

/** @param last number of the last line that could be read */
const csvError = (error: unknown, last: number): unknown => {
  if (!(error instanceof CsvError)) return error
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return invalid(`a quote that opens after line ${last} is never closed`)
  return invalidLine(
    Number(error['lines'] ?? last + 1),
    sentences[error.code] ?? 'is no CSV; put commas between the columns',
  )
}

/** Rows of RFC 4180: commas, and quotes around fields that have commas, quotes or line ends in them. */
export const csvRows = async function* (lines: AsyncIterable<Line>): AsyncGenerator<CsvRow> {
  const texts = async function* (): AsyncGenerator<string> {
    for await (const { text } of lines) yield `${text}\n`
  }
  const parser = parse({
    info: true,
    encoding: 'utf8',
    record_delimiter: ['\r\n', '\n'],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: readingLimits.lineBytes,
  })
  const source = Readable.from(texts())
  // Its own errors are sentences already, and reach the reader of the parser.
  source.on('error', (error) => parser.destroy(error))
  let last = 0
  try {
    for await (const { info, record } of source.pipe(parser) as AsyncIterable<{
      info: Info
      record: string[]
    }>) {
      last = info.lines
      yield { line: info.lines - lineEnds(record), cells: record }
    }
  } catch (error) {
    throw csvError(error, last)
  } finally {
    source.destroy()
  }
}
