/** The session alone, in a process of its own: what no server around it can surpass. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { modelFolder } from '../models/folder.ts'
import type { ModelName } from '../models/rows.ts'
import { median } from '../report.ts'
import type { Load } from './wrk.ts'

export interface SessionAlone {
  /** Time from spawn to the end of the first run. */
  readonly coldMs: number
  readonly residentMb: number
  /** Latencies are those of a whole batch; the largest may be missing, where smaller ones took long. */
  readonly batches: readonly (Load & { readonly rows: number })[]
}

interface Effort {
  /** Intra-op threads of one session. */
  readonly threads: number
  /** Number of sessions that run side by side; 1 unless given. */
  readonly sessions?: number
  /** Duration of the measurement for each number of rows. */
  readonly seconds: number
  readonly rows: readonly number[]
}

const script = join(import.meta.dirname, '../server/raw.ts')

/** @throws Error when the process fails */
export const sessionAlone = async (name: ModelName, effort: Effort): Promise<SessionAlone> => {
  const folder = await modelFolder(name)
  const { threads, sessions = 1, seconds, rows } = effort
  const args = [name, folder, String(threads), String(sessions), String(seconds), rows.join(',')]
  const begunMs = performance.now()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let coldMs = 0
  let found = ''
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') coldMs = performance.now() - begunMs
    else found = line
  }
  if (found === '') throw new Error(`the session of ${name} ended without figures`)
  return { coldMs, ...(JSON.parse(found) as Omit<SessionAlone, 'coldMs'>) }
}

/** The batch that brings most rows per second, by the median of the runs: the best of noisy figures would be a lucky one. */
export const best = (runs: readonly SessionAlone[]): { readonly rows: number; readonly perSecond: number } =>
  (runs[0]?.batches ?? [])
    .map(({ rows }, place) => ({
      rows,
      perSecond: median(runs.flatMap(({ batches }) => batches[place]?.perSecond ?? [])),
    }))
    .reduce((most, batch) => (batch.perSecond > most.perSecond ? batch : most))
