/** All checks, in the order in which a reader needs them. A new one is a line here. */
import type { Session } from '../cluster/session.ts'
import { gpuCheck, metricsCheck, storageCheck, versionCheck } from './cluster.ts'
import { definitionCheck } from './definitions.ts'
import type { Check, Finding } from './finding.ts'
import { pricesCheck } from './prices.ts'
import { findReleases, managerCheck, operatorCheck, releaseCheck } from './releases.ts'
import { rightsCheck } from './rights.ts'

const checks: readonly Check[] = [
  versionCheck,
  definitionCheck,
  releaseCheck,
  operatorCheck,
  managerCheck,
  rightsCheck,
  storageCheck,
  metricsCheck,
  gpuCheck,
  pricesCheck,
]

/** @throws where the API server does not answer */
export const examine = async (session: Session): Promise<readonly Finding[]> => {
  const examined = { session, releases: await findReleases(session) }
  const found = await Promise.all(checks.map((check) => check(examined)))
  return found.flat()
}
