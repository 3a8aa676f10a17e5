/**
 * How far an import is, from the last lines of its pod's log: import pods accept no connections. The program of the pod is ours, but its log is
 * read as any other that others may write to.
 */
import { isImportProgress } from '@gantry/contract/documents.ts'
import { type ImportProgress, progressLine } from '@gantry/contract/importing.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import { isObject } from '@gantry/kube/json-object.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import { TooLarge } from '@gantry/kube/transport.ts'

/** Time between looks at one import, and so between writes of its progress. */
export const progressIntervalMs = 10_000

/** An import writes a line every five seconds, and few others. */
const tailLines = 20
const limitBytes = 64 * 1024

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The last progress that a log tells of. */
export const progressIn = (log: string): ImportProgress | undefined => {
  const line = log.split('\n').findLast((text) => text.includes(progressLine))
  const entry = line === undefined ? undefined : parsed(line)
  if (!isObject(entry) || entry['message'] !== progressLine || !isImportProgress(entry)) return undefined
  const { bytes, totalBytes } = entry
  return { bytes, ...(totalBytes === undefined ? {} : { totalBytes }) }
}

const read = async (kube: Pick<Kube, 'log'>, { metadata }: LivePod): Promise<ImportProgress | undefined> => {
  try {
    return progressIn(await kube.log(metadata.namespace ?? '', metadata.name, { tailLines, limitBytes }))
  } catch (error) {
    // A container that has only begun has no log yet.
    if (!(error instanceof ApiError || error instanceof TooLarge)) throw error
    return undefined
  }
}

interface Entry {
  readonly atMs: number
  readonly progress: ImportProgress | undefined
}

/** What was read last, so that passes for other reasons neither ask more often nor write other figures. */
export interface ProgressBook {
  /** @param pod of an import that runs */
  readonly of: (kube: Pick<Kube, 'log'>, pod: LivePod) => Promise<ImportProgress | undefined>
}

/** @param now milliseconds since the epoch */
export const createProgressBook = (now: () => number): ProgressBook => {
  const entries = new Map<string, Entry>()

  const of: ProgressBook['of'] = async (kube, pod) => {
    const atMs = now()
    const { uid = '' } = pod.metadata
    const known = entries.get(uid)
    if (known && atMs - known.atMs < progressIntervalMs) return known.progress
    for (const [other, entry] of entries)
      if (atMs - entry.atMs > 10 * progressIntervalMs) entries.delete(other)
    const progress = (await read(kube, pod)) ?? known?.progress
    entries.set(uid, { atMs, progress })
    return progress
  }
  return { of }
}
