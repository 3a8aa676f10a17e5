/** What is to be measured of a version, and what decides the answer. The limits of spec.evaluate are no part of it. */
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { LiveConfigMap } from '@gantry/kube/live.ts'
import type { ReconcileConfig } from '../config.ts'
import { ownInterpretation, presentInterpretation } from '../interpretation.ts'
import type { ModelDeployment, ModelDeploymentSpec, Version } from '../model-deployment.ts'
import { calibrationOf } from '../optimization/recipe.ts'
import type { Targeted } from '../target.ts'

export type Evaluate = NonNullable<ModelDeploymentSpec['evaluate']>

/** What a measurement has to know of a version that is on the volume. */
export type Measurable = Pick<Version, 'id' | 'sizeBytes'> &
  Partial<Pick<Version, 'digest' | 'encryptionKey'>>

/** A version, and how its outputs are read. */
export interface Candidate<Measured extends Measurable = Measurable> {
  readonly version: Measured
  readonly task: ModelDeploymentSpec['model']['task']
  readonly labels?: readonly string[] | undefined
}

export interface Question {
  readonly evaluate: Evaluate
  readonly candidate: Candidate<Version>
  /** The version that serves, measured in the same run on the same samples. */
  readonly compared: Candidate | undefined
  /** The version that spec.optimize made the candidate from, measured in the same run, too; it may be the one that serves. */
  readonly parent: Candidate | undefined
  readonly part: Part
  /** Hash of what is asked, and hash of what it is measured and compared with. */
  readonly measurement: string
}

const hashLength = 8

/** The samples that an optimization was calibrated with judge nothing. */
export type Part = 'without' | undefined

/** Credentials do not decide what the data are. */
const asked = ({ version, task, labels }: Candidate<Version>, evaluate: Evaluate, part: Part): object => {
  const { uri, configMapRef, file, sha256, format, split, sample } = evaluate.dataset
  const { metric, topK, output, concurrencies } = evaluate
  const named = { uri, configMap: configMapRef?.name, file, sha256, format, split, sample }
  const dataset = { ...named, calibration: part }
  return {
    id: version.id,
    digest: version.digest,
    task,
    labels,
    dataset,
    metric,
    topK,
    output,
    concurrencies,
  }
}

const setup = (
  { spec }: ModelDeployment,
  { serverImage }: Pick<ReconcileConfig, 'serverImage'>,
  { compared, parent }: Pick<Question, 'compared' | 'parent'>,
): object => {
  const { device, gpu, threads, batching, resources } = spec.serve ?? {}
  const named = (one: Candidate | undefined) =>
    one && { id: one.version.id, task: one.task, labels: one.labels }
  return {
    ...{ serverImage, device, gpu, threads, batching, resources },
    ...{ against: named(compared), parent: named(parent) },
  }
}

/** The version that serves, with the task and labels that its pods have: those in spec.model are meant for the new one. */
const serving = (
  { spec }: ModelDeployment,
  version: Measurable,
  configMaps: readonly LiveConfigMap[],
): Candidate => {
  const { task, labels } = presentInterpretation(configMaps, version.id) ?? spec.model
  return { version, task, labels }
}

/** The samples that judge a version: all but those that it was calibrated with. */
const partOf = (model: ModelDeployment, { optimization }: Version): Part =>
  optimization && !optimization.recipe.export && calibrationOf(model)?.isShared ? 'without' : undefined

/**
 * @param current the version to compare with
 * @param parent the one that it was made from
 */
export const questionOf = (
  { model, origin }: Pick<Targeted, 'model' | 'origin'>,
  config: Pick<ReconcileConfig, 'serverImage'>,
  {
    version,
    current,
    parent,
    configMaps,
  }: {
    readonly version: Version
    readonly current: Measurable | undefined
    readonly parent: Version | undefined
    readonly configMaps: readonly LiveConfigMap[]
  },
): Question | undefined => {
  const { evaluate } = model.spec
  if (!evaluate) return undefined
  const { task, labels } = ownInterpretation({ model, origin, configMaps }, version)
  const candidate = { version, task, labels }
  const compared = current && serving(model, current, configMaps)
  const others = { compared, parent: parent && { version: parent, task, labels } }
  const part = partOf(model, version)
  const hashes = [asked(candidate, evaluate, part), setup(model, config, others)]
  const measurement = hashes.map((one) => fingerprint(one, hashLength)).join('-')
  return { evaluate, candidate, ...others, part, measurement }
}

const askedPart = (measurement: string): string => measurement.slice(0, hashLength)

/** Whether a version was measured just so: the same question, the same server and the same version beside it. */
export const isAnswered = ({ measurement, candidate }: Question): boolean =>
  candidate.version.evaluation?.measurement === measurement

/** Whether a version was measured on this question, be it by another server or beside another version. */
export const isAnsweredBefore = ({ measurement, candidate }: Question): boolean =>
  askedPart(candidate.version.evaluation?.measurement ?? '') === askedPart(measurement)
