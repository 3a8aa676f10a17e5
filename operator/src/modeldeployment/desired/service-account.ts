import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ServiceAccount } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { identity } from './metadata.ts'

/** The pods' own account: it has no rights, and no pod gets its token. */
export const serviceAccount = (model: ModelDeployment): KubernetesObject => ({
  ...identity(ServiceAccount, model),
  automountServiceAccountToken: false,
})
