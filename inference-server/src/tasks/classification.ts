import { StartError } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { Members, PathOf } from '../requests/members.ts'
import type { NamedTensors, Signature, Tensor } from '../tensors/tensor.ts'
import { checkLabels, namesFor } from './labels.ts'
import { parameterReader } from './parameters.ts'
import { perItem, rowPerItem } from './results.ts'
import { argmax, sigmoid, softmax } from './softmax.ts'
import type { Classification, TaskOutput, TaskResult } from './task.ts'
import { floatOutput, numbersOf } from './text/token-output.ts'

/** What makes a model's scores probabilities: one class of all, each class by itself, or nothing. */
const scoreFunctions = ['softmax', 'sigmoid', 'none'] as const
type ScoreFunction = (typeof scoreFunctions)[number]

/** Reads one row of a classifier's output. */
export interface ClassificationHead {
  /** Name of the output that has a score for each class, float [rows, classes]. */
  readonly output: string
  /** Names of what a request may set. */
  readonly parameters: readonly string[]
  /** @throws Failure naming the parameter that is wrong */
  readonly read: (members: Members, pathOf: PathOf) => (outputs: NamedTensors) => Classification
  /** Sees in the outputs of a row what the graph may leave open. @throws StartError where there are not as many classes as labels */
  readonly check: (outputs: NamedTensors) => void
}

/**
 * Finds the output that holds a score per class and turns a row of it into a result.
 * Scores are logits and go through `function_to_apply` of the request or of config.json, or softmax; sigmoid where config.json
 * says that several classes may hold or there is only one; nothing where the graph ends in such a function, or the output's name says so.
 * @param labels class names in output order, undefined where the folder has none
 * @throws StartError when the model has no such output, not as many classes as labels, or a function that is not known
 */
export const classificationHead = (
  signature: Signature,
  { config, graph }: Pick<TaskFiles, 'config' | 'graph'>,
  labels: readonly string[] | undefined,
): ClassificationHead => {
  const output = floatOutput(signature, { names: ['logits'], rank: 2, axes: '[rows, classes]' })
  const classes = output.shape[1] ?? -1
  checkLabels(labels, output.name, classes)
  const normalised = graph?.endings.has(output.name) || /prob|softmax/i.test(output.name)
  const usual = normalised
    ? 'none'
    : (configuredFunction(config) ?? usualFunction(config['problem_type'], classes))
  return {
    output: output.name,
    parameters: normalised ? [] : ['function_to_apply'],
    read: (members, pathOf) => {
      const how = parameterReader(members, pathOf).choice('function_to_apply', scoreFunctions, usual)
      return (outputs) => classify(outputs, output.name, how, labels)
    },
    check: (outputs) => checkLabels(labels, output.name, outputs.get(output.name)?.shape[1] ?? -1),
  }
}

const configuredFunction = ({ function_to_apply: how }: TaskFiles['config']): ScoreFunction | undefined => {
  if (how === undefined || how === null) return undefined
  const known = scoreFunctions.find((name) => name === how)
  if (known) return known
  throw new StartError(
    `function_to_apply of config.json is ${JSON.stringify(how)}; it has to be one of ${scoreFunctions.join(', ')}`,
  )
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
  const scores = numbersOf(outputs, name)
  const classes = scores.length
  const probabilities = applied(scores, how)
  const names = namesFor(labels, classes)
  const best = argmax(probabilities)
  return { label: String(names[best]), score: Number(probabilities[best]), probabilities, labels: names }
}

/** A result as /predict answers it. */
export interface Prediction {
  readonly label: string
  readonly score: number
  /** Probabilities by label, in the order of the model's output. */
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
