/** A candidate that is served and has answered every sample. */
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { isDriftReference } from '@gantry/contract/documents.ts'
import { type DriftReference, driftReferencePath } from '@gantry/contract/drift.ts'
import type { CandidateReport, EvaluationCandidate } from '@gantry/contract/evaluation.ts'
import type { Dataset } from '../datasets/sample.ts'
import type { CandidateFolder } from './candidate-folder.ts'
import type { Evaluation } from './evaluation.ts'
import type { LoadFigures } from './load/figures.ts'
import { hardwareOf } from './machine/hardware.ts'
import { type MeasuredAccuracy, measureAccuracy } from './measured-accuracy.ts'
import { type Lease, lease, type Room } from './serving/server-lease.ts'
import { startServer } from './serving/server-process.ts'

export interface Answered extends MeasuredAccuracy {
  readonly candidate: EvaluationCandidate
  readonly folder: CandidateFolder
  readonly lease: Lease
  /** The reference for drift, where it was asked for. */
  readonly reference?: DriftReference
  /** Time that is left for its load. */
  readonly leftMs: number
}

/** Share of a candidate's time in which it has to be ready and to have answered all samples. */
const accuracyShare = 0.7

export interface Given {
  readonly dataset: Dataset
  readonly room: Room
  /** Time for the candidate. */
  readonly budgetMs: number
}

/** Ends the recording. @returns undefined where the samples were too few */
const readReference = async (port: number, signal: AbortSignal): Promise<DriftReference | undefined> => {
  const response = await fetch(`http://127.0.0.1:${port}${driftReferencePath}`, { signal })
  const reference: unknown = await response.json()
  return isDriftReference(reference) ? reference : undefined
}

/** Serves a candidate and asks it every sample. Its server stays where there is room. @throws CandidateError, StartError */
export const answerAll = async (
  { request, workspace, env, signal, servers, nowMs, leavesReference, onProgress }: Evaluation,
  candidate: EvaluationCandidate,
  folder: CandidateFolder,
  { dataset, room, budgetMs }: Given,
): Promise<Answered> => {
  const startedMs = nowMs()
  const own = await mkdtemp(join(workspace, 'server-')) // a candidate may have the name of any folder that is there
  const loadLimitMs = budgetMs * accuracyShare
  let records = leavesReference(candidate.name)
  const held = lease(
    () =>
      startServer({
        ...{ candidate, folder: folder.dir, workspace: own },
        ...{ serving: request, env, loadLimitMs, signal, servers, records },
      }),
    room,
  )
  try {
    const server = await held.server()
    const measured = await measureAccuracy({
      ...{ candidate, dir: folder.dir, server, dataset, request },
      ...{ untilMs: startedMs + loadLimitMs, nowMs, signal },
      onProgress: (done, all) => onProgress({ candidate: candidate.name, step: 'accuracy', done, all }),
    })
    const reference = records ? await readReference(server.port, signal) : undefined
    records = false // a server of the load has no more to record
    room.note(await held.peakMemoryBytes())
    await held.rest()
    return {
      ...measured,
      ...(reference && { reference }),
      candidate,
      folder,
      lease: held,
      leftMs: budgetMs - (nowMs() - startedMs),
    }
  } catch (error) {
    await held.close()
    throw error
  }
}

/** What a reader of the metrics should know, and why some of the task have no value. */
const remarksOf = ({ remarks, undefinedMetrics }: MeasuredAccuracy['accuracy']): string[] => [
  ...remarks,
  ...Object.entries(undefinedMetrics).map(([name, why]) => `${name} has no value: ${why}`),
]

/** @param one after its load, which takes more memory than single samples do */
export const reportOf = async (
  { machine }: Pick<Evaluation, 'machine'>,
  one: Answered,
  { latencies, rounds, ...load }: LoadFigures,
): Promise<CandidateReport> => {
  const { candidate, folder, lease: held, accuracy, accelerator, loadMs } = one
  const { metrics, intervals, confusion, perClass, mistakes } = accuracy
  const remarks = remarksOf(accuracy)
  const { name, task } = candidate
  const { digest, sizeBytes } = folder
  return {
    measurement: {
      ...{ name, task, digest, sizeBytes },
      metrics: { ...metrics },
      intervals: { ...intervals },
      performance: { ...load, loadMs, peakMemoryBytes: await held.peakMemoryBytes() },
      hardware: hardwareOf(machine, accelerator),
    },
    ...(remarks.length > 0 && { remarks }),
    ...(confusion && { confusion }),
    ...(perClass && { perClass }),
    ...{ latencies, rounds, mistakes },
  }
}
