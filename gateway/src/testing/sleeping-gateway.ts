/** A process of its own with a gateway whose models sleep: its memory is that of the gateway alone. */
import { serve } from '../serve.ts'

const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

const gateway = await serve(
  {
    ...{ host: '127.0.0.1', port: 0, probePort: 0, allowedHosts: [], accessLog: false },
    ...{ maxConnections: 4096, maxBodyBytes: 2 ** 20 },
    holding: { requests: 1000, bytes: 2 ** 26, ms: 60_000 },
  },
  { log: silent, nowMs: () => performance.now(), instance: 'gateway-1', startedAt: '2026-11-26T10:00:00Z' },
)
gateway.directory.apply(
  ['one', 'other'].map((name) => ({
    ...{ namespace: 'shop', name, timeoutMs: 30_000, endpoints: [] },
    sleep: { mayBeWoken: true },
  })),
)
const residentBytes = (): number => {
  globalThis.gc?.()
  return process.memoryUsage.rss()
}
process.on('message', () => process.send?.({ residentBytes: residentBytes() }))
process.send?.({ port: gateway.port, probePort: gateway.probePort })
