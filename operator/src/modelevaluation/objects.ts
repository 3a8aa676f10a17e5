/** The objects that an evaluation has beside its Jobs. */
import { components, labels } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { NetworkPolicy, ServiceAccount } from '@gantry/kube/resources.ts'
import type { PodConfig } from '../pods/config.ts'
import { identityBy } from '../pods/identity.ts'
import { addressOf, type Source } from '../pods/source.ts'
import { sourceEgress } from '../pods/source-egress.ts'
import type { ModelEvaluation } from './model-evaluation.ts'

export const identity = identityBy(labels.evaluation)

/** The dot tells it from the account of a ModelDeployment with the name of the evaluation: no name of a kind of ours has one. */
export const accountName = ({ metadata }: ModelEvaluation): string => `${metadata.name}.evaluation`

/** The pods' own account: it has no rights, and no pod gets its token. */
const serviceAccount = (evaluation: ModelEvaluation): KubernetesObject => ({
  ...identity.identity(ServiceAccount, evaluation, { name: accountName(evaluation) }),
  automountServiceAccountToken: false,
})

const sourcesOf = ({ spec }: ModelEvaluation): readonly Source[] => [
  ...spec.candidates.map(({ source }) => source),
  spec.dataset,
]

/** The pods may call name servers and the ports of the sources, and accept no connections: the server that is measured is called within its pod. */
const networkPolicy = (evaluation: ModelEvaluation, config: PodConfig): KubernetesObject => {
  const addresses = sourcesOf(evaluation).flatMap((source) => addressOf(source, config.imports) ?? [])
  const egress = sourceEgress(addresses, config)
  return {
    ...identity.identity(NetworkPolicy, evaluation, {
      name: accountName(evaluation),
      component: components.evaluate,
    }),
    spec: {
      podSelector: { matchLabels: identity.selectorLabels(evaluation, components.evaluate) },
      policyTypes: ['Ingress', 'Egress'],
      ...(egress.length > 0 ? { egress } : {}),
    },
  }
}

export const lastingObjects = (
  evaluation: ModelEvaluation,
  config: PodConfig,
): readonly KubernetesObject[] => [serviceAccount(evaluation), networkPolicy(evaluation, config)]
