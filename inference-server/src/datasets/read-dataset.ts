/** A data set from its file: begin reading here. */
import type { Task } from '@gantry/contract/server.ts'
import { quotedText } from '../failures/shown-text.ts'
import { csvRecords } from './csv-records.ts'
import { DatasetError, invalid, invalidLine } from './dataset-error.ts'
import { type DatasetFile, type DatasetFormat, formatOf } from './dataset-file.ts'
import { jsonRecords } from './json-lines.ts'
import { type Lines, linesOf, type ReadingLimits, readingLimits } from './lines.ts'
import { byCodePoint } from './order.ts'
import { digestWithPictures } from './pictures.ts'
import { fieldsOf, takesCandidateLabels } from './read-inputs.ts'
import { readSample } from './read-sample.ts'
import type { DatasetRecord } from './record.ts'
import type { Dataset, LabelKind, Sample } from './sample.ts'
import { type Calibration, type Draw, type Split, selected } from './selection.ts'

export interface DatasetRequest extends DatasetFile {
  readonly task: Task
  readonly labels: LabelKind
  /** Default follows from the file's name. */
  readonly format?: DatasetFormat | undefined
  readonly split?: Split | undefined
  readonly sample?: Draw | undefined
  readonly calibration?: Calibration | undefined
  /** Whether a student learns from those that calibrate. */
  readonly trains?: boolean | undefined
  readonly limits?: ReadingLimits | undefined
}

/** What one reading of the file found. */
interface Reading {
  /** The samples that were kept, and all documents. */
  readonly samples: readonly Sample[]
  /** Samples in the file, without documents. */
  readonly total: number
  readonly classes: ReadonlySet<string>
  readonly digest: string
}

const listsAsLabels: readonly LabelKind[] = ['texts', 'answers', 'entities', 'relevant']

const recordsOf = (request: DatasetRequest, lines: Lines): AsyncIterable<DatasetRecord> => {
  const { file, format = formatOf(file), task, labels } = request
  if (format === 'jsonl') return jsonRecords(lines.lines)
  return csvRecords(lines.lines, { fields: fieldsOf(task), labelLists: listsAsLabels.includes(labels) })
}

/**
 * Reads the whole file, and checks every line.
 * @param isKept whether the sample with this index is kept in memory
 */
const readAll = async (request: DatasetRequest, isKept: (index: number) => boolean): Promise<Reading> => {
  const lines = linesOf(request.file, request.limits ?? readingLimits)
  const samples: Sample[] = []
  const classes = new Set<string>()
  const documents = documentIndex()
  let total = 0
  for await (const record of recordsOf(request, lines)) {
    const sample = await readSample(record, request)
    documents.add(sample)
    if (sample.label.kind === 'class') classes.add(sample.label.name)
    const isDocument = sample.label.kind === 'document'
    if (isDocument || isKept(total)) samples.push(sample)
    if (!isDocument) total += 1
  }
  if (total === 0) throw invalid('the data set has no samples; give one {"inputs": …, "label": …} a line')
  documents.check()
  return { samples, total, classes, digest: lines.digest() }
}

/** Documents of retrieval, and the queries that name them. */
const documentIndex = () => {
  const lineById = new Map<string, number>()
  const queries: { readonly line: number; readonly ids: readonly string[] }[] = []
  return {
    add: ({ line, label }: Sample): void => {
      if (label.kind === 'relevant') queries.push({ line, ids: label.documents })
      if (label.kind !== 'document') return
      const before = lineById.get(label.id)
      if (before !== undefined)
        throw invalidLine(line, `id ${quotedText(label.id)} is that of line ${before}`)
      lineById.set(label.id, line)
    },
    check: (): void => {
      for (const { line, ids } of queries) {
        const unknown = ids.find((id) => !lineById.has(id))
        if (unknown !== undefined)
          throw invalidLine(line, `label names the document ${quotedText(unknown)}, and no line has that id`)
      }
    },
  }
}

/** Items that name no classes to choose from get those of the data set. */
const withCandidateLabels = (sample: Sample, classes: readonly string[]): Sample => {
  const { inputs } = sample
  if (inputs.kind !== 'members' || inputs.members['candidate_labels'] !== undefined) return sample
  return { ...sample, inputs: { ...inputs, members: { ...inputs.members, candidate_labels: classes } } }
}

const picturesOf = (samples: readonly Sample[]): readonly string[] => [
  ...new Set(
    samples.flatMap(({ inputs }) =>
      inputs.kind === 'members' && inputs.picture !== undefined ? [inputs.picture] : [],
    ),
  ),
]

const changed = (): DatasetError =>
  new DatasetError(
    'DatasetInvalid',
    'the data set changed while it was read; evaluate again when it is complete',
  )

/** Reads the file, and where not all samples are used, a second time: which ones are depends on how many there are. */
const readKept = async (request: DatasetRequest): Promise<Reading> => {
  const { split, sample, calibration, trains } = request
  if (split === undefined && sample === undefined && calibration === undefined)
    return readAll(request, () => true)
  const counted = await readAll(request, () => false)
  const kept = new Set(selected(counted.total, split, sample, calibration, trains))
  const reading = await readAll(request, (index) => kept.has(index))
  if (reading.digest !== counted.digest) throw changed()
  return reading
}

/** @throws DatasetError that names the line and what is wrong with it */
export const readDataset = async (request: DatasetRequest): Promise<Dataset> => {
  const { samples, total, classes, digest } = await readKept(request)
  const sorted = [...classes].sort(byCodePoint)
  const pictures = picturesOf(samples)
  const complete = takesCandidateLabels(request.task)
    ? samples.map((sample) => withCandidateLabels(sample, sorted))
    : samples
  return {
    samples: complete,
    used: samples.filter(({ label }) => label.kind !== 'document').length,
    total,
    digest: pictures.length === 0 ? digest : await digestWithPictures(digest, pictures),
    classes: sorted,
  }
}
