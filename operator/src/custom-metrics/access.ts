/** Whether a caller may read a metric: asked of the API server by a SubjectAccessReview, and remembered for some seconds. */
import type { Clock } from '@gantry/kube/clock.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { SubjectAccessReview } from '@gantry/kube/resources.ts'
import { group, type MetricAddress } from './address.ts'
import type { User } from './front-proxy.ts'

/** @returns a sentence of the authorizer where it may not */
export type Access = (user: User, address: MetricAddress) => Promise<true | string>

/** Servers of APIs that come with Kubernetes keep such answers as long. */
const rememberedMs = 10_000
/** Autoscalers are one caller with a question for each model; beyond it the oldest answer is forgotten. */
const mostRemembered = 4096

interface Review extends KubernetesObject {
  readonly status?: { readonly allowed?: boolean; readonly reason?: string }
}

const attributesOf = ({ version, namespace, pod, metric }: MetricAddress) => ({
  ...{ group, version, verb: 'get', namespace },
  ...{ resource: 'pods', subresource: metric, name: pod },
})

export const createAccess = (kube: Pick<Kube, 'create'>, clock: Pick<Clock, 'elapsed'>): Access => {
  const answers = new Map<string, { readonly atMs: number; readonly answer: Promise<true | string> }>()

  const review = async (user: User, address: MetricAddress): Promise<true | string> => {
    const { apiVersion, kind } = SubjectAccessReview
    const spec = { ...user, resourceAttributes: attributesOf(address) }
    const { status } = await kube.create<Review>(SubjectAccessReview, {
      ...{ apiVersion, kind, metadata: { name: '' }, spec },
    })
    if (status?.allowed === true) return true
    const { namespace, pod, metric } = address
    const why = status?.reason ? `: ${status.reason}` : ''
    return `${user.user} may not get pods/${metric} of ${pod === '*' ? 'the pods' : pod} in namespace ${namespace} (API group ${group})${why}`
  }

  return async (user, address) => {
    const key = JSON.stringify([user, attributesOf(address)])
    const known = answers.get(key)
    if (known && clock.elapsed() - known.atMs < rememberedMs) return known.answer
    answers.delete(key)
    const [oldest] = answers.size < mostRemembered ? [] : answers.keys()
    if (oldest !== undefined) answers.delete(oldest)
    const answer = review(user, address)
    answers.set(key, { atMs: clock.elapsed(), answer })
    // A question that failed is asked again.
    answer.catch(() => answers.delete(key))
    return answer
  }
}
