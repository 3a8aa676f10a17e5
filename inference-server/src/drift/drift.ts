/** The drift of one version: its reference against what is asked now, or the recording of a reference. */
import { isDriftReference } from '@gantry/contract/documents.ts'
import { type DriftMode, type DriftReference, driftReferenceFile } from '@gantry/contract/drift.ts'
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

/** Why a reference is not one of the model, or cannot be counted in; undefined where it is. */
const misfitOf = ({ features }: DriftReference, known: readonly Known[]): string | undefined => {
  const seen = new Set<string>()
  for (const { name, kind, edges = [], counts = [], values = [], mean } of features) {
    if (seen.has(name)) return `feature "${name}" is there twice`
    seen.add(name)
    if (!known.some((one) => one.name === name && one.kind === kind))
      return `the model has no feature "${name}" of kind ${kind}`
    const isWhole =
      kind === 'vector'
        ? mean !== undefined
        : counts.length === (kind === 'number' ? edges.length + 1 : values.length)
    const isAscending = edges.every((edge, at) => at === 0 || edge > (edges[at - 1] as number))
    const hasRows = kind === 'vector' || counts.some((count) => count > 0)
    if (!isWhole || !isAscending || !hasRows) return `feature "${name}" is not whole`
  }
  return undefined
}

/** @returns undefined where there is none, or none that fits */
const readReference = async (
  { dir }: Pick<DriftOptions, 'dir'>,
  known: readonly Known[],
): Promise<DriftReference | undefined> => {
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
  const window = createWindow(ordered, nowMs)
  const judgement = createJudgement({ ...reference, features: ordered }, window, () => new Date())
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
