import type { Amounts } from '@gantry/evaluation/hourly-cost.ts'
import type { ContainerResources, LivePod } from '@gantry/kube/live.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'

type Spec = NonNullable<LivePod['spec']>

const amountsOf = (quantities: Spec['overhead'] = {}): Amounts =>
  Object.fromEntries(
    Object.entries(quantities).map(([name, quantity]) => [name, parseQuantity(quantity) ?? 0]),
  )

/** The API server gives a container its limits as requests where it has none of its own. */
const requestsOf = ({ requests, limits }: ContainerResources = {}): Amounts =>
  amountsOf({ ...limits, ...requests })

const combine = (a: Amounts, b: Amounts, choose: (a: number, b: number) => number): Amounts =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [
      name,
      choose(a[name] ?? 0, b[name] ?? 0),
    ]),
  )

const plus = (a: Amounts, b: Amounts): Amounts => combine(a, b, (left, right) => left + right)

/**
 * What the scheduler sets aside for a pod: its containers and sidecars together, or, where that is more, one of the init
 * containers with the sidecars that run by then; and the overhead of its RuntimeClass. Requests of the pod as a whole take the
 * place of those of its containers, resource by resource.
 */
export const podRequests = ({ containers = [], initContainers = [], resources, overhead }: Spec): Amounts => {
  let sidecars: Amounts = {}
  let beginning: Amounts = {}
  for (const { restartPolicy, resources: asked } of initContainers) {
    const running = plus(sidecars, requestsOf(asked))
    beginning = combine(beginning, running, Math.max)
    if (restartPolicy === 'Always') sidecars = running
  }
  const together = containers.map(({ resources: asked }) => requestsOf(asked)).reduce(plus, sidecars)
  const asked = { ...combine(together, beginning, Math.max), ...requestsOf(resources) }
  return plus(asked, amountsOf(overhead))
}
