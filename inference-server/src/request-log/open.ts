import { Worker } from 'node:worker_threads'
import type { RequestLogConfig } from '../config/server-config.ts'
import type { Log } from '../process/log.ts'
import { readSecretFolder } from '../security/secret-folder.ts'
import { coverOf, needsKeys } from './cover.ts'
import type { WriterOptions } from './entry.ts'
import { createRequestLog, type RequestLog, type Writer } from './request-log.ts'
import { trySink } from './sink.ts'

/**
 * The request log of one model, with its thread.
 * @throws StartError where the mode needs keys and there is no usable one, or its file cannot be written
 */
export const openRequestLog = (
  { mode, keys, sampleRate, sensitiveFields, path }: RequestLogConfig,
  { name, version }: { readonly name: string; readonly version: string | undefined },
  log: Log,
): RequestLog => {
  // Tried here, where it can still be said why the server does not start; the thread reads them again.
  if (needsKeys(mode) && keys !== undefined) coverOf(mode, readSecretFolder(keys))
  if (path !== undefined) trySink(path)
  const workerData: WriterOptions = { mode, keys, sensitiveFields, model: name, version, path }
  return createRequestLog({
    sampleRate,
    contents: mode !== 'metadata',
    spawn: () => new Worker(new URL('./writer.ts', import.meta.url), { workerData }) as Writer,
    log,
  })
}
