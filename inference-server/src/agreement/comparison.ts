/** How far the answers of two models are apart. */
import type { ModelAgreement } from '@gantry/contract/optimizing.ts'
import type { NamedTensors, Tensor } from '../tensors/tensor.ts'
import { createOutputComparison, type OutputComparison } from './output-comparison.ts'

export type Compared = Pick<ModelAgreement, 'largestDifference' | 'meanDifference' | 'sameAnswers'>

/** Outputs whose rows are answers: the one that a label is compared with, else the logits, else all. */
const scoredOutputs = (names: readonly string[], answering: string | undefined): readonly string[] => {
  const one = [answering, 'logits'].find((name) => name !== undefined && names.includes(name))
  return one === undefined ? names : [one]
}

/**
 * @param names outputs of the earlier model
 * @param answering the output that a label is compared with, where one is known
 */
export const createComparison = (names: readonly string[], answering: string | undefined) => {
  const scored = new Set(scoredOutputs(names, answering))
  const outputs = new Map<string, OutputComparison>(
    names.map((name) => [name, createOutputComparison(name, scored.has(name))]),
  )
  const add = (inputs: NamedTensors, before: NamedTensors, after: NamedTensors): void => {
    for (const [name, output] of outputs)
      output.add(inputs, before.get(name) as Tensor, after.get(name) as Tensor)
  }
  /** @returns undefined where the earlier model has answered with no row at all */
  const result = (): Compared | undefined => {
    const all = [...outputs.values()]
    const shares = all.map(({ share }) => share()).filter((share) => share !== undefined)
    if (shares.length === 0) return undefined
    const gaps = all.map((output) => output.gaps())
    const count = gaps.reduce((sum, gap) => sum + gap.count, 0)
    const total = gaps.reduce((sum, gap) => sum + gap.total, 0)
    return {
      largestDifference: Math.max(0, ...gaps.map(({ largest }) => largest)),
      meanDifference: count === 0 ? 0 : total / count,
      sameAnswers: Math.min(...shares),
    }
  }
  return { add, result }
}
