/** How a model is called: its port, and its certificate. */
import { httpPort } from '@gantry/contract/server.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { type Model, Secret } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'

export const isSecure = ({ spec }: Model): boolean => spec.serve?.tls !== undefined

export const needsKey = ({ spec }: Model): boolean => spec.serve?.auth !== undefined

/** The name that a model's certificate is for. */
export const hostOf = ({ metadata }: Model): string => `${metadata.name}.${metadata.namespace}.svc`

export const portOfPods = httpPort

/** The authority that cert-manager keeps beside a certificate; undefined where there is none, or this account may not read the Secret. */
export const authorityOf = async (session: Session, model: Model): Promise<string | undefined> => {
  const name = model.spec.serve?.tls?.secretRef.name
  if (name === undefined) return undefined
  const secret = await session.kube
    .get<KubernetesObject>(Secret, model.metadata.namespace, name)
    .catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 403) return undefined
      throw error
    })
  const { 'ca.crt': encoded } = (secret?.['data'] ?? {}) as { readonly 'ca.crt'?: string }
  return encoded ? Buffer.from(encoded, 'base64').toString() : undefined
}
