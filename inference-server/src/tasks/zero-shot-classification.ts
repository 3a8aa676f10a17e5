import { Failure, StartError } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { PathOf } from '../requests/members.ts'
import type { NamedTensors, Signature } from '../tensors/tensor.ts'
import { readCandidates } from './candidate-labels.ts'
import { parameterReader } from './parameters.ts'
import { rankedOutputs, rankedResult } from './results.ts'
import { softmax } from './softmax.ts'
import type { LoadedTask, Prepared } from './task.ts'
import type { Encoded } from './text/frames.ts'
import { after, type Reading, readAll } from './text/readings.ts'
import { readText } from './text/texts.ts'
import { floatOutput, numbersOf, requireLogits } from './text/token-output.ts'
import type { Tokenizer } from './text/tokenizer.ts'
import { loadTextClassifier } from './text-classifier.ts'

/** The pipeline's of transformers. */
const defaultTemplate = 'This example is {}.'

/**
 * Text and labels -> how well each label fits: a model of natural language inference is asked, label by label, whether
 * the sentence about the label follows from the text.
 */
export const zeroShotClassification = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const { known, inputs, tokenizer, labels } = await loadTextClassifier(
    files,
    signature,
    'zero-shot-classification',
  )
  const { name } = floatOutput(known, { names: ['logits'], rank: 2, axes: '[rows, classes]' })
  requireLogits(files, name, 'zero-shot-classification', 'serve it as task text-classification')
  const entailment = entailmentId(labels)
  return {
    fields: ['text'],
    lists: ['candidate_labels'],
    parameters: ['hypothesis_template', 'multi_label'],
    endpoint: undefined,
    maskText: tokenizer.maskText,
    outputs: rankedOutputs,
    read: (members, pathOf) => {
      const text = readText(members['text'], pathOf('text'))
      const candidates = readCandidates(members, pathOf, defaultTemplate)
      const independent = parameterReader(members, pathOf).flag('multi_label', false)
      const prepared = (pairs: readonly Encoded[]): Prepared => ({
        rows: pairs.map((pair) => inputs.row(pair, tokenizer)),
        tokens: pairs.reduce((sum, { ids }) => sum + ids.length, 0),
        postprocess: (outputs) =>
          rankedResult(candidates.labels, scoresOf(outputs, name, entailment, independent)),
      })
      return () =>
        after(tokenizer.idsOf(text, tokenizer.maxTokens, pathOf('text')), (premise) =>
          after(
            readAll(candidates.hypotheses, (hypothesis) => pairOf(tokenizer, premise, hypothesis, pathOf)),
            prepared,
          ),
        )
    },
    warmup: () =>
      after(readAll(['warm', 'up'], tokenizer.idsOf), ([first = [], second = []]) =>
        inputs.row(tokenizer.framePair(first, second), tokenizer),
      ),
  }
}

/** Index of the class that means entailment. */
const entailmentId = (labels: readonly string[] | undefined): number => {
  const id = labels?.findIndex((label) => /^entail/i.test(label)) ?? -1
  if (id >= 0) return id
  throw new StartError(
    `no class of the model is called entailment (${labels?.join(', ') ?? 'config.json has no id2label'}); name it in id2label of config.json`,
  )
}

/** Where both are too long, the text is cut, never the hypothesis. */
const pairOf = (
  tokenizer: Tokenizer,
  premise: readonly number[],
  hypothesis: string,
  pathOf: PathOf,
): Reading<Encoded> =>
  after(tokenizer.idsOf(hypothesis, undefined, pathOf('candidate_labels')), (ids) => {
    const room = tokenizer.maxTokens - tokenizer.added.framePair - ids.length
    if (room >= 1) return tokenizer.framePair(premise.slice(0, room), ids)
    const field = pathOf('candidate_labels')
    throw new Failure(
      'invalid',
      `${field} makes a hypothesis of ${ids.length} tokens, which leaves no room for the text within ${tokenizer.maxTokens}; send shorter labels`,
      { field },
    )
  })

/**
 * @param outputs per label
 * @param independent whether several labels may fit: each is weighed against its contradiction, not against the others
 */
const scoresOf = (
  outputs: readonly NamedTensors[],
  name: string,
  entailment: number,
  independent: boolean,
): ArrayLike<number> => {
  const logits = outputs.map((row) => numbersOf(row, name))
  if (!independent && logits.length > 1)
    return softmax(
      logits.map((row) => Number(row[entailment])),
      logits.length,
    )
  return logits.map((row) => {
    const contradiction = entailment === 0 ? row.length - 1 : 0
    return Number(softmax([Number(row[contradiction]), Number(row[entailment])], 2)[1])
  })
}
