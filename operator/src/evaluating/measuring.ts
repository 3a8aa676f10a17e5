/** The evaluations that run now, as a person names them. */
import { components, labels } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import { isOver, isOwnedBy, type LivePod } from '@gantry/kube/live.ts'
import { Pod } from '@gantry/kube/resources.ts'

export interface Measuring {
  /** Each is NAMESPACE/NAME; they are in alphabetical order. */
  readonly names: readonly string[]
  /** How many nodes they have. */
  readonly nodes: number
}

export const nothingMeasured: Measuring = { names: [], nodes: 0 }

const nameOf = ({ metadata }: LivePod): string => {
  const { [labels.evaluation]: evaluation, [labels.model]: model } = metadata.labels ?? {}
  const name = evaluation ?? model ?? metadata.name
  return `${metadata.namespace}/${name}`
}

/** Running evaluations of all namespaces that the operator watches, without those of one Job. */
export const runningEvaluations = (cache: Cache, ownJob: string | undefined): Measuring => {
  const others = cache
    .all<LivePod>(Pod)
    .filter(
      (pod) =>
        pod.metadata.labels?.[labels.component] === components.evaluate &&
        pod.spec?.nodeName !== undefined &&
        !isOver(pod) &&
        !isOwnedBy(pod, ownJob),
    )
  return {
    names: [...new Set(others.map(nameOf))].sort(),
    nodes: new Set(others.map(({ spec }) => spec?.nodeName)).size,
  }
}
