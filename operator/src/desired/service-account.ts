import type { KubernetesObject, ModelDeployment } from '../kubernetes.ts'
import { ServiceAccount } from '../resources.ts'
import { identity } from './metadata.ts'

/** The pods' own account: it has no rights, and no pod gets its token. */
export const serviceAccount = (model: ModelDeployment): KubernetesObject => ({
  ...identity(ServiceAccount, model),
  automountServiceAccountToken: false,
})
