/** Where a pod that measures may run: on a node where nothing else measures, whosever it is. */
import { components, labels } from '@gantry/contract/labels.ts'

/** An affinity as spec gives it; its terms are those of a pod. */
interface Affinity {
  readonly nodeAffinity?: { readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly object[] }
  readonly podAntiAffinity?: { readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly object[] }
}

/** Two measurements on one node would take processor and memory bandwidth from each other. */
const alone = {
  labelSelector: {
    matchLabels: { [labels.managedBy]: labels.manager, [labels.component]: components.evaluate },
  },
  namespaceSelector: {}, // all namespaces
  topologyKey: 'kubernetes.io/hostname',
}

/** Figures of one node can be compared. A node that is gone or full must not stop an evaluation, so it is a preference. */
const near = (node: string) => ({
  weight: 100, // the most that Kubernetes takes
  preference: { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] },
})

/**
 * @param given what spec asks for beside
 * @param node where the candidates before were measured
 */
export const measuringAffinity = (given: Affinity = {}, node?: string): Affinity => {
  const { nodeAffinity, podAntiAffinity } = given
  const preferred = nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  const required = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  return {
    ...given,
    ...(node === undefined
      ? {}
      : {
          nodeAffinity: {
            ...nodeAffinity,
            preferredDuringSchedulingIgnoredDuringExecution: [...preferred, near(node)],
          },
        }),
    podAntiAffinity: {
      ...podAntiAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: [...required, alone],
    },
  }
}
