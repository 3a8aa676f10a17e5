/** The rows that a served model would get for a sample: by the code that serves. */
import { readFile } from 'node:fs/promises'
import { CandidateError } from '../accuracy/candidate-error.ts'
import { tensorsOf } from '../accuracy/tensor-inputs.ts'
import { invalidLine } from '../datasets/dataset-error.ts'
import type { Sample } from '../datasets/sample.ts'
import { Failure } from '../failures/errors.ts'
import { readInstances } from '../tasks/instances.ts'
import type { LoadedTask, TaskItem } from '../tasks/task.ts'
import type { NamedTensors, Signature } from '../tensors/tensor.ts'

const itemOf = async ({ inputs, line }: Sample, task: LoadedTask): Promise<TaskItem> => {
  if (inputs.kind !== 'members')
    throw invalidLine(line, 'the sample has elements of a tensor, but the task reads members such as text')
  const { members, picture } = inputs
  const image = picture === undefined ? {} : { image: await readFile(picture, 'base64') }
  return readInstances({ ...members, ...image }, task).items[0] as TaskItem
}

/**
 * @param task undefined: raw tensors
 * @returns one row or more; the first axis of each tensor is 1, unless the model takes rows only together
 * @throws DatasetError naming the line
 */
export const rowsOfSample = async (
  sample: Sample,
  task: LoadedTask | undefined,
  { inputs }: Signature,
): Promise<readonly NamedTensors[]> => {
  try {
    if (!task) return [tensorsOf(sample.inputs, inputs)]
    return (await (await itemOf(sample, task))()).rows
  } catch (error) {
    if (error instanceof Failure || error instanceof CandidateError)
      throw invalidLine(sample.line, error.message)
    throw error
  }
}
