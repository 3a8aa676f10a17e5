/** A ModelEvaluation out of a file, by the rules of its CRD. */
import { readFile } from 'node:fs/promises'
import { apiVersion } from '@gantry/contract/labels.ts'
import { validateModelEvaluation } from '@gantry/contract/modelevaluation-validator.gen.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { specProblems } from '@gantry/evaluation/problems.ts'
import { variantProblems } from '@gantry/evaluation/variants.ts'
import { load } from 'js-yaml'
import { StartError } from '../failures/errors.ts'
import { codeOf } from '../failures/import-error.ts'
import { isObject } from '../json/json-object.ts'
import type { EvaluationObject } from './evaluation-object.ts'
import { ruleProblems } from './evaluation-rules.ts'

/** What ajv says of one place. */
interface SchemaError {
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
  readonly params: Readonly<Record<string, unknown>>
}

const evaluationKind = 'ModelEvaluation'
/** A reader corrects a few at a time. */
const mostProblems = 10

const wrong = (path: string, problems: readonly string[]): StartError => {
  const shown = problems.slice(0, mostProblems).map((problem) => plainText(problem))
  const more = problems.length > mostProblems ? [`and ${problems.length - mostProblems} more`] : []
  const list = [...shown, ...more].join('; ')
  return new StartError(`${path} is no ${evaluationKind} that can be measured: ${list}`, 2)
}

/** `/spec/candidates/0/task` -> `spec.candidates[0].task` */
const fieldOf = (pointer: string): string =>
  pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
      '',
    )

const sentenceOf = ({ instancePath, keyword, message = '', params }: SchemaError): string => {
  const field = fieldOf(instancePath)
  const below = (member: unknown): string => (field === '' ? String(member) : `${field}.${member}`)
  switch (keyword) {
    case 'additionalProperties':
      return `${below(params['additionalProperty'])} is not known`
    case 'required':
      return `${below(params['missingProperty'])} is missing`
    case 'enum':
      return `${field} must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}`
    default:
      return `${field || 'the document'} ${message}`
  }
}

/** The generated code sets `errors` of the function itself. */
const validate = validateModelEvaluation as ((object: unknown) => boolean) & {
  errors?: readonly SchemaError[]
}

const schemaProblems = (object: unknown): readonly string[] =>
  validate(object) ? [] : (validate.errors ?? []).map(sentenceOf)

const kindProblems = (object: Readonly<Record<string, unknown>>): readonly string[] => [
  ...(object['apiVersion'] === apiVersion ? [] : [`apiVersion must be ${apiVersion}`]),
  ...(object['kind'] === evaluationKind ? [] : [`kind must be ${evaluationKind}`]),
]

/** @param text YAML or JSON @throws StartError with exit code 2 that names the fields */
export const readEvaluation = (text: string, path: string): EvaluationObject => {
  let object: unknown
  try {
    object = load(text)
  } catch (error) {
    throw new StartError(`${path} is no YAML: ${(error as Error).message.split('\n', 1)[0]}`, 2)
  }
  if (!isObject(object)) throw wrong(path, ['it holds no object'])
  const found = [...kindProblems(object), ...schemaProblems(object)]
  if (found.length > 0) throw wrong(path, found)
  const evaluation = object as unknown as EvaluationObject
  const { spec } = evaluation
  const problems = [
    ...new Set([...ruleProblems(evaluation), ...specProblems(spec), ...variantProblems(spec)]),
  ]
  if (problems.length > 0) throw wrong(path, problems)
  return evaluation
}

/** @throws StartError with exit code 2 */
export const openEvaluation = async (path: string): Promise<EvaluationObject> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StartError(`${path} cannot be read (${codeOf(error) ?? 'error'})`, 2)
  })
  return readEvaluation(text, path)
}
