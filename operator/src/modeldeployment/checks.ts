/** Why a model does not meet its spec: two ordered lists of checks. The first finding of each list is reported. */

import type { Finding } from '../runtime/finding.ts'
import { canaryPodStuck, canaryRejected, canaryStarved, gatewayMissing, tooFewPods } from './checks/canary.ts'
import type { Blocker, Check } from './checks/check.ts'
import { filesDamaged } from './checks/custody.ts'
import { beyondLimit, notMeasured, winnerAwaited } from './checks/evaluation.ts'
import {
  importFailed,
  importFailedBefore,
  importPodRefused,
  importPodStuck,
  versionUnknown,
} from './checks/import.ts'
import { notOptimized, worseThanParent } from './checks/optimizing.ts'
import { podTemplateNotAllowed } from './checks/pod-template.ts'
import { tooManyReplicas } from './checks/replicas.ts'
import { rolloutPaused, rolloutTimedOut, serverPodRefused, serverPodStuck } from './checks/serving.ts'
import { fileSourceNotAllowed, importAccountNotAllowed, unsafePath } from './checks/source.ts'
import { claimLost, volumeEnding, volumeLost, volumeUnbound } from './checks/volume.ts'
import type { ReconcileConfig } from './config.ts'
import type { Observed } from './observe.ts'

/** Checks that run before acting: where one of them finds something, acting on spec would be wrong, and all objects stay as they are. */
const blockers: readonly Blocker[] = [
  tooManyReplicas,
  podTemplateNotAllowed,
  importAccountNotAllowed,
  fileSourceNotAllowed,
  unsafePath,
]

/** Checks in the order of causes: what an earlier one finds explains what a later one would. */
const obstacles: readonly Check[] = [
  volumeLost,
  volumeEnding,
  claimLost,
  volumeUnbound,
  versionUnknown,
  winnerAwaited,
  importFailed,
  importPodRefused,
  importPodStuck,
  importFailedBefore,
  notOptimized,
  notMeasured,
  worseThanParent,
  beyondLimit,
  gatewayMissing,
  tooFewPods,
  canaryRejected,
  canaryPodStuck,
  canaryStarved,
  serverPodRefused,
  serverPodStuck,
  rolloutTimedOut,
  filesDamaged,
  rolloutPaused,
]

const first = (findings: readonly (Finding | undefined)[]): Finding | undefined =>
  findings.find((finding) => finding !== undefined)

export const firstBlocker = (observed: Observed, config: ReconcileConfig): Finding | undefined =>
  first(blockers.map((check) => check(observed, config)))

export const firstObstacle = (observed: Observed): Finding | undefined =>
  first(obstacles.map((check) => check(observed)))
