import { CandidateError } from '../../accuracy/candidate-error.ts'
import type { Prediction } from '../../accuracy/prediction.ts'
import type { Sample } from '../../datasets/sample.ts'
import type { Scorer } from './likelihood.ts'
import type { Client } from './served-model.ts'
import type { Story } from './story.ts'

const promptOf = ({ inputs }: Sample): string =>
  inputs.kind === 'members' ? String(inputs.members['text']) : ''

/** The likelihood is that of the first text of a label. */
const withLikelihood = async (
  prediction: Prediction,
  sample: Sample,
  client: Client,
  { score }: Scorer,
): Promise<Prediction> => {
  const { label, line } = sample
  const [text] = label.kind === 'texts' ? label.texts : []
  if (prediction.kind !== 'text' || text === undefined) return prediction
  return { ...prediction, likelihood: await score(client, promptOf(sample), text, line) }
}

/**
 * The story, with the likelihood of each label beside the text that was written.
 * @param required whether a label without a likelihood is a failure of the candidate; else it has none
 */
export const likelyStory = (story: Story, scorer: Scorer, required: boolean): Story => ({
  ...story,
  complete: async (client, predictions, group) => {
    try {
      return await Promise.all(
        predictions.map((one, index) => withLikelihood(one, group[index] as Sample, client, scorer)),
      )
    } catch (error) {
      if (required || !(error instanceof CandidateError)) throw error
      return predictions
    }
  },
})
