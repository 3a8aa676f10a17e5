/** The state of an object in a word and in a sentence, from its conditions. */
import { plainText } from '@gantry/contract/plain-text.ts'
import * as reasons from '@gantry/contract/reasons.ts'
import { conditionOf, isEnding, type LiveCondition } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { Colour } from '../terminal/style.ts'
import type { Cell } from '../terminal/table.ts'

type WithConditions = KubernetesObject & {
  readonly status?:
    | { readonly observedGeneration?: number; readonly conditions?: readonly LiveCondition[] }
    | undefined
}

export interface State {
  /** Ready, or the reason why not. */
  readonly word: string
  readonly message: string
  readonly colour: Colour
}

/** Whether the status speaks of the spec as it is now. */
export const isCurrent = ({ metadata, status }: WithConditions): boolean =>
  status?.observedGeneration === metadata.generation

const conditionsOf = (object: WithConditions) => {
  const named = object as { readonly status?: { readonly conditions?: readonly LiveCondition[] } }
  return {
    ready: conditionOf(named, 'Ready'),
    stalled: conditionOf(named, 'Stalled'),
    degraded: conditionOf(named, 'Degraded'),
  }
}

const isTrue = (condition: LiveCondition | undefined): boolean => condition?.status === 'True'

const told = (condition: LiveCondition | undefined, colour: Colour): State => ({
  word: plainText(condition?.reason ?? 'Unknown'),
  message: plainText(condition?.message ?? ''),
  colour,
})

const unseen: State = {
  word: 'Waiting',
  message: 'No operator has looked at it yet. `gantry doctor` says which release manages the namespace.',
  colour: 'yellow',
}

export const stateOf = (object: WithConditions): State => {
  if (isEnding(object)) return { word: 'Deleting', message: 'It was deleted, and ends.', colour: 'yellow' }
  const { ready, stalled, degraded } = conditionsOf(object)
  if (!ready) return unseen
  if (isTrue(stalled)) return told(isTrue(ready) ? stalled : ready, 'red')
  if (!isCurrent(object))
    return {
      word: 'Changed',
      message: 'The operator has not looked at the last change yet.',
      colour: 'yellow',
    }
  if (isTrue(degraded)) return told(degraded, 'yellow')
  return told(ready, isTrue(ready) ? 'green' : 'yellow')
}

export const stateCell = (object: WithConditions): Cell => {
  const { word, colour } = stateOf(object)
  return { text: word, colour }
}

interface Explanation {
  readonly means: string
  readonly next?: string
}

/** All groups of reasons; what else the file exports is a function. */
const explanations: Readonly<Record<string, Explanation>> = Object.assign(
  {},
  ...Object.values(reasons).filter((group) => typeof group === 'object'),
)

/** Links of Markdown become their text: the manual is not at hand in a terminal. */
const withoutLinks = (text: string): string => text.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')

/** What a reason means, and what to do, from contract/reasons.ts. */
export const explained = (reason: string | undefined): Explanation | undefined => {
  const known = reason !== undefined && Object.hasOwn(explanations, reason) ? explanations[reason] : undefined
  if (!known) return undefined
  const { means, next } = known
  return { means: withoutLinks(means), ...(next ? { next: withoutLinks(next) } : {}) }
}
