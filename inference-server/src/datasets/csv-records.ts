import { quotedText } from '../failures/shown-text.ts'
import { type CsvRow, csvRows } from './csv-rows.ts'
import { invalid, invalidLine } from './dataset-error.ts'
import type { Line } from './lines.ts'
import type { DatasetRecord, RecordInputs } from './record.ts'

/** Reads the names of columns. @throws DatasetError */
const headerOf = ({ line, cells }: CsvRow): readonly string[] => {
  const names = cells.map((cell) => cell.trim())
  const seen = new Set<string>()
  const doubled = names.find((name) => seen.size === seen.add(name).size)
  if (doubled !== undefined)
    throw invalidLine(line, `has the column ${quotedText(doubled)} twice; give each column a name of its own`)
  if (names.includes('')) throw invalidLine(line, 'has a column without a name')
  return names
}

/** What makes the inputs of a row. */
type Reading = (cells: readonly string[]) => RecordInputs

const cellAsJson = (cell: string): unknown => {
  try {
    return JSON.parse(cell)
  } catch {
    return cell
  }
}

/** A column `inputs`, whose cells are JSON for tensor models; else every column but the label is a feature. */
const tensorReading = (names: readonly string[]): Reading => {
  const inputs = names.indexOf('inputs')
  if (inputs >= 0) return (cells) => ({ kind: 'json', value: cellAsJson(cells[inputs] ?? '') })
  const features = names.flatMap((name, at) => (name === 'label' ? [] : [at]))
  if (features.length === 0) throw invalid('the data set has no column besides label')
  const columns = features.map((at) => names[at] ?? '')
  return (cells) => ({ kind: 'row', columns, cells: features.map((at) => cells[at] ?? '') })
}

/** @param fields members of an item, the main one first */
const memberReading = (names: readonly string[], fields: readonly string[]): Reading => {
  const [first] = fields
  const main = names.findIndex((name) => name === first || (fields.length === 1 && name === 'inputs'))
  if (main < 0 || first === undefined)
    throw invalid(`the data set has no column ${fields.length === 1 ? `inputs or ${first}` : first}`)
  const lists = names.indexOf('candidate_labels')
  const others = fields.slice(1).map((field) => ({ field, at: names.indexOf(field) }))
  const absent = others.find(({ at }) => at < 0)
  if (absent !== undefined) throw invalid(`the data set has no column ${absent.field}`)
  return (cells) => {
    const members: Record<string, unknown> = { [first]: cells[main] ?? '' }
    for (const { field, at } of others) members[field] = cells[at] ?? ''
    if (lists >= 0 && cells[lists] !== '') members['candidate_labels'] = cellAsJson(cells[lists] ?? '')
    return { kind: 'json', value: members }
  }
}

export interface CsvForm {
  /** Members of the task's items, the main one first; none for tensor models. */
  readonly fields: readonly string[]
  /** Whether a label may be a list, which is written as JSON then. */
  readonly labelLists: boolean
}

/** Reads rows as the first one says. @throws DatasetError */
const recordReader = (first: CsvRow, { fields, labelLists }: CsvForm): ((row: CsvRow) => DatasetRecord) => {
  const names = headerOf(first)
  const [label, id] = [names.indexOf('label'), fields.length === 0 ? -1 : names.indexOf('id')]
  if (label < 0)
    throw invalidLine(
      first.line,
      'has no column label; the first line names the columns, with commas between them',
    )
  const inputsOf = fields.length === 0 ? tensorReading(names) : memberReading(names, fields)
  const labelOf = (cell: string | undefined): unknown =>
    labelLists && cell !== undefined && /^\s*[[{]/.test(cell) ? cellAsJson(cell) : cell
  return ({ line, cells }) => {
    if (cells.length !== names.length)
      throw invalidLine(line, `has ${cells.length} columns, and the first line names ${names.length}`)
    // An empty cell says that there is nothing.
    const [labelled, named] = [cells[label] || undefined, cells[id] || undefined]
    return { line, inputs: inputsOf(cells), label: labelOf(labelled), id: named }
  }
}

/**
 * Records of CSV. The first line names the columns: `label`, `id` for documents, and the inputs.
 * @throws DatasetError
 */
export const csvRecords = async function* (
  lines: AsyncIterable<Line>,
  form: CsvForm,
): AsyncGenerator<DatasetRecord> {
  let read: ((row: CsvRow) => DatasetRecord) | undefined
  for await (const row of csvRows(lines)) {
    if (read === undefined) read = recordReader(row, form)
    else yield read(row)
  }
}
