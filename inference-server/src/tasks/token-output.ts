import { StartError } from '../errors.ts'
import type { NamedTensors, Signature, TensorSpec } from '../tensor.ts'
import { shown } from './signature.ts'

/** What an output has to be. */
export interface WantedOutput {
  /** Names to look for first, in this order. */
  readonly names: readonly string[]
  /** Number of axes. */
  readonly rank: number
  /** For the sentence, such as `[rows, tokens, labels]`. */
  readonly axes: string
}

/**
 * The output of numbers that a task reads.
 * @throws StartError when the model has none
 */
export const floatOutput = ({ outputs }: Signature, { names, rank, axes }: WantedOutput): TensorSpec => {
  const fitting = outputs.filter(
    ({ datatype, shape }) => /^FP(32|64)$/.test(datatype) && shape.length === rank,
  )
  const named = names.flatMap((name) => fitting.filter((output) => output.name === name))
  const [chosen = fitting[0]] = named
  if (chosen) return chosen
  throw new StartError(
    `the model has no output FP32 ${axes}, only ${shown(outputs)}; serve it as task tensor`,
  )
}

/** The numbers of one row's output, without its first axis. */
export const numbersOf = (outputs: NamedTensors, name: string): ArrayLike<number> => {
  const tensor = outputs.get(name)
  if (!tensor) throw new Error(`the model did not answer output ${name}`)
  return tensor.data as ArrayLike<number>
}
