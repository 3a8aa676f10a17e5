import { StartError } from '../errors.ts'
import type { NamedTensors, Signature, Tensor, TensorSpec } from '../tensor.ts'
import { checkLabels, namesFor } from './labels.ts'
import { parameterReader } from './parameters.ts'
import { perItem, rowPerItem } from './results.ts'
import { shown } from './signature.ts'
import { argmax, sigmoid, softmax } from './softmax.ts'
import type { Classification, Members, PathOf, TaskFiles, TaskOutput, TaskResult } from './task.ts'

/** What makes a model's scores probabilities: one class of all, each class by itself, or nothing. */
const scoreFunctions = ['softmax', 'sigmoid', 'none'] as const
type ScoreFunction = (typeof scoreFunctions)[number]

/** Reads one row of a classifier's output. */
export interface ClassificationHead {
  /** Names of what a request may set. */
  readonly parameters: readonly string[]
  /** @throws Failure naming the parameter that is wrong */
  readonly read: (members: Members, pathOf: PathOf) => (outputs: NamedTensors) => Classification
  /** Sees in the outputs of a row what the graph may leave open. @throws StartError where there are not as many classes as labels */
  readonly check: (outputs: NamedTensors) => void
}

/**
 * Finds the output that holds a score per class and turns a row of it into a result.
 * Scores are logits and go through `function_to_apply` of the request, or softmax; sigmoid where config.json says that several
 * classes may hold or there is only one; nothing where the output's name says that the graph already ends in such a function.
 * @param labels class names in output order, undefined where nobody names them
 * @throws StartError when the model has no such output, or not as many classes as labels
 */
export const classificationHead = (
  signature: Signature,
  { config }: Pick<TaskFiles, 'config'>,
  labels: readonly string[] | undefined,
): ClassificationHead => {
  const output = scoresOutput(signature)
  const classes = output.shape[1] ?? -1
  checkLabels(labels, output.name, classes)
  const normalised = /prob|softmax/i.test(output.name)
  const usual = normalised ? 'none' : usualFunction(config['problem_type'], classes)
  return {
    parameters: normalised ? [] : ['function_to_apply'],
    read: (members, pathOf) => {
      const how = parameterReader(members, pathOf).choice('function_to_apply', scoreFunctions, usual)
      return (outputs) => classify(outputs, output.name, how, labels)
    },
    check: (outputs) => checkLabels(labels, output.name, outputs.get(output.name)?.shape[1] ?? -1),
  }
}

/** The pipeline's of transformers. */
const usualFunction = (problem: unknown, classes: number): ScoreFunction => {
  if (problem === 'regression') return 'none'
  return problem === 'multi_label_classification' || classes === 1 ? 'sigmoid' : 'softmax'
}

const applied = (scores: ArrayLike<number>, how: ScoreFunction): Float32Array => {
  if (how === 'softmax') return softmax(scores, scores.length)
  return how === 'sigmoid' ? Float32Array.from(scores, sigmoid) : Float32Array.from(scores)
}

const classify = (
  outputs: NamedTensors,
  name: string,
  how: ScoreFunction,
  labels: readonly string[] | undefined,
): Classification => {
  const tensor = outputs.get(name)
  if (!tensor) throw new Error(`the model did not answer output ${name}`)
  const scores = tensor.data as ArrayLike<number>
  const classes = scores.length
  const probabilities = applied(scores, how)
  const names = namesFor(labels, classes)
  const best = argmax(probabilities)
  return { label: String(names[best]), score: Number(probabilities[best]), probabilities, labels: names }
}

const scoresOutput = (signature: Signature): TensorSpec => {
  const fitting = signature.outputs.filter(
    ({ datatype, shape }) => /^FP(32|64)$/.test(datatype) && shape.length === 2,
  )
  const chosen = fitting.find(({ name }) => name === 'logits') ?? fitting[0]
  if (chosen) return chosen
  throw new StartError(
    `the model has no output FP32 [rows, classes], only ${shown(signature.outputs)}; serve it as task tensor`,
  )
}

/** A result as /predict answers it. */
export interface Prediction {
  readonly label: string
  readonly score: number
  /** By label, in the order of the model's output. */
  readonly probabilities: ReadonlyMap<string, number>
}

export const prediction = (result: Classification): Prediction => ({
  label: result.label,
  score: result.score,
  probabilities: probabilitiesByLabel(result),
})

/** Classes of one name, such as several 未知, add up. */
export const probabilitiesByLabel = ({
  labels,
  probabilities,
}: Classification): ReadonlyMap<string, number> => {
  const byLabel = new Map<string, number>()
  for (const [index, label] of labels.entries())
    byLabel.set(label, (byLabel.get(label) ?? 0) + Number(probabilities[index]))
  return byLabel
}

export const classificationOutputs: readonly TaskOutput[] = [
  perItem('label'),
  perItem('score', 'FP32'),
  rowPerItem('probabilities', 'FP32'),
]

/** A classification as every endpoint answers it; as tensors `label` BYTES [1], `score` FP32 [1], `probabilities` FP32 [1, classes]. */
export const classificationResult = (classification: Classification): TaskResult => ({
  classification,
  answer: () => prediction(classification),
  tensors: () => {
    const { label, score, probabilities } = classification
    const shape = [1, probabilities.length]
    return new Map<string, Tensor>([
      ['label', { dtype: 'BYTES', shape: [1], data: [label] }],
      ['score', { dtype: 'FP32', shape: [1], data: Float32Array.of(score) }],
      ['probabilities', { dtype: 'FP32', shape, data: Float32Array.from(probabilities) }],
    ])
  },
})
