/** Whether the version that spec asks for may be served, or has to be measured before. */
import type { LiveConfigMap, LiveDeployment } from '@gantry/kube/live.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import type { Finding } from '../../runtime/finding.ts'
import type { ReconcileConfig } from '../config.ts'
import { sizeOfMemoryRequest } from '../desired/resources.ts'
import type { Version } from '../model-deployment.ts'
import { type Proof, proofOf } from '../optimization/proof.ts'
import { currentOf, hasServed, type Targeted, type TargetVersion } from '../target.ts'
import { datasetRefusal } from './dataset-refusal.ts'
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

const asking = (question: Question, isMeasured: boolean, { hourlyCost, config, rest }: Known): Asked => ({
  question,
  isAnswered: isMeasured,
  hourlyCost: hourlyCost === 'pending' ? undefined : hourlyCost,
  refusal: datasetRefusal(question.evaluate.dataset, 'spec.evaluate.dataset', config) ?? rest,
  verdict:
    isMeasured && hourlyCost !== 'pending'
      ? judge(question.candidate.version, question.evaluate, hourlyCost)
      : undefined,
})

/** @param target what is to be served where nothing has to be measured before */
export const admit = (targeted: Targeted, target: TargetVersion, known: Known): Admission => {
  if (target.kind !== 'serve') return { target, asked: undefined, proof: undefined }
  const { version } = target
  const isAdmitted = hasServed(targeted, version)
  const current = isAdmitted ? undefined : currentOf(targeted)
  const compared = isAdmitted ? undefined : (current ?? unlisted(targeted.deployedVersion, known.deployment))
  const question = questionOf(targeted, known.config, {
    ...{ version, current: compared, configMaps: known.configMaps },
    parent: parentOf(targeted, version),
  })
  const isMeasured = question && (isAdmitted ? isAnsweredBefore(question) : isAnswered(question))
  const asked = question && asking(question, isMeasured ?? false, known)
  const proof = proofOf(targeted.model, version, asked)
  const isProven = (!asked || asked.verdict?.passed) && (!proof || proof.verdict?.passed)
  if (isAdmitted || isProven) return { target, asked, proof }
  return { target: { kind: 'evaluate', version, ...(current ? { current } : {}) }, asked, proof }
}

/** The version that spec.optimize made another from; undefined where spec optimizes nothing. */
const parentOf = ({ model, versions }: Targeted, { parent }: Version): Version | undefined =>
  model.spec.optimize && parent !== undefined
    ? versions.find(({ id, input }) => id === parent && !input)
    : undefined

/** What may be served now, and what is asked of it before. */
interface Admission {
  readonly target: TargetVersion
  readonly asked: Asked | undefined
  /** Undefined where the version was not optimized. */
  readonly proof: Proof | undefined
}
