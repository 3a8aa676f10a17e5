import type { Task } from '@gantry/contract/server.ts'
import { quotedText } from '../failures/shown-text.ts'
import { invalidLine } from './dataset-error.ts'
import { readInputs, readTaggedText } from './read-inputs.ts'
import { isTagList, readLabel, readTags } from './read-label.ts'
import type { DatasetRecord } from './record.ts'
import type { Label, LabelKind, Sample, SampleInputs } from './sample.ts'

export interface SampleContext {
  readonly task: Task
  readonly labels: LabelKind
  /** The folder that pictures are relative to. */
  readonly folder: string
}

const textOf = (inputs: SampleInputs): string =>
  inputs.kind === 'members' ? String(inputs.members['text'] ?? '') : ''

/** A document of retrieval: it has an id, and no label. */
const documentOf = ({ line, id, label }: DatasetRecord): Label | undefined => {
  if (id === undefined) return undefined
  if (label !== undefined)
    throw invalidLine(
      line,
      'has an id and a label; a document has an id, a query has the ids of documents as its label',
    )
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '')
    throw invalidLine(line, 'id must be a text or a number')
  return { kind: 'document', id: String(id) }
}

const taggedSample = ({ line, inputs, label }: DatasetRecord): Sample | undefined => {
  if (inputs.kind !== 'json' || !isTagList(label)) return undefined
  const { text, words } = readTaggedText(inputs.value, line)
  const tags = readTags(label, words.length, line)
  return { line, inputs: { kind: 'members', members: { text } }, label: { kind: 'tags', tags, words } }
}

const refuseForeignClass = ({ line, inputs, label }: Sample): void => {
  if (inputs.kind !== 'members' || label.kind !== 'class') return
  const candidates = inputs.members['candidate_labels']
  if (candidates !== undefined && !candidates.includes(label.name))
    throw invalidLine(line, `label ${quotedText(label.name)} is none of its candidate_labels`)
}

/** @throws DatasetError that names the line and what is wrong */
export const readSample = async (record: DatasetRecord, context: SampleContext): Promise<Sample> => {
  const { line } = record
  const tagged = context.labels === 'entities' ? taggedSample(record) : undefined
  if (tagged !== undefined) return tagged
  const inputs = await readInputs(record.inputs, { line, task: context.task, folder: context.folder })
  const document = context.labels === 'relevant' ? documentOf(record) : undefined
  const label = document ?? readLabel(record.label, { line, kind: context.labels, text: textOf(inputs) })
  const sample = { line, inputs, label }
  refuseForeignClass(sample)
  return sample
}
