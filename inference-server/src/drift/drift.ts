/** The drift of one version: its reference against what is asked now, or the recording of a reference. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isDriftReference } from '@gantry/contract/documents.ts'
import {
  type DriftFeature,
  type DriftMode,
  type DriftReference,
  driftReferenceFile,
} from '@gantry/contract/drift.ts'
import type { ServedModel } from '@gantry/contract/server.ts'
import { StartError } from '../failures/errors.ts'
import { readJson } from '../models/config-files.ts'
import type { Log } from '../process/log.ts'
import type { LoadedTask } from '../tasks/task.ts'
import type { Signature } from '../tensors/tensor.ts'
import type { Feature } from './features.ts'
import { createJudgement, type Judged } from './judgement.ts'
import { allFeatures, modelFeatures } from './model-features.ts'
import { createObserver, type Observer } from './observer.ts'
import { createPick } from './picking.ts'
import { createRecorder } from './recorder.ts'
import { createWindow } from './window.ts'

export interface Drift {
  /** Undefined where nothing is looked at. */
  readonly observer?: Observer
  /** Whether the version has a reference that cannot be used. */
  readonly isUnusable?: true
  /** What the server says of it, be it why the reference is refused; and the figures of all features. */
  readonly state?: () => NonNullable<ServedModel['drift']>
  readonly judged?: () => readonly Judged[]
  /** Ends the recording. @returns undefined where too few rows came */
  readonly reference?: () => DriftReference | undefined
}

export interface DriftOptions {
  readonly mode: DriftMode
  /** Folder of the version. */
  readonly dir: string
  readonly signature: Signature
  readonly task: LoadedTask | undefined
  readonly log: Log
  readonly nowMs: () => number
  readonly random?: () => number
}

type Known = Pick<Feature, 'name' | 'kind'>

const isWhole = (feature: DriftFeature): boolean => {
  const { kind, edges = [], counts = [], values = [], least, most, mean, samples, variance } = feature
  const hasRows = counts.some((count) => count > 0)
  switch (kind) {
    case 'vector':
      return mean !== undefined && samples !== undefined && variance !== undefined
    case 'category':
      return counts.length === values.length && hasRows
    case 'number': {
      const isAscending = edges.every((edge, at) => at === 0 || edge > (edges[at - 1] as number))
      const isBounded = least !== undefined && most !== undefined
      return counts.length === edges.length + 1 && hasRows && isAscending && isBounded
    }
  }
}

/** Why a reference is not one of the model, or cannot be counted in; undefined where it is. */
const misfitOf = ({ features }: DriftReference, known: readonly Known[]): string | undefined => {
  const seen = new Set<string>()
  for (const feature of features) {
    const { name, kind } = feature
    if (seen.has(name)) return `feature "${name}" is there twice`
    seen.add(name)
    if (!known.some((one) => one.name === name && one.kind === kind))
      return `the model has no feature "${name}" of kind ${kind}`
    if (!isWhole(feature)) return `feature "${name}" is not whole`
  }
  return undefined
}

/** A file of 64 vectors of 4,096 members each is smaller. */
const mostMiB = 8

const checkFile = async (path: string): Promise<void> => {
  const found = await stat(path).catch(() => undefined)
  if (found && !found.isFile()) throw new StartError(`${driftReferenceFile} is no file`)
  if (found && found.size > mostMiB * 2 ** 20)
    throw new StartError(`${driftReferenceFile} has more than ${mostMiB} MiB`)
}

/** @returns undefined where there is none @throws StartError where it does not fit */
const readReference = async (
  { dir }: Pick<DriftOptions, 'dir'>,
  known: readonly Known[],
): Promise<DriftReference | undefined> => {
  await checkFile(join(dir, driftReferenceFile))
  const found = await readJson(dir, driftReferenceFile)
  if (found === undefined) return undefined
  if (!isDriftReference(found))
    throw new StartError(`${driftReferenceFile} is no reference of this version of the server`)
  const misfit = misfitOf(found, known)
  if (misfit !== undefined) throw new StartError(`${driftReferenceFile} belongs to another model: ${misfit}`)
  return found
}

const recording = (options: DriftOptions): Drift => {
  const { signature, task, random = Math.random } = options
  const features = modelFeatures(signature, task, random)
  const recorder = createRecorder(allFeatures(features), random)
  let isOver = false
  const everyRow = (rows: number): readonly number[] => Array.from({ length: rows }, (_, at) => at)
  return {
    observer: createObserver(features, everyRow, () => (isOver ? undefined : recorder)),
    reference: () => {
      isOver = true
      return recorder.reference()
    },
  }
}

/** Of the model, only what the reference has is looked at. */
const comparing = (options: DriftOptions, reference: DriftReference): Drift => {
  const { signature, task, nowMs, random = Math.random } = options
  const all = modelFeatures(signature, task, random)
  const known = <From>(features: readonly Feature<From>[]): readonly Feature<From>[] =>
    features.filter(({ name }) => reference.features.some((one) => one.name === name))
  const features = {
    inputs: known(all.inputs),
    outputs: known(all.outputs),
    prepared: known(all.prepared),
    results: known(all.results),
  }
  const ordered = allFeatures(features).flatMap(
    ({ name }) => reference.features.find((one) => one.name === name) ?? [],
  )
  const compared = { ...reference, features: ordered }
  const window = createWindow(compared, nowMs)
  const judgement = createJudgement(compared, window, () => new Date())
  return {
    observer: createObserver(features, createPick(nowMs, random), () => window),
    state: judgement.state,
    judged: judgement.judged,
  }
}

/** A reference that cannot be used is told, and the version is served without it. */
export const openDrift = async (options: DriftOptions): Promise<Drift> => {
  const { mode, signature, task, log } = options
  if (mode === 'off') return {}
  if (mode === 'record') return recording(options)
  try {
    const known = allFeatures(modelFeatures(signature, task, Math.random))
    const reference = await readReference(options, known)
    return reference ? comparing(options, reference) : {}
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    log.warn('the reference for drift cannot be used, so drift is not measured; evaluate the version again', {
      reason: error.message,
    })
    const state = { samples: 0, enough: false, features: [], unusable: error.message }
    return { isUnusable: true, state: () => state }
  }
}
