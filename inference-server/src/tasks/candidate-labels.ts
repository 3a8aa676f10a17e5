import { Failure } from '../failures/errors.ts'
import type { Members, PathOf } from '../requests/members.ts'
import { parameterReader } from './parameters.ts'
import { readText } from './text/texts.ts'

/** Labels that a request brings along, each in a sentence. */
export interface Candidates {
  readonly labels: readonly string[]
  /** `hypothesis_template` with each label in place of {}. */
  readonly hypotheses: readonly string[]
}

/** Most labels of one request: each is read by the model. */
const maxLabels = 256

/** Most characters of all sentences of one item: 256 of 390 characters, as many as one text may have. */
const maxHypothesesCharacters = 100_000

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
  const characters = labels.reduce((sum, label) => sum + label.length + template.length, 0)
  if (characters > maxHypothesesCharacters)
    throw new Failure(
      'too-large',
      `${field} makes ${characters} characters of hypotheses with its template, but at most ${maxHypothesesCharacters} are read; send fewer or shorter labels`,
      { field },
    )
  return { labels, hypotheses: labels.map((label) => template.replace('{}', () => label)) }
}

const readTemplate = (value: unknown, field: string): string => {
  const template = readText(value, field)
  if (template.split('{}').length === 2) return template
  throw new Failure('invalid', `${field} has to hold {} once, where the label goes`, { field })
}
