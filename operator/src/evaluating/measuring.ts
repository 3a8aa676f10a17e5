/** The evaluations that run now, as a person names them. */
import { components, labels } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import { isOver, isOwnedBy, type LivePod } from '@gantry/kube/live.ts'
import { Pod } from '@gantry/kube/resources.ts'

/** More names would not help, and the message stays short. */
const mostNamed = 3

const nameOf = ({ metadata }: LivePod): string => {
  const { [labels.evaluation]: evaluation, [labels.model]: model } = metadata.labels ?? {}
  const name = evaluation ?? model ?? metadata.name
  return `${metadata.namespace}/${name}`
}

/** Running evaluations of all namespaces that the operator watches, without those of one Job. */
export const runningEvaluations = (cache: Cache, ownJob: string | undefined): readonly string[] => {
  const others = cache
    .all<LivePod>(Pod)
    .filter(
      (pod) =>
        pod.metadata.labels?.[labels.component] === components.evaluate &&
        pod.spec?.nodeName !== undefined &&
        !isOver(pod) &&
        !isOwnedBy(pod, ownJob),
    )
  return [...new Set(others.map(nameOf))].sort().slice(0, mostNamed)
}
