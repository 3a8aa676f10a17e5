import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadConfig } from './config.ts'
import { usage } from './serve-options.ts'
import type { ServerConfig } from './server-config.ts'

/** What help says is the default of an option. */
const told = (option: string): string => {
  const [, text] =
    new RegExp(`^  --${option}\\b(?:(?!\\n  --)[^])*?\\(default: ([^ ,;)]+)`, 'm').exec(usage) ?? []
  return text ?? 'nothing'
}

describe('help tells the default that holds:', () => {
  const config = loadConfig(['--model', '/m'])
  assert.ok(config !== 'help')
  const holds: Readonly<Record<string, (given: ServerConfig) => unknown>> = {
    ...{ port: ({ port }) => port, 'grpc-port': ({ grpcPort }) => grpcPort, host: ({ host }) => host },
    ...{ device: ({ device }) => device, workers: ({ workers }) => workers, rows: ({ rows }) => rows },
    lanes: ({ lanes }) => (lanes ? 'auto' : 'off'),
    'inline-ms': ({ inlineMs }) => inlineMs,
    'max-rows': ({ limits }) => limits.maxRows,
    'max-delay-ms': ({ limits }) => limits.maxDelayMs,
    'max-queue': ({ limits }) => limits.maxQueue,
    'timeout-seconds': ({ limits }) => limits.timeoutMs / 1000,
    'max-body-mib': ({ maxBodyBytes }) => maxBodyBytes / 2 ** 20,
    'max-connections': ({ maxConnections }) => maxConnections,
    'drain-seconds': ({ drainMs }) => drainMs / 1000,
    'log-level': ({ logLevel }) => logLevel,
    'request-log': ({ requestLog }) => requestLog.mode,
    'request-log-sample-rate': ({ requestLog }) => requestLog.sampleRate,
  }
  for (const [option, of] of Object.entries(holds))
    test(option, () => assert.equal(told(option), String(of(config))))
})
