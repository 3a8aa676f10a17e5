/** Whether the version that spec asks for may be served, or has to be measured before. */
import type { LiveConfigMap, LiveDeployment } from '@gantry/kube/live.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { leadsOutOfClaim } from '../../pods/source.ts'
import type { Finding } from '../../runtime/finding.ts'
import type { ReconcileConfig } from '../config.ts'
import { sizeOfMemoryRequest } from '../desired/resources.ts'
import type { Version } from '../model-deployment.ts'
import { currentOf, type Targeted, type TargetVersion } from '../target.ts'
import { type HourlyCost, judge, type Verdict } from './judge.ts'
import { isAnswered, isAnsweredBefore, type Measurable, type Question, questionOf } from './question.ts'

/** What spec.evaluate asks of the version that spec asks for. */
export interface Asked {
  readonly question: Question
  readonly isAnswered: boolean
  /** Undefined while it is not measured, or while its cost is being looked up. */
  readonly verdict: Verdict | undefined
  readonly hourlyCost: HourlyCost
  /** Why nothing is measured now: the data may not be read, or the pod has given its node to others for a moment. */
  readonly refusal: Finding | undefined
}

/** Whether its pods were made before: what has served once needs no permission to serve again. */
const wasAdmitted = (
  { model, deployedVersion }: Pick<Targeted, 'model' | 'deployedVersion'>,
  { id, firstServedAt }: Version,
): boolean => firstServedAt !== undefined || id === deployedVersion || id === model.status?.activeVersion

/**
 * The version that pods are made for although status does not list it, as after somebody cleared the status: it serves, so that
 * a new version is compared with it all the same. Its size is what its pods ask for.
 */
const unlisted = (id: string | undefined, deployment: LiveDeployment | undefined): Measurable | undefined => {
  if (id === undefined) return undefined
  const [server] = deployment?.spec?.template?.spec?.containers ?? []
  const request = parseQuantity(server?.resources?.requests?.['memory'] ?? '0') ?? 0
  return { id, sizeBytes: sizeOfMemoryRequest(request) }
}

interface Known {
  readonly config: Pick<ReconcileConfig, 'serverImage' | 'allowFileSources'>
  readonly configMaps: readonly LiveConfigMap[]
  /** The Deployment that serves. */
  readonly deployment: LiveDeployment | undefined
  /** Why the evaluation rests. */
  readonly rest: Finding | undefined
  /** Cost of the pods with the version that spec asks for; `pending` while prices are being read. */
  readonly hourlyCost: HourlyCost | 'pending'
}

/** Data that a pod must not read. Nothing is measured then, and everything else goes on. */
const refusalOf = (
  { evaluate: { dataset } }: Question,
  { allowFileSources }: Known['config'],
): Finding | undefined => {
  if (dataset.uri?.startsWith('file:') && !allowFileSources) {
    return {
      reason: 'DatasetNotAllowed',
      message:
        'spec.evaluate.dataset.uri is a file:// path of the pod that measures, which this operator does not allow. Use https://, pvc:// or configMapRef, or install the operator with the chart value allowFileSources: true.',
      retry: 'never',
    }
  }
  if (!leadsOutOfClaim(dataset)) return undefined
  return {
    reason: 'UnsafePath',
    message: 'spec.evaluate.dataset.uri leads out of its claim with "..". Name a path inside the claim.',
    retry: 'never',
  }
}

const asking = (question: Question, isMeasured: boolean, { hourlyCost, config, rest }: Known): Asked => ({
  question,
  isAnswered: isMeasured,
  hourlyCost: hourlyCost === 'pending' ? undefined : hourlyCost,
  refusal: refusalOf(question, config) ?? rest,
  verdict:
    isMeasured && hourlyCost !== 'pending'
      ? judge(question.candidate.version, question.evaluate, hourlyCost)
      : undefined,
})

/** @param target what is to be served where nothing has to be measured before */
export const admit = (
  targeted: Targeted,
  target: TargetVersion,
  known: Known,
): { readonly target: TargetVersion; readonly asked: Asked | undefined } => {
  if (target.kind !== 'serve') return { target, asked: undefined }
  const { version } = target
  const isAdmitted = wasAdmitted(targeted, version)
  const current = isAdmitted ? undefined : currentOf(targeted)
  const compared = isAdmitted ? undefined : (current ?? unlisted(targeted.deployedVersion, known.deployment))
  const question = questionOf(targeted, known.config, {
    ...{ version, current: compared, configMaps: known.configMaps },
  })
  if (!question) return { target, asked: undefined }
  const asked = asking(question, isAdmitted ? isAnsweredBefore(question) : isAnswered(question), known)
  if (isAdmitted || asked.verdict?.passed) return { target, asked }
  return { target: { kind: 'evaluate', version, ...(current ? { current } : {}) }, asked }
}
