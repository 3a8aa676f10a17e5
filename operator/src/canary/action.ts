/** What a user asks of a rollout by the annotation `gantry.dev/rollout: ACTION@VERSION`. */
import { quoted } from '@gantry/contract/plain-text.ts'
import { type RolloutAction, rolloutActions, rolloutAnnotation } from '@gantry/contract/rollout.ts'

export type Action = RolloutAction

export type Asked =
  /** No annotation, or one of another version: it was meant for a rollout that is over, or is yet to come. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'refused'; readonly problem: string }

export const actionOf = (annotation: string | undefined, version: string): Asked => {
  if (annotation === undefined || annotation === '') return { kind: 'nothing' }
  const [name, of, ...more] = annotation.split('@')
  const action = rolloutActions.find((candidate) => candidate === name)
  if (action === undefined || of === undefined || of === '' || more.length > 0)
    return {
      kind: 'refused',
      problem: `the annotation ${rolloutAnnotation} is ${quoted(annotation)}, not ACTION@VERSION with one of ${rolloutActions.join(', ')}, such as pause@${version}; the rollout goes on without it`,
    }
  return of === version ? { kind: 'action', action } : { kind: 'nothing' }
}
