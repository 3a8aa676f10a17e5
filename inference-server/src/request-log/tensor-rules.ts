/** What may be shown of requests and answers of the Open Inference Protocol, over REST and gRPC. */

import { isObject } from '../json/json-object.ts'
import type { Declared } from '../requests/declared-names.ts'
import { datatypes } from '../tensors/tensor.ts'
import { each, hidden, listOf, membersOf, oneOf, type Rule, scalar, shown } from './rules.ts'

/** A rule for contents, for each tensor that may be named. */
type Contents = ReadonlyMap<string, Rule>

/** Rules are made once for a version, not for each of its requests. */
const tensorsOf = (contents: Contents): Rule => {
  const name = oneOf([...contents.keys()])
  const parameters = membersOf(each(['binary_data', 'binary_data_size', 'classification'], scalar))
  const rules = new Map(
    Array.from(contents, ([known, data]) => {
      const members = { name, datatype: oneOf(datatypes), shape: listOf(scalar), parameters, data }
      return [known, membersOf(members)] as const
    }),
  )
  return listOf((value, cover) => {
    const known = isObject(value) && typeof value['name'] === 'string' ? rules.get(value['name']) : undefined
    return (known ?? hidden)(value, cover)
  })
}

const flatNumbers: Rule = (value, cover) => {
  const isNumbers =
    Array.isArray(value) && value.flat(Number.POSITIVE_INFINITY).every((one) => typeof one !== 'string')
  return isNumbers ? value : hidden(value, cover)
}

/** Numbers as they are; texts where they are names of classes. */
const results =
  (labels: readonly string[]): Rule =>
  (value, cover) => {
    const isTexts = Array.isArray(value) && value.some((one) => typeof one === 'string')
    return (isTexts ? listOf(oneOf(labels)) : flatNumbers)(value, cover)
  }

const contentsOf = (names: readonly string[], rule: (name: string) => Rule): Contents =>
  new Map(names.map((name) => [name, rule(name)]))

/** What the model's own tensors hold is the task's text in other words: ids of tokens, states of each of them. */
const revealsTask = ({ fields }: Declared, sensitive: ReadonlySet<string>): boolean =>
  fields.some((name) => sensitive.has(name) || name === 'image')

/** @param isSensitive whether the owner named it @param field what becomes of the task's fields */
export const tensorRequest = (
  declared: Declared,
  sensitive: ReadonlySet<string>,
  { model, field }: { readonly model: string; readonly field: (name: string) => Rule },
): Rule => {
  const { inputs, outputs, fields, lists, parameters, results: answers } = declared
  const own = (name: string): Rule =>
    sensitive.has(name) || revealsTask(declared, sensitive) ? hidden : shown
  const contents = new Map([
    ...contentsOf(inputs, own),
    ...contentsOf(lists, () => hidden),
    ...contentsOf(fields, field),
  ])
  const asked = oneOf([...outputs, ...answers])
  const output = membersOf({
    name: asked,
    parameters: membersOf(each(['binary_data', 'classification'], scalar)),
  })
  const settings = ['priority', 'timeout', 'binary_data_output', ...parameters].filter(
    (name) => !sensitive.has(name),
  )
  return membersOf({
    model_name: oneOf([model]),
    id: hidden,
    parameters: membersOf(each(settings, scalar)),
    inputs: tensorsOf(contents),
    outputs: listOf(output),
  })
}

export const tensorAnswer = (declared: Declared, sensitive: ReadonlySet<string>): Rule => {
  const { outputs, results: answers, labels } = declared
  const own = (name: string): Rule =>
    sensitive.has(name) || revealsTask(declared, sensitive) ? hidden : results(labels)
  const ofTask = (name: string): Rule =>
    sensitive.has(name) || name === 'embedding' ? hidden : results(labels)
  return membersOf({
    // The server wrote these.
    ...each(['model_name', 'model_version'], shown),
    id: hidden,
    outputs: tensorsOf(new Map([...contentsOf(outputs, own), ...contentsOf(answers, ofTask)])),
  })
}
