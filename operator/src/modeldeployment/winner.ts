/** What spec.model.source.evaluationRef stands for: the winner of a ModelEvaluation, or a candidate of it. */
import type { ModelEvaluation as ModelEvaluationFields } from '@gantry/contract/modelevaluation.gen.ts'
import { defaultMaxAccuracyDrop, writingTasks } from '@gantry/contract/optimizing.ts'
import { isOptimized, recipeName, type Variant, variantsOf } from '@gantry/evaluation/variants.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import { conditionOf } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { Finding } from '../runtime/finding.ts'
import type { ModelDeployment, ModelDeploymentStatus, Version } from './model-deployment.ts'
import type { Optimize } from './optimization/recipe.ts'
import { ModelDeployment as modelDeployments, ModelEvaluation as modelEvaluations } from './resources.ts'
import { revisionOf } from './revision.ts'

type ModelEvaluation = KubernetesObject & Readonly<ModelEvaluationFields>
type Candidate = ModelEvaluation['spec']['candidates'][number]
type Reference = NonNullable<ModelDeployment['spec']['model']['source']['evaluationRef']>

/** The candidate that a model takes, as status.winner has it. */
export type Winner = NonNullable<ModelDeploymentStatus['winner']>

/** Where the source of a model comes from. */
export type Origin =
  | { readonly kind: 'spec' }
  | {
      readonly kind: 'winner'
      readonly winner: Winner
      /** Names of the classes, where the candidate gives them. */
      readonly labels: readonly string[] | undefined
    }
  /** The ModelEvaluation names no candidate, for the reason in `finding`. `last` is the one that it named before. */
  | { readonly kind: 'none'; readonly finding: Finding; readonly last: Winner | undefined }

type Found =
  | {
      readonly kind: 'candidate'
      readonly candidate: Candidate
      /** The variant of it that was measured; its recipe is taken. */
      readonly variant: Variant
      readonly evaluation: ModelEvaluation
    }
  | { readonly kind: 'none'; readonly finding: Finding }

type Winning = Extract<Found, { kind: 'candidate' }>

const none = (reason: Finding['reason'], message: string, retry: Finding['retry']): Found => ({
  kind: 'none',
  finding: { reason, message, retry },
})

/** Variants of a candidate are named after it, and no name of a candidate has a dot. */
const isOf = ({ name }: Pick<Candidate, 'name'>, variant: string): boolean =>
  variant === name || variant.startsWith(`${name}.`)

/** Why a candidate that is named may not be deployed, or that the result is not there yet. */
const notInResults = (evaluation: ModelEvaluation, name: string): Found => {
  const at = `ModelEvaluation ${evaluation.metadata.name}`
  const { ineligible = [] } = evaluation.status ?? {}
  const found =
    ineligible.find((one) => one.name === name) ?? ineligible.find((one) => isOf({ name }, one.name))
  const reasons = found?.reasons
  if (!reasons)
    return none('WaitingForEvaluation', `${at} has not measured its candidate ${name} yet.`, 'backoff')
  return none(
    'NoWinner',
    `Candidate ${name} of ${at} is not eligible: ${reasons.join('; ')}. Name another one in spec.model.source.evaluationRef.candidate, or correct the ModelEvaluation.`,
    'never',
  )
}

/** Whether the status speaks of the spec as it is, and the evaluation has ended. */
const hasEnded = (evaluation: ModelEvaluation): boolean =>
  evaluation.status?.observedGeneration === evaluation.metadata.generation &&
  conditionOf(evaluation, 'Ready')?.status === 'True'

const withoutWinner = (evaluation: ModelEvaluation): Found => {
  const at = `ModelEvaluation ${evaluation.metadata.name}`
  const ready = conditionOf(evaluation, 'Ready')
  const isStalled = conditionOf(evaluation, 'Stalled')?.status === 'True'
  if (!hasEnded(evaluation)) {
    const why = isStalled && ready?.message ? ` It says: ${ready.message}` : ''
    return none('WaitingForEvaluation', `${at} has no winner yet.${why}`, 'backoff')
  }
  const message = `${at} has ended, and none of its candidates is eligible. See status.ineligible: kubectl -n ${evaluation.metadata.namespace} describe mev ${evaluation.metadata.name}`
  return none('NoWinner', message, 'never')
}

/** The variant of that name, or where a candidate is named that has several, the best of those that were measured. */
const variantNamed = ({ status, spec }: ModelEvaluation, name: string): Variant | undefined => {
  const variants = variantsOf(spec)
  const exact = variants.find((one) => one.name === name)
  if (exact) return exact
  const own = new Map(variants.filter((one) => one.candidate === name).map((one) => [one.name, one]))
  const measured = status?.results?.find((one) => own.has(one.name))
  return measured && own.get(measured.name)
}

const notThere = ({ metadata, spec }: ModelEvaluation, name: string): Found => {
  const names = spec.candidates.map((one) => one.name).join(', ')
  return none(
    'EvaluationNotFound',
    `ModelEvaluation ${metadata.name} has no candidate ${name} (there are: ${names}). Correct spec.model.source.evaluationRef.candidate.`,
    'never',
  )
}

