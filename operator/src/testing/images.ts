/** Images of serving pods in the simulation, and one that no registry has. */
import { components, labels } from '@gantry/contract/labels.ts'
import type { LiveDeployment, LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { at } from './object-store.ts'

export const images = {
  good: 'registry.example/inference-server:1',
  better: 'registry.example/inference-server:2',
  bad: 'registry.example/inference-server:nope',
} as const

/** Image of a pod, or of the pods of a Deployment. */
export const imageOf = (object: KubernetesObject): unknown =>
  object.kind === 'Pod'
    ? at(object, 'spec', 'containers', '0', 'image')
    : at(object, 'spec', 'template', 'spec', 'containers', '0', 'image')

export const isServing = ({ metadata }: KubernetesObject): boolean =>
  metadata.labels?.[labels.component] === components.server

const stuck = (status: object): LivePod['status'] => ({
  phase: 'Pending',
  conditions: [{ type: 'Ready', status: 'False' }],
  ...status,
})

export const notPulled = stuck({
  containerStatuses: [
    {
      name: 'server',
      ready: false,
      state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } },
    },
  ],
})
export const crashing = stuck({
  phase: 'Running',
  containerStatuses: [
    {
      ...{ name: 'server', ready: false, restartCount: 3 },
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'no key' } },
    },
  ],
})
export const unschedulable = stuck({
  conditions: [
    { type: 'Ready', status: 'False' },
    {
      ...{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
      message: '0/1 nodes are available: 1 Insufficient cpu.',
    },
  ],
})

/** No serving pod with the bad image starts. */
export const badIsNotPulled = (pod: LivePod): LivePod['status'] | undefined =>
  isServing(pod) && imageOf(pod) === images.bad ? notPulled : undefined

/** Names of the models whose Deployment has that image. */
export const withImage = (
  { all }: { readonly all: <T extends KubernetesObject>(kind: string) => readonly T[] },
  image: string,
): readonly string[] =>
  all<LiveDeployment>('Deployment')
    .filter((deployment) => imageOf(deployment) === image)
    .map(({ metadata }) => metadata.labels?.[labels.model] ?? '')
