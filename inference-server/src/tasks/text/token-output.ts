import { StartError } from '../../failures/errors.ts'
import type { TaskFiles } from '../../models/model-files.ts'
import { widened } from '../../tensors/half.ts'
import { shown } from '../../tensors/signature.ts'
import type { NamedTensors, Signature, TensorSpec } from '../../tensors/tensor.ts'

/** What an output has to be. */
export interface WantedOutput {
  /** Names to look for first, in this order. */
  readonly names: readonly string[]
  /** Number of axes. */
  readonly rank: number
  /** Axes for the error message, such as `[rows, tokens, labels]`. */
  readonly axes: string
}

/**
 * The output of numbers that a task reads.
 * @throws StartError when the model has none
 */
export const floatOutput = ({ outputs }: Signature, { names, rank, axes }: WantedOutput): TensorSpec => {
  const fitting = outputs.filter(
    ({ datatype, shape }) => /^FP(16|32|64)$/.test(datatype) && shape.length === rank,
  )
  const named = names.flatMap((name) => fitting.filter((output) => output.name === name))
  const [chosen = fitting[0]] = named
  if (chosen) return chosen
  throw new StartError(
    `the model has no output FP32 ${axes}, only ${shown(outputs)}; serve it as task tensor`,
  )
}

/** The numbers of one row's output, without its first axis; those of FP16 widened. */
export const numbersOf = (outputs: NamedTensors, name: string): ArrayLike<number> => {
  const tensor = outputs.get(name)
  if (!tensor) throw new Error(`the model did not answer output ${name}`)
  return tensor.dtype === 'FP16' ? widened(tensor.data as Uint16Array) : (tensor.data as ArrayLike<number>)
}

/**
 * Softmax and sigmoid lose how sure the model is of all classes together, which some tasks compare from row to row.
 * @param instead another way to serve the model
 * @throws StartError where the output ends in one of them
 */
export const requireLogits = (
  { graph }: Pick<TaskFiles, 'graph'>,
  name: string,
  task: string,
  instead: string,
): void => {
  const ending = graph?.endings.get(name)
  if (ending)
    throw new StartError(
      `output ${name} of the graph ends in ${ending}, but ${task} needs the scores before it; export the model without it or ${instead}`,
    )
}
