/** What is told of each request: to the metrics, to the access log, and of failures to the log. */
import type { Log } from '@gantry/kube/log.ts'
import { plainAddress } from '../cluster/addresses.ts'
import { Failure } from '../failure.ts'
import type { Records } from '../proxy/call.ts'
import type { AccessLog } from './access-log.ts'
import type { Metrics } from './metrics.ts'

export interface RecordsOptions {
  readonly metrics: Metrics
  readonly accessLog: AccessLog | undefined
  readonly log: Log
  readonly nowMs: () => number
}

export const createRecords = ({ metrics, accessLog, log, nowMs }: RecordsOptions): Records => ({
  began: metrics.began,
  ended: (call, outcome) => {
    const ms = nowMs() - call.startedMs
    metrics.ended(call.served, outcome, ms)
    accessLog?.ended(call, outcome, ms)
  },
  refused: ({ method = '', url: path = '', socket }, failure, startedMs, error) => {
    const address = plainAddress(socket.remoteAddress ?? '')
    metrics.refused(failure.kind)
    accessLog?.refused({ address, method, path }, failure, nowMs() - startedMs)
    if (!(error instanceof Failure))
      log.error('a request failed inside the gateway', { error: (error as Error).stack })
  },
  ejected: (served, upstream) => {
    metrics.ejected(served)
    log.warn('an endpoint failed again and again, and gets no requests for a while', {
      model: served.key,
      endpoint: upstream.authority,
      track: upstream.track,
      failures: upstream.failures,
    })
  },
})
