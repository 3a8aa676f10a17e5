import { createClaims } from '../claims.ts'
import type { Clock } from '../clock.ts'
import type { Kube } from '../kubernetes.ts'
import type { Log } from '../log.ts'
import { ModelDeployment } from '../resources.ts'

export const silentLog: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

/** Claims of one release on the models of a test. */
export const testClaims = (
  kube: Kube,
  {
    now = Date.now,
    manager = 'gantry-system/gantry',
    holdsLease = true,
    log = silentLog,
  }: { now?: Clock['now']; manager?: string; holdsLease?: boolean; log?: Log } = {},
) =>
  createClaims({
    ...{ kube, log, manager, holdsLease, resource: ModelDeployment },
    clock: { now, elapsed: now },
  })
