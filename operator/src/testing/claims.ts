import type { Clock } from '@gantry/kube/clock.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube, Resource } from '@gantry/kube/objects.ts'
import { ModelDeployment } from '../modeldeployment/resources.ts'
import { createClaims } from '../runtime/claims.ts'

export const silentLog: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

/** The release of tests that have only one. */
export const testManager = 'gantry-system/gantry'

/** Claims of one release on the models of a test. */
export const testClaims = (
  kube: Kube,
  {
    now = Date.now,
    manager = testManager,
    holdsLease = true,
    log = silentLog,
    resource = ModelDeployment,
  }: {
    now?: Clock['now']
    manager?: string
    holdsLease?: boolean
    log?: Log
    resource?: Resource
  } = {},
) =>
  createClaims({
    ...{ kube, log, manager, holdsLease, resource },
    clock: { now, elapsed: now },
  })
