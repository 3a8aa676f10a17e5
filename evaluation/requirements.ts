/** Whether a candidate can do what an evaluation requires (article 2.1.1). */
import { quoted } from '@gantry/contract/plain-text.ts'
import type { Candidate, RankingSpec } from './evaluation.ts'

type Task = Candidate['task']

/** What a model of a task can do beside the task itself, which is a capability under its own name. */
const beside: Readonly<Partial<Record<Task, readonly string[]>>> = {
  'zero-shot-classification': ['text_classification'], // the labels of the request may be any
  'code-generation': ['text_generation'],
  'zero-shot-image-classification': ['image_classification', 'multimodal'],
  'image-to-text': ['multimodal'],
}

/** How a sentence says that a candidate can not; a capability without one is named. */
const verbs: Readonly<Record<string, string>> = {
  text_generation: 'generate text',
  code_generation: 'generate code',
  question_answering: 'answer questions',
  translation: 'translate',
  summarization: 'summarize',
  multimodal: 'take pictures and text together',
  text_classification: 'classify texts',
  zero_shot_classification: 'classify texts by labels of the request',
  token_classification: 'classify tokens',
  feature_extraction: 'embed texts',
  fill_mask: 'fill in masked words',
  image_classification: 'classify pictures',
  zero_shot_image_classification: 'classify pictures by labels of the request',
  image_to_text: 'describe pictures',
}

/** `text-generation`, `Text Generation` and `text_generation` are one capability. */
const canonical = (capability: string): string =>
  capability
    .trim()
    .toLowerCase()
    .replaceAll(/[-_\s]+/g, '_')

/** What a candidate can do: its task, what that implies, and its capabilities. */
export const capabilitiesOf = ({ task, capabilities = [] }: Candidate): ReadonlySet<string> =>
  new Set([task, ...(beside[task] ?? []), ...capabilities].map(canonical))

const sentence = (requirement: string): string => {
  const name = canonical(requirement)
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : `do ${quoted(name)}`
  return `cannot ${verb}: ${quoted(requirement)} is required`
}

/** Requirements that are required. */
export const required = (requirements: RankingSpec['requirements'] = {}): readonly string[] =>
  Object.keys(requirements).filter((name) => requirements[name])

/** What a candidate cannot do although it is required, a sentence each, such as `cannot translate: translation is required`. */
export const lacking = (
  requirements: RankingSpec['requirements'],
  candidate: Candidate,
): readonly string[] => {
  const able = capabilitiesOf(candidate)
  return required(requirements)
    .filter((name) => !able.has(canonical(name)))
    .map(sentence)
}

/** Whether one candidate meets one requirement, however it is spelled. */
export const meets = (candidate: Candidate, requirement: string): boolean =>
  capabilitiesOf(candidate).has(canonical(requirement))
