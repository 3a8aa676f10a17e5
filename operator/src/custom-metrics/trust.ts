/** The certificate of the port, and the authorities of its callers' certificates. Both are exchanged without a restart. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { SecureContextOptions } from 'node:tls'
import type { LiveConfigMap } from '@gantry/kube/live.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import { ConfigMap } from '@gantry/kube/resources.ts'
import { type FrontProxy, frontProxyMap, frontProxyOf } from './front-proxy.ts'

/** Paths of PEM files, which a Secret is mounted as. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

export interface Trust {
  readonly proxy: FrontProxy
  readonly context: SecureContextOptions
}

const readPair = async ({ cert, key }: CertificateFiles) => {
  const [certificate, privateKey] = await Promise.all(
    [cert, key].map((path) =>
      readFile(path, 'utf8').catch((error: Error) => {
        throw new Error(`the TLS file ${path} cannot be read: ${error.message}`)
      }),
    ),
  )
  if (!new X509Certificate(certificate ?? '').checkPrivateKey(createPrivateKey(privateKey ?? '')))
    throw new Error(`the key ${key} does not belong to the certificate ${cert}`)
  return { cert: certificate, key: privateKey }
}

/** @throws Error with a sentence for what is of no use yet */
export const readTrust = async (kube: Pick<Kube, 'get'>, files: CertificateFiles): Promise<Trust> => {
  const { namespace, name } = frontProxyMap
  const [pair, map] = await Promise.all([
    readPair(files),
    kube.get<LiveConfigMap>(ConfigMap, namespace, name),
  ])
  const proxy = frontProxyOf(map)
  if (typeof proxy === 'string') throw new Error(proxy)
  return { proxy, context: { ...pair, ca: proxy.authorities, minVersion: 'TLSv1.2' } }
}
