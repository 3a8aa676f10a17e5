/** What the gateways of the installation tell of models that may sleep. */
import { isDemand } from '@gantry/contract/documents.ts'
import { activityOnly, type Demand, gatewayPaths, gatewayPorts } from '@gantry/contract/gateway.ts'
import { askPod } from '../runtime/pod-http.ts'

export interface Told {
  /** Number of the gateways, starting and ending ones too. */
  readonly gateways: number
  /** Number of those that have an address. */
  readonly running: number
  readonly answers: readonly Pick<Demand, 'instance' | 'activity' | 'tls'>[]
}

/** A gateway on the same cluster answers within milliseconds; one on a node that is gone never does. */
const patienceMs = 1_000
/** A thousand models have fewer. */
const mostBytes = 1024 * 1024

/** A gateway that may hold requests. */
export interface HoldingPod {
  readonly name: string
  /** Empty while it has no address. */
  readonly ips: readonly string[]
}

/** Any user who may create pods in the operator's namespace may answer, so an answer of another form counts as none. */
const answerOf = async (name: string, ip: string, signal: AbortSignal): Promise<Told['answers']> => {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const question = {
      port: gatewayPorts.probes,
      path: `${gatewayPaths.demand}?${activityOnly}`,
      mostBytes,
    }
    const text = await askPod({ ip, secure: false }, question, deadline)
    const answer: unknown = text === undefined ? undefined : JSON.parse(text)
    return isDemand(answer) && answer.instance === name ? [answer] : []
  } catch {
    return []
  }
}

/** @param pods all gateways; undefined while they have not been listed @returns asks them; undefined where they are not known */
export const askActivity =
  (pods: () => readonly HoldingPod[] | undefined) =>
  async (signal: AbortSignal): Promise<Told | undefined> => {
    const gateways = pods()
    if (gateways === undefined) return undefined
    const asked = gateways.flatMap(({ name, ips: [ip] }) => (ip === undefined ? [] : [{ name, ip }]))
    const answers = await Promise.all(asked.map(({ name, ip }) => answerOf(name, ip, signal)))
    return { gateways: gateways.length, running: asked.length, answers: answers.flat() }
  }
