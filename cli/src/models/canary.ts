/** What a rollout by canary is about to do, and what becomes of what a user asks of it. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { type RolloutAction, rolloutAnnotation } from '@gantry/contract/rollout.ts'
import type { Model } from '../cluster/resources.ts'
import { type Failure, failed } from '../failure.ts'

export type Action = RolloutAction

export const askedOf = ({ metadata }: Model): string | undefined =>
  (metadata.annotations as Readonly<Record<string, string>> | undefined)?.[rolloutAnnotation]

const canaryOf = ({ status }: Model) => status?.canary

/** The version that spec asks for and that was taken back. One that spec does not ask for any more is history. */
export const rejectedOf = ({ status }: Model) => {
  const { canary, rejectedRevision, conditions = [] } = status ?? {}
  const isHeldBack = conditions.some(
    ({ type, reason }) => type === 'Stalled' && (reason === 'CanaryWorse' || reason === 'CanaryAborted'),
  )
  return canary || !isHeldBack ? undefined : rejectedRevision
}

const sentence = (text: string | undefined): string => plainText(text ?? '').replace(/\.?$/, '.')

/** `step 1 of 2, weight 10`, or `being promoted`. */
export const canaryProgress = ({ spec, status }: Model): string | undefined => {
  if (!status?.canary) return undefined
  const { phase, step, weight, paused } = status.canary
  if (phase === 'Promoting') return 'being promoted'
  const of = spec.rollout?.steps?.length ?? 2
  return `${step === 0 ? 'starting' : `step ${step} of ${of}, weight ${weight}`}${paused ? ', paused' : ''}`
}

const withoutCanary = (model: Model, action: Action): Failure => {
  const { name } = model.metadata
  const rejected = rejectedOf(model)
  if (rejected && action !== 'resume')
    return failed(
      `${rejected.version} is not tried any more: ${sentence(rejected.message)}`,
      `\`gantry resume ${name}\` tries it again.`,
    )
  return failed(
    `${name} has no canary${action === 'resume' ? ', and no version of it was taken back' : ''}.`,
    model.spec.rollout?.strategy === 'Canary'
      ? 'A new version in spec is tried by itself; `gantry describe` says what the model waits for.'
      : 'New versions are tried where spec.rollout.strategy is Canary.',
  )
}

/** Id of the version that the action is about. @throws Failure where there is none, or the action cannot do anything */
export const versionOf = (model: Model, action: Action): string => {
  const canary = canaryOf(model)
  if (canary && action === 'pause' && canary.phase === 'Promoting')
    throw failed(
      `${canary.version} is taking the place of the version before, which is not paused.`,
      `\`gantry abort ${model.metadata.name}\` takes it back.`,
    )
  if (canary) return canary.version
  const rejected = action === 'resume' ? rejectedOf(model) : undefined
  if (rejected) return rejected.version
  throw withoutCanary(model, action)
}

/** An annotation that was there when the version was rejected does nothing, so it has to go first. */
export const hasToBeSetAnew = (model: Model, annotation: string): boolean =>
  rejectedOf(model) !== undefined && [askedOf(model), rejectedOf(model)?.annotation].includes(annotation)

export const wasSeenWithout = (model: Model, annotation: string): boolean =>
  rejectedOf(model)?.annotation !== annotation

export type Outcome = { readonly kind: 'done' | 'refused'; readonly says: string }

/** The version serves, or was taken back, since the command began. */
const ended = (model: Model, action: Action, version: string): Outcome | undefined => {
  const { name } = model.metadata
  const rejected = rejectedOf(model)
  if (rejected?.version === version) {
    const before = rejected.returnsTo ?? model.status?.activeVersion
    return rejected.reason === 'CanaryAborted'
      ? {
          kind: action === 'abort' ? 'done' : 'refused',
          says: `${version} was taken back; ${before} serves ${name}.`,
        }
      : { kind: 'refused', says: `${version} was taken back: ${sentence(rejected.message)}` }
  }
  const serves = model.status?.activeVersion === version
  return {
    kind: serves && (action === 'promote' || action === 'resume') ? 'done' : 'refused',
    says: serves ? `${version} serves ${name}.` : `${version} is not tried any more.`,
  }
}

const isDone = (canary: NonNullable<ReturnType<typeof canaryOf>>, action: Action): boolean => {
  switch (action) {
    case 'promote':
      return canary.phase === 'Promoting'
    case 'abort':
      return false
    case 'pause':
      return canary.paused
    case 'resume':
      return !canary.paused
  }
}

/** What the operator made of the action; undefined while it has not looked at it, or waits for something. */
export const outcomeOf = (model: Model, action: Action, version: string): Outcome | undefined => {
  const canary = canaryOf(model)
  if (!canary) return isUnseen(model, action, version) ? undefined : ended(model, action, version)
  if (canary.version !== version)
    return { kind: 'refused', says: `${canary.version} is tried by now, in place of ${version}.` }
  return isDone(canary, action)
    ? { kind: 'done', says: `${version}: ${canaryProgress(model)}. ${sentence(canary.message)}` }
    : undefined
}

/** The status is that of the rejection until the operator tries the version again. */
const isUnseen = (model: Model, action: Action, version: string): boolean =>
  action === 'resume' && rejectedOf(model)?.version === version

/** What it waits for, in words of the operator. */
export const waitsFor = (model: Model): string =>
  canaryOf(model)?.message === undefined
    ? 'the operator has not looked at it yet.'
    : sentence(canaryOf(model)?.message)