const candidateOf = (evaluation: ModelEvaluation, named: string | undefined): Found => {
  const { status, spec } = evaluation
  const name = named ?? (hasEnded(evaluation) ? status?.winner : undefined)
  if (name === undefined) return withoutWinner(evaluation)
  const candidate = spec.candidates.find((one) => isOf(one, name))
  if (!candidate) return notThere(evaluation, name)
  const variant = variantNamed(evaluation, name)
  if (!variant && name !== candidate.name) return notThere(evaluation, name)
  const isCurrent = status?.observedGeneration === evaluation.metadata.generation
  const isEligible = isCurrent && status?.results?.some((one) => one.name === variant?.name)
  return variant && isEligible
    ? { kind: 'candidate', candidate, variant, evaluation }
    : notInResults(evaluation, name)
}

const find = (cache: Cache, { metadata, spec }: ModelDeployment, { name, candidate }: Reference): Found => {
  const { namespace } = metadata
  const evaluation = cache.get<ModelEvaluation>(modelEvaluations, namespace, name)
  if (!evaluation) {
    const message = `ModelEvaluation ${name} does not exist in namespace ${namespace}. Create it, and the model goes on by itself, or correct spec.model.source.evaluationRef.`
    return none('EvaluationNotFound', message, 'never')
  }
  const found = candidateOf(evaluation, candidate)
  if (found.kind === 'none' || found.candidate.task === spec.model.task) return found
  const message = `Candidate ${found.candidate.name} of ModelEvaluation ${name} was measured with the task ${found.candidate.task}, and spec.model.task is ${spec.model.task}. Set spec.model.task to ${found.candidate.task}, or name another candidate.`
  return none('TaskMismatch', message, 'never')
}

/** spec.optimize as the variant was made: by the same recipe, aim and samples. */
const optimizeOf = ({ variant, candidate, evaluation }: Winning): Optimize | undefined => {
  if (!isOptimized(variant.recipe)) return undefined
  const { dataset, metric = 'accuracy', output, objective } = evaluation.spec
  const { labels, task } = candidate
  return {
    ...variant.recipe,
    maxAccuracyDrop: objective?.subjectTo?.accuracyDrop ?? defaultMaxAccuracyDrop,
    ...(writingTasks.includes(task) ? {} : { dataset }),
    recipeOrigin: {
      ...{ evaluation: evaluation.metadata.name, metric },
      ...(output === undefined ? {} : { output }),
      ...(labels ? { labels } : {}),
    },
  }
}

/** The model with the source of a candidate, and with the recipe of its variant where it has none of its own. */
const withCandidate = (model: ModelDeployment, winning: Winning): ModelDeployment => {
  const { uri, configMapRef, file, sha256, secretRef } = winning.candidate.source
  const { signature } = model.spec.model.source
  const optimize = model.spec.optimize ?? optimizeOf(winning)
  return {
    ...model,
    spec: {
      ...model.spec,
      ...(optimize ? { optimize } : {}),
      model: {
        ...model.spec.model,
        source: {
          ...(uri !== undefined ? { uri } : {}),
          ...(configMapRef ? { configMapRef } : {}),
          ...(file !== undefined ? { file } : {}),
          ...(sha256 !== undefined ? { sha256 } : {}),
          ...(secretRef ? { secretRef } : {}),
          ...(signature ? { signature } : {}),
        },
      },
    },
  }
}

/** The candidate that the model took from this ModelEvaluation before. */
const lastWinner = ({ status }: ModelDeployment, { name, candidate }: Reference): Winner | undefined => {
  const last = status?.winner
  if (last?.evaluation !== name) return undefined
  const isNamed = candidate === undefined || isOf({ name: candidate }, last.candidate)
  return isNamed ? last : undefined
}

/** The model with the source that its evaluationRef stands for. A model that names its source itself stays as it is. */
export const withSource = (
  cache: Cache,
  model: ModelDeployment,
): { readonly model: ModelDeployment; readonly origin: Origin } => {
  const reference = model.spec.model.source.evaluationRef
  if (!reference) return { model, origin: { kind: 'spec' } }
  const found = find(cache, model, reference)
  if (found.kind === 'none') return { model, origin: { ...found, last: lastWinner(model, reference) } }
  const resolved = withCandidate(model, found)
  const isRecipe = resolved.spec.optimize?.recipeOrigin !== undefined
  const winner = {
    evaluation: reference.name,
    candidate: isRecipe ? found.variant.name : found.candidate.name,
    revision: revisionOf(resolved),
    ...(isRecipe ? { recipe: recipeName(found.variant.recipe) } : {}),
  }
  return { model: resolved, origin: { kind: 'winner', winner, labels: found.candidate.labels } }
}

/** The versions, with the labels of the candidate for the one that came from it. They stay with it when another candidate wins, or the ModelEvaluation is gone. */
export const withLabels = (versions: readonly Version[], origin: Origin): readonly Version[] => {
  if (origin.kind !== 'winner') return versions
  const { winner, labels } = origin
  const own = new Set(versions.filter(({ revision }) => revision === winner.revision).map(({ id }) => id))
  return versions.map((version) => {
    // What spec.optimize makes of a candidate has its classes.
    if (!own.has(version.id) && !own.has(version.parent ?? '')) return version
    const { labels: _, ...rest } = version
    return { ...rest, ...(labels ? { labels: [...labels] } : {}) }
  })
}

/** The models that take the winner of a ModelEvaluation, as namespace/name. */
export const modelsOf = (cache: Cache, { metadata }: KubernetesObject): readonly string[] =>
  cache
    .all<ModelDeployment>(modelDeployments)
    .filter(
      (model) =>
        model.metadata.namespace === metadata.namespace &&
        model.spec.model.source.evaluationRef?.name === metadata.name,
    )
    .map((model) => `${model.metadata.namespace}/${model.metadata.name}`)
