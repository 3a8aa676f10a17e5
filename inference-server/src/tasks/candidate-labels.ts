import { Failure } from '../errors.ts'
import { parameterReader } from './parameters.ts'
import type { Members, PathOf } from './task.ts'
import { readText } from './texts.ts'

/** Labels that a request brings along, each in a sentence. */
export interface Candidates {
  readonly labels: readonly string[]
  /** `hypothesis_template` with each label in place of {}. */
  readonly hypotheses: readonly string[]
}

/** Most labels of one request: each is read by the model. */
const maxLabels = 256

/**
 * Reads `candidate_labels` and `hypothesis_template`.
 * @throws Failure naming the one that is missing or wrong
 */
export const readCandidates = (members: Members, pathOf: PathOf, defaultTemplate: string): Candidates => {
  const labels = parameterReader(members, pathOf).list('candidate_labels', { from: 1, to: maxLabels })
  const field = pathOf('candidate_labels')
  if (!labels)
    throw new Failure('invalid', `${field} is missing; send a list of texts such as ["sport", "politics"]`, {
      field,
    })
  const template = readTemplate(
    members['hypothesis_template'] ?? defaultTemplate,
    pathOf('hypothesis_template'),
  )
  return { labels, hypotheses: labels.map((label) => template.replace('{}', () => label)) }
}

const readTemplate = (value: unknown, field: string): string => {
  const template = readText(value, field)
  if (template.split('{}').length === 2) return template
  throw new Failure('invalid', `${field} has to hold {} once, where the label goes`, { field })
}
