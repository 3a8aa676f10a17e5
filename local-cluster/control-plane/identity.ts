/** Certificates of an API server for tests, and where they lie. */
import { dirname, join } from 'node:path'
import { type Certificate, createAuthority, createSigningKey, issue } from './certificates.ts'

export type Identity = {
  readonly authority: Certificate
  readonly server: Certificate
  readonly admin: Certificate
  readonly signingKey: string
  readonly frontProxyAuthority: Certificate
  readonly frontProxy: Certificate
}

export const certificatesIn = (folder: string): string => join(folder, 'certificates')

/** Paths of the certificates of an API server that a kubeconfig of `startApiServer` leads to. */
export const certificatesOf = (kubeconfigPath: string) => {
  const at = (name: string): Certificate => {
    const base = join(certificatesIn(dirname(kubeconfigPath)), name)
    return { cert: `${base}.crt`, key: `${base}.key` }
  }
  return {
    /** Has all rights, by a certificate that the API server checks itself. */
    admin: at('admin'),
    authority: at('gantry-test-ca'),
    /** The private key that signs tokens of service accounts. */
    signingKey: join(certificatesIn(dirname(kubeconfigPath)), 'service-account.key'),
    /** The certificate by which servers of aggregated APIs authenticate the API server. */
    frontProxy: at('front-proxy-client'),
  }
}

export const createIdentity = async (folder: string): Promise<Identity> => {
  const [authority, frontProxyAuthority] = await Promise.all([
    createAuthority(folder, 'gantry-test-ca'),
    createAuthority(folder, 'gantry-test-front-proxy-ca'),
  ])
  const altNames = ['IP:127.0.0.1', 'DNS:localhost', 'DNS:kubernetes.default.svc']
  const [server, admin, signingKey, frontProxy] = await Promise.all([
    issue(authority, folder, 'server', { commonName: 'kube-apiserver', altNames }),
    issue(authority, folder, 'admin', { commonName: 'gantry-test', organization: 'system:masters' }),
    createSigningKey(folder),
    issue(frontProxyAuthority, folder, 'front-proxy-client', { commonName: 'front-proxy-client' }),
  ])
  return { authority, server, admin, signingKey, frontProxyAuthority, frontProxy }
}
