/** Body of the thread that writes the request log: covers what is sensitive and waits for a slow sink, away from requests. */
import { parentPort, workerData } from 'node:worker_threads'
import winston from 'winston'
import { readSecretFolder } from '../secret-folder.ts'
import { type Cover, coverOf, needsKeys } from './conceal.ts'
import { type Entry, lineOf, type WriterOptions } from './entry.ts'
import { openStream } from './sink.ts'

/** From the server. */
export interface Batch {
  readonly entries: readonly Entry[]
  /** Requests since the last batch that there was no room for. */
  readonly dropped: number
}

/** To the server: the batch is written. */
export interface Written {
  readonly lines: number
  /** Keys that are there now cannot be used; the ones before are. */
  readonly trouble?: string
}

/** How often the keys are looked at; the kubelet itself takes up to a minute. */
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

const write = (options: WriterOptions): ((batch: Batch) => Written) => {
  const logger = winston.createLogger({
    level: 'info',
    format: winston.format.json(),
    transports: [new winston.transports.Stream({ stream: openStream(options.path) })],
  })
  const current = currentCover(options)
  return ({ entries, dropped }) => {
    const { cover, trouble } = current()
    if (dropped > 0)
      logger.warn('requests were not logged: the sink is too slow', {
        timestamp: new Date().toISOString(),
        dropped,
      })
    for (const entry of entries) logger.info('request', lineOf(entry, options, cover))
    return { lines: entries.length, ...(trouble !== undefined && { trouble }) }
  }
}

// Nothing happens where it is imported for another reason than to be a thread.
if (parentPort) {
  const port = parentPort
  const take = write(workerData as WriterOptions)
  port.on('message', (batch: Batch) => {
    const written = take(batch)
    setImmediate(() => port.postMessage(written))
  })
}
