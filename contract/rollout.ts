/** What users ask of a rollout by canary: the annotation of a ModelDeployment, as ACTION@VERSION. */

export const rolloutAnnotation = 'gantry.dev/rollout'

export const rolloutActions = ['promote', 'abort', 'pause', 'resume'] as const
export type RolloutAction = (typeof rolloutActions)[number]
