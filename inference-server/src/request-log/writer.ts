/** Body of the thread that writes the request log, in the form of winston's lines: covers what is sensitive and waits for a slow sink, away from requests. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Declared } from '../requests/declared-names.ts'
import { readSecretFolder } from '../security/secret-folder.ts'
import { createConcealment } from './conceal.ts'
import { type Cover, coverOf, needsKeys } from './cover.ts'
import { batchEntries, type Entry, lineOf, type WriterOptions } from './entry.ts'
import { openSink } from './sink.ts'

/** Message from the server to the writer. */
export interface Batch {
  readonly entries: readonly Omit<Entry, 'declared'>[]
  /** Names that versions declare, new or changed since the batch before. */
  readonly declared: readonly (readonly [version: string, declared: Declared])[]
  /** Requests that were dropped since the last batch, for lack of room. */
  readonly dropped: number
}

/** Message from the writer to the server: the batch is written. */
export interface Written {
  readonly lines: number
  /** Why the present keys cannot be used; the former ones stay in use. */
  readonly trouble?: string
}

/** Delay before the writer asks for the next batch, milliseconds. */
const gatherMs = 10

/** How often the keys are read, milliseconds; the kubelet itself takes up to a minute. */
const lookMs = 5000

const currentCover = ({ mode, keys }: WriterOptions): (() => { cover?: Cover; trouble?: string }) => {
  if (!needsKeys(mode) || keys === undefined) return () => ({})
  let cover = coverOf(mode, readSecretFolder(keys))
  let trouble: string | undefined
  let lookedMs = performance.now()
  return () => {
    if (performance.now() - lookedMs < lookMs) return { cover, ...(trouble !== undefined && { trouble }) }
    lookedMs = performance.now()
    try {
      cover = coverOf(mode, readSecretFolder(keys))
      trouble = undefined
    } catch (error) {
      trouble = (error as Error).message
    }
    return { cover, ...(trouble !== undefined && { trouble }) }
  }
}

const droppedLine = (dropped: number) => ({
  level: 'warn',
  message: 'requests were not logged: the sink is too slow',
  timestamp: new Date().toISOString(),
  dropped,
})

const write = (options: WriterOptions): ((batch: Batch) => Written) => {
  const sink = openSink(options.path)
  const current = currentCover(options)
  const concealment = createConcealment(options)
  return ({ entries, declared, dropped }) => {
    const { cover, trouble } = current()
    for (const [version, names] of declared) concealment.declare(version, names)
    const told = dropped > 0 ? [droppedLine(dropped)] : []
    const lines = entries.map((entry) => ({
      level: 'info',
      message: 'request',
      ...lineOf(entry, options, cover && { cover, protocol: concealment.of(entry) }),
    }))
    // One text for all: a line by itself costs more to hand to the system than to make.
    sink([...told, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''))
    return { lines: entries.length, ...(trouble !== undefined && { trouble }) }
  }
}

// Nothing happens where it is imported for another reason than to be a thread.
if (parentPort) {
  const port = parentPort
  const take = write(workerData as WriterOptions)
  port.on('message', (batch: Batch) => {
    const written = take(batch)
    // Messages cost both threads more than short lines do: what comes meanwhile shares one.
    setTimeout(() => port.postMessage(written), written.lines < batchEntries ? gatherMs : 0)
  })
}
