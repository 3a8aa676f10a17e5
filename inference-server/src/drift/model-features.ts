/** The features of a model: of its tensors, or of the items of its task. */
import type { LoadedTask, Prepared, TaskResult } from '../tasks/task.ts'
import type { Signature } from '../tensors/tensor.ts'
import { type Feature, inputFeatures, isFloating, outputFeatures, type Row } from './features.ts'

/** An item of a task before it runs, or what was found in it. */
export interface ModelFeatures {
  /** Of tensors as callers send them. */
  readonly inputs: readonly Feature[]
  readonly outputs: readonly Feature[]
  /** Of what a task makes of an item, and of what it finds. */
  readonly prepared: readonly Feature<Prepared>[]
  readonly results: readonly Feature<TaskResult>[]
}

const ofRow = (row: ReadonlyMap<string, never> | Row['tensors']): Row => ({ tensors: row, at: 0, rows: 1 })

const preparedFeatures = (signature: Signature, random: () => number): readonly Feature<Prepared>[] => {
  // Masks and token types follow from the ids.
  const specs = signature.inputs.filter((spec) => isFloating(spec) || spec.name === 'input_ids')
  return [
    { name: 'tokens', kind: 'number', read: ({ tokens }) => tokens },
    { name: 'pixels', kind: 'number', read: ({ pixels }) => pixels },
    ...inputFeatures(specs, random)
      .filter(({ name }) => !name.endsWith('.length')) // padding is in it, but not in `tokens`
      .map(({ read, ...feature }) => ({
        ...feature,
        read: ({ rows: [row] }: Prepared) => row && read(ofRow(row)),
      })),
  ]
}

const resultFeatures = ({ outputs }: LoadedTask): readonly Feature<TaskResult>[] => [
  { name: 'label', kind: 'category', read: ({ classification }) => classification?.label },
  { name: 'score', kind: 'number', read: ({ classification }) => classification?.score },
  ...outputs
    .filter(({ datatype }) => datatype === 'BYTES')
    .map(
      ({ name }): Feature<TaskResult> => ({
        name: `${name}.characters`,
        kind: 'number',
        read: (result) => {
          if (result.classification) return undefined
          const text = result.tensors().get(name)?.data[0]
          return typeof text === 'string' ? text.length : undefined
        },
      }),
    ),
  ...outputFeatures(
    outputs.filter(({ datatype }) => datatype !== 'BYTES').map((spec) => ({ ...spec, symbols: [] })),
  ).map(({ read, ...feature }) => ({
    ...feature,
    read: (result: TaskResult) => (result.classification ? undefined : read(ofRow(result.tensors()))),
  })),
]

/** @param random from 0 to 1; chooses the token of a text */
export const modelFeatures = (
  signature: Signature,
  task: LoadedTask | undefined,
  random: () => number,
): ModelFeatures =>
  bounded(
    task
      ? {
          inputs: [],
          outputs: [],
          prepared: preparedFeatures(signature, random),
          results: resultFeatures(task),
        }
      : {
          inputs: inputFeatures(signature.inputs, random),
          outputs: outputFeatures(signature.outputs),
          prepared: [],
          results: [],
        },
  )

/** Features that a reference has at most, and characters of their names: what documents.schema.json says of it. */
const mostFeatures = 64
const longestName = 200
/** So many are left for what the model answers. */
const mostInputs = 48

/** What a reference can have: each name once, whatever the tensors of the model are called. */
const named = <From>(
  features: readonly Feature<From>[],
  taken: Set<string>,
  most: number,
): readonly Feature<From>[] =>
  features.filter(({ name }) => {
    if (name.length > longestName || taken.has(name) || taken.size >= most) return false
    taken.add(name)
    return true
  })

const bounded = ({ inputs, outputs, prepared, results }: ModelFeatures): ModelFeatures => {
  const taken = new Set<string>()
  return {
    inputs: named(inputs, taken, mostInputs),
    prepared: named(prepared, taken, mostInputs),
    outputs: named(outputs, taken, mostFeatures),
    results: named(results, taken, mostFeatures),
  }
}

/** All of them, in the order of their counts. */
export const allFeatures = ({
  inputs,
  outputs,
  prepared,
  results,
}: ModelFeatures): readonly Pick<Feature, 'name' | 'kind'>[] => [
  ...inputs,
  ...outputs,
  ...prepared,
  ...results,
]
