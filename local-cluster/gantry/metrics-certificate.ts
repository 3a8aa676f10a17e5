/** The certificate by which the API server knows the operator where it serves metrics of models. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority, issue } from '../control-plane/certificates.ts'
import type { Kubectl } from '../kubectl.ts'
import { release, releaseNamespace } from './release.ts'

const secretName = 'metrics-certificate'

/** Chart values that have the operator serve metrics of models. */
export const customMetricsValues = {
  'customMetrics.enabled': true,
  'customMetrics.tls.secretName': secretName,
} as const

/** PEM texts under the names of a Secret of type kubernetes.io/tls. */
const newCertificate = async (): Promise<Readonly<Record<string, string>>> => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-metrics-'))
  try {
    const authority = await createAuthority(folder, 'authority')
    const commonName = `${release}-custom-metrics.${releaseNamespace}.svc`
    const made = await issue(authority, folder, 'metrics', { commonName, altNames: [`DNS:${commonName}`] })
    const text = (path: string): Promise<string> => readFile(path, 'utf8')
    const [ca, cert, key] = await Promise.all([text(authority.cert), text(made.cert), text(made.key)])
    return { 'ca.crt': ca, 'tls.crt': cert, 'tls.key': key }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Makes the Secret in the release's namespace, which has to be there, unless it is there already. */
export const ensureMetricsCertificate = async (kubectl: Kubectl): Promise<void> => {
  if (kubectl.get('secret', secretName, releaseNamespace)) return
  kubectl.apply({
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls' },
    metadata: { name: secretName, namespace: releaseNamespace },
    stringData: await newCertificate(),
  })
}
