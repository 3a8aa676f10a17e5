/** The session alone, in a process of its own: what no server around it can surpass. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { modelFolder } from '../models/folder.ts'
import type { ModelName } from '../models/rows.ts'
import type { Load } from './wrk.ts'

export interface SessionAlone {
  /** From spawn to the end of the first run. */
  readonly coldMs: number
  readonly residentMb: number
  /** Latencies are those of a whole batch. */
  readonly batches: readonly (Load & { readonly rows: number })[]
}

interface Effort {
  readonly threads: number
  /** For each number of rows. */
  readonly seconds: number
  readonly rows: readonly number[]
}

const script = join(import.meta.dirname, '../server/raw.ts')

/** @throws Error when the process fails */
export const sessionAlone = async (name: ModelName, effort: Effort): Promise<SessionAlone> => {
  const folder = await modelFolder(name)
  const args = [name, folder, String(effort.threads), String(effort.seconds), effort.rows.join(',')]
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

/** The number of rows that brings most rows per second. */
export const best = ({ batches }: SessionAlone): SessionAlone['batches'][number] => {
  const [first, ...others] = batches
  if (!first) throw new Error('nothing was measured')
  return others.reduce((most, batch) => (batch.perSecond > most.perSecond ? batch : most), first)
}
