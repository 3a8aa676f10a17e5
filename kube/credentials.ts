import { readFile } from 'node:fs/promises'
import type { RequestOptions } from 'node:https'
import { join } from 'node:path'

/** What one request needs besides its path: headers that say who we are, and what TLS has to check. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  /** Passed to node:https; `agent` is set where a proxy stands between. */
  readonly options: Pick<
    RequestOptions,
    'agent' | 'auth' | 'ca' | 'cert' | 'key' | 'passphrase' | 'pfx' | 'rejectUnauthorized' | 'servername'
  >
}

/** Where the API server is and how to speak to it. */
export interface Access {
  readonly server: URL
  /** Asked before every request: tokens are renewed while we run. */
  readonly credentials: () => Promise<Credentials>
}

const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'
/** The kubelet renews a token some minutes before it ends. */
const rereadMs = 60_000

/** A pod's own service account. No client library is loaded for it: see docs/decisions. */
const inCluster = (host: string, port: string, folder: string): Access => {
  let known: { readonly credentials: Credentials; readonly readAt: number } | undefined
  const credentials = async (): Promise<Credentials> => {
    if (!known || performance.now() - known.readAt > rereadMs) {
      const [token, ca] = await Promise.all([
        readFile(join(folder, 'token'), 'utf8'),
        readFile(join(folder, 'ca.crt'), 'utf8'),
      ])
      const headers = { Authorization: `Bearer ${token.trim()}` }
      known = { credentials: { headers, options: { ca } }, readAt: performance.now() }
    }
    return known.credentials
  }
  return { server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`), credentials }
}

const loadLibrary = () =>
  import('@kubernetes/client-node').catch((cause: unknown) => {
    const advice = 'run in a pod, or from a checkout after `npm install`'
    throw new Error(`a kubeconfig needs @kubernetes/client-node, which images leave out: ${advice}`, {
      cause,
    })
  })

/** KUBECONFIG or ~/.kube/config, with every way to log in that client-node knows (exec plugins, OIDC, proxies). */
const fromKubeconfig = async (): Promise<Access> => {
  const { KubeConfig } = await loadLibrary()
  const kubeconfig = new KubeConfig()
  kubeconfig.loadFromDefault()
  const cluster = kubeconfig.getCurrentCluster()
  if (!cluster) throw new Error('the kubeconfig names no cluster: set its current-context')
  const credentials = async (): Promise<Credentials> => {
    const given: RequestOptions = { headers: {} }
    await kubeconfig.applyToHTTPSOptions(given)
    const { headers, agent, ...options } = given
    // The agent of the client library opens a new connection for every request, so it is used for proxies only.
    return {
      headers: headers as Record<string, string>,
      options: cluster.proxyUrl ? { ...options, agent } : options,
    }
  }
  return { server: new URL(cluster.server), credentials }
}

/**
 * KUBECONFIG first, then the service account of the pod we run in, then ~/.kube/config.
 * @throws Error when there is neither
 */
export const findAccess = async (env: NodeJS.ProcessEnv, folder = serviceAccountFolder): Promise<Access> => {
  const host = env['KUBERNETES_SERVICE_HOST']
  if (env['KUBECONFIG'] || !host) return fromKubeconfig()
  return inCluster(host, env['KUBERNETES_SERVICE_PORT'] ?? '443', folder)
}
