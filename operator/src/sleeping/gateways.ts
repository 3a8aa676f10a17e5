/** What the gateways of the installation tell of models that may sleep. */
import { isDemand } from '@gantry/contract/documents.ts'
import { activityOnly, type Demand, gatewayPaths, gatewayPorts } from '@gantry/contract/gateway.ts'
import { gatewaySelector } from '@gantry/contract/labels.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import { isOver, type LivePod } from '@gantry/kube/live.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import { Pod } from '@gantry/kube/resources.ts'
import { askPod } from '../runtime/pod-http.ts'

export interface Told {
  /** Number of the gateways, starting and ending ones too. */
  readonly gateways: number
  /** Number of those that have an address. */
  readonly running: number
  readonly answers: readonly Pick<Demand, 'instance' | 'activity'>[]
}

/** A gateway on the same cluster answers within milliseconds; one on a node that is gone never does. */
const patienceMs = 1_000
/** A thousand models have fewer. */
const mostBytes = 1024 * 1024
/** Time for which the list of gateways holds. */
const listMs = 5_000

/** Any user who may create pods in the operator's namespace may answer, so an answer of another form counts as none. */
const answerOf = async ({ metadata, status }: LivePod, signal: AbortSignal): Promise<Told['answers']> => {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const question = {
      port: gatewayPorts.probes,
      path: `${gatewayPaths.demand}?${activityOnly}`,
      mostBytes,
    }
    const text = await askPod({ ip: status?.podIP ?? '', secure: false }, question, deadline)
    const answer: unknown = text === undefined ? undefined : JSON.parse(text)
    return isDemand(answer) && answer.instance === metadata.name ? [answer] : []
  } catch {
    return []
  }
}

/** @param namespace that of the installation @returns asks all gateways; it throws where they cannot be listed */
export const askActivity = (
  kube: Pick<Kube, 'list'>,
  clock: Pick<Clock, 'elapsed'>,
  namespace: string,
): ((signal: AbortSignal) => Promise<Told>) => {
  let pods: readonly LivePod[] = []
  let listedMs = Number.NEGATIVE_INFINITY
  return async (signal) => {
    if (clock.elapsed() - listedMs >= listMs) {
      pods = await kube.list<LivePod>(Pod, { namespace, labelSelector: gatewaySelector })
      listedMs = clock.elapsed()
    }
    const asked = pods.filter((pod) => !isOver(pod) && pod.status?.podIP)
    const answers = await Promise.all(asked.map((pod) => answerOf(pod, signal)))
    return { gateways: pods.length, running: asked.length, answers: answers.flat() }
  }
}
