/** Models of raw tensors: rows of samples by POST /v2/models/NAME/infer. */
import { CandidateError } from '../../accuracy/candidate-error.ts'
import { tensorsOf } from '../../accuracy/tensor-inputs.ts'
import type { Sample } from '../../datasets/sample.ts'
import { type NamedTensors, stackNamed, type TensorSpec } from '../../tensors/tensor.ts'
import { inferBody } from './infer-body.ts'
import { type ModelMetadata, paths } from './served-model.ts'
import type { Group, Story } from './story.ts'
import { type AnswerRules, readTensors } from './tensor-answers.ts'

/** Rows in a request, as many as the server puts into a batch unless told otherwise. */
const rowsAtATime = 32

/** Whether samples can be stacked along the first axis. */
const hasRows = ({ shape }: TensorSpec): boolean => shape[0] === -1

/** @throws CandidateError ShapeMismatch naming the line */
const rowOf = ({ line, inputs }: Sample, specs: readonly TensorSpec[]): NamedTensors => {
  try {
    return tensorsOf(inputs, specs)
  } catch (error) {
    if (!(error instanceof CandidateError)) throw error
    throw new CandidateError(error.reason, `line ${line}: ${error.message}`, { cause: error })
  }
}

const shapesOf = (tensors: NamedTensors): string =>
  [...tensors.values()].map(({ shape }) => shape.join()).join(';')

export const tensorStory = (
  { inputs, batched }: Pick<ModelMetadata, 'inputs' | 'batched'>,
  rules: AnswerRules,
): Story => {
  const together = batched && inputs.every(hasRows) ? rowsAtATime : 1
  const group = (samples: readonly Sample[]): readonly Group[] => {
    const groups: Sample[][] = []
    let shapes: string | undefined
    for (const sample of samples) {
      const own = shapesOf(rowOf(sample, inputs))
      const last = groups.at(-1)
      if (last && own === shapes && last.length < together) last.push(sample)
      else groups.push([sample])
      shapes = own
    }
    return groups
  }
  return {
    path: paths.infer,
    group,
    body: (samples) => {
      const rows = samples.map((sample) => rowOf(sample, inputs)) as [NamedTensors, ...NamedTensors[]]
      return inferBody(stackNamed(rows))
    },
    read: (answer, samples) => readTensors(rules, answer, samples.length),
  }
}
