/** What spec.optimize asks for, and which version has it. */
import type { Metric } from '@gantry/contract/evaluation.ts'
import {
  defaultMaxAccuracyDrop,
  exportRecipeOf,
  type OptimizationRecipe,
  recipeOf,
  writingTasks,
} from '@gantry/contract/optimizing.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import { aimOf, type OptimizerImages, optimizingImage } from '../../evaluating/optimizing.ts'
import type { ModelDeployment, ModelDeploymentSpec, Version } from '../model-deployment.ts'

export type Optimize = NonNullable<ModelDeploymentSpec['optimize']>

/** The CRD's default once more, for an object that was stored before it existed. */
export const maxAccuracyDropOf = ({ maxAccuracyDrop = defaultMaxAccuracyDrop }: Optimize): number =>
  maxAccuracyDrop

/** What is done to a version: one without a graph is exported, and the other steps are taken of the graph. */
export const recipeFor = ({ input }: Pick<Version, 'input'>, optimize: Optimize): OptimizationRecipe =>
  input ? exportRecipeOf(optimize) : recipeOf(optimize)

/** Whether anything is done to the graph that an export makes. */
export const hasMoreSteps = (optimize: Optimize): boolean => Object.keys(recipeOf(optimize)).length > 0

const hashLength = 8

/** What is asked of a version: its parent, the recipe, and data of its own to calibrate with. Credentials do not decide what these are. */
const askedPart = (parent: Version, optimize: Optimize): string => {
  const { uri, configMapRef, file, sha256, format, split, sample } = optimize.dataset ?? {}
  const dataset = { uri, configMap: configMapRef?.name, file, sha256, format, split, sample }
  const recipe = recipeFor(parent, optimize)
  const asked = { parent: parent.revision, recipe, ...(parent.input ? {} : { dataset }) }
  const { recipeOrigin } = optimize
  return fingerprint(recipeOrigin ? { ...asked, recipeOrigin } : asked, hashLength)
}

/** What the version was made with, beside what is asked. Quantization tries several results, and chooses by the limit that it is given. */
const madePart = (
  parent: Version,
  optimize: Optimize,
  images: OptimizerImages,
  aim: number | undefined,
): string => {
  const recipe = recipeFor(parent, optimize)
  const optimizerImage = optimizingImage(recipe, images) ?? ''
  const isAimed = recipe.quantize !== undefined
  return fingerprint({ optimizerImage, ...(isAimed && aim !== undefined ? { aim } : {}) }, hashLength)
}

const limitOf = (optimize: Optimize): number => aimOf(maxAccuracyDropOf(optimize))

/** Revision of the version that a recipe makes: hash of what is asked, and hash of what it is made with. 16 hexadecimal digits. */
export const optimizedRevisionOf = (parent: Version, optimize: Optimize, images: OptimizerImages): string =>
  `${askedPart(parent, optimize)}${madePart(parent, optimize, images, limitOf(optimize))}`

/** What is known of a version. */
export interface Standing {
  /** Whether it needs no permission to serve. */
  readonly hasServed: (version: Version) => boolean
  /** Whether what was measured of it is beyond the limit. */
  readonly isWorse: (version: Version) => boolean
  /** The one that serves. */
  readonly current: Version | undefined
}

/**
 * The version that has what is asked. One that another optimizer made will do where it has served: an upgrade of Gantry must not make all
 * models anew. One that was made for another limit will do where it meets this one, or where it was made for a stricter one: no other would be
 * better then.
 */
export const optimizedVersionOf = (
  versions: readonly Version[],
  parent: Version,
  optimize: Optimize,
  images: OptimizerImages,
  { hasServed, isWorse, current }: Standing,
): Version | undefined => {
  const revision = optimizedRevisionOf(parent, optimize, images)
  const same = versions.findLast((version) => version.revision === revision)
  if (same) return same
  const asked = revision.slice(0, hashLength)
  const willDo = (version: Version): boolean => {
    if (version.parent === undefined || !version.revision.startsWith(asked)) return false
    const aim = version.optimization?.aim
    const isOfThisOptimizer = version.revision === `${asked}${madePart(parent, optimize, images, aim)}`
    const isStricter = aim !== undefined && aim <= limitOf(optimize)
    return (isOfThisOptimizer || hasServed(version)) && (isStricter || !isWorse(version))
  }
  return current && willDo(current) ? current : versions.findLast(willDo)
}

type Dataset = NonNullable<ModelDeploymentSpec['evaluate']>['dataset']

/** The samples that an optimization is calibrated with: data of its own, or a part of those that judge. */
export interface Calibration {
  readonly dataset: Dataset
  /** The field that names it. */
  readonly field: string
  /** Whether spec.evaluate judges by the rest of it. */
  readonly isShared: boolean
  /** Whether only the part calibrates that judges nobody. */
  readonly isPart: boolean
  readonly metric?: Metric | undefined
  readonly output?: string | undefined
  readonly labels?: readonly string[] | undefined
}

/** Two parts of one shuffle have no sample in common; of two others nothing is known. */
const areApart = ({ split: one }: Dataset, { split: other }: Dataset): boolean =>
  one !== undefined &&
  other !== undefined &&
  one.share === other.share &&
  (one.seed ?? 0) === (other.seed ?? 0) &&
  one.part !== other.part

/** Whether two data sets may have samples in common, as far as their places say. */
const mayOverlap = (one: Dataset, other: Dataset): boolean =>
  one.uri === other.uri &&
  one.configMapRef?.name === other.configMapRef?.name &&
  one.file === other.file &&
  !areApart(one, other)

/**
 * Data that judge, too, are divided, even where spec.optimize names them as its own; those of a ModelEvaluation are divided as they were there.
 * @returns undefined where inputs are generated
 */
export const calibrationOf = ({ spec }: ModelDeployment): Calibration | undefined => {
  if (writingTasks.includes(spec.model.task)) return undefined
  const { optimize, evaluate } = spec
  const own = optimize?.dataset
  const named = { labels: spec.model.labels, metric: evaluate?.metric, output: evaluate?.output }
  if (!own || (evaluate && mayOverlap(own, evaluate.dataset))) {
    const shared = { field: 'spec.evaluate.dataset', isShared: true, isPart: true }
    return evaluate && { dataset: evaluate.dataset, ...named, ...shared }
  }
  const { recipeOrigin } = optimize
  if (!recipeOrigin)
    return { dataset: own, ...named, field: 'spec.optimize.dataset', isShared: false, isPart: false }
  const field = `spec.dataset of ModelEvaluation ${recipeOrigin.evaluation}`
  return { dataset: own, ...recipeOrigin, field, isShared: false, isPart: true }
}
