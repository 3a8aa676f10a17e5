/** What the labels say that the model should answer, where that is the number of a class. */
import { CandidateError } from '../accuracy/candidate-error.ts'
import type { Sample } from '../datasets/sample.ts'
import { predictionOutput } from '../evaluation/asking/tensor-answers.ts'
import type { LoadedTask } from '../tasks/task.ts'
import type { Signature } from '../tensors/tensor.ts'

export interface ExpectedAnswers {
  /** Name of the output. */
  readonly output: string
  /** Whether the answer is the place of the largest value of a row, or its one value. */
  readonly answer: 'argmax' | 'value'
  /** -1 where no number follows from the label. */
  readonly of: (sample: Sample) => number
}

const wholeNumber = (name: string): number => (/^\d{1,15}$/.test(name) ? Number(name) : -1)

/** @param names of the classes in output order; undefined where labels are the numbers of the classes */
const numberer =
  (names: readonly string[] | undefined) =>
  ({ label }: Sample): number => {
    if (label.kind !== 'class') return -1
    return names?.includes(label.name) ? names.indexOf(label.name) : wholeNumber(label.name)
  }

/** The output of a model of raw tensors as an evaluation chooses it; undefined where it has none that names classes. */
const ofTensors = (
  { outputs }: Signature,
  chosen: string | undefined,
  names: readonly string[] | undefined,
): ExpectedAnswers | undefined => {
  try {
    const { name, datatype } = predictionOutput({ outputs, chosen, wanted: 'class' })
    if (datatype === 'BYTES') return undefined
    return { output: name, answer: datatype === 'INT64' ? 'value' : 'argmax', of: numberer(names) }
  } catch (error) {
    if (error instanceof CandidateError && chosen === undefined) return undefined
    throw error
  }
}

/**
 * @param chosen the output that the user named
 * @param names of the classes in output order, where the folder has them
 * @returns undefined where the model does not rank classes of its own
 */
export const expectedAnswers = (
  task: LoadedTask | undefined,
  signature: Signature,
  chosen: string | undefined,
  names: readonly string[] | undefined,
): ExpectedAnswers | undefined => {
  if (!task) return ofTensors(signature, chosen, names)
  const { classOutput } = task
  return classOutput === undefined
    ? undefined
    : { output: classOutput, answer: 'argmax', of: numberer(names) }
}
