import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { RequestOptions } from 'node:https'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { explain } from './errors.ts'

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

/** A mistake in the kubeconfig, or in what was chosen of it. The message says what to do. */
export class KubeconfigError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'KubeconfigError'
  }
}

/** What of the kubeconfigs is used. */
export interface KubeconfigChoice {
  /** Instead of those of KUBECONFIG. */
  readonly file?: string | undefined
  /** Instead of the current context. */
  readonly context?: string | undefined
}

/** An API server as a context of a kubeconfig names it. */
export interface ContextAccess extends Access {
  readonly context: string
  /** The namespace of the context. */
  readonly namespace: string | undefined
}

const kubeconfigFiles = (env: NodeJS.ProcessEnv, file: string | undefined): readonly string[] => {
  if (file !== undefined) return [file]
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '')
  const files = listed.length > 0 ? listed : [join(env['HOME'] || homedir(), '.kube', 'config')]
  const present = files.filter((path) => existsSync(path))
  if (present.length > 0) return present
  throw new KubeconfigError(`there is no kubeconfig: ${files.join(', ')} does not exist`)
}

/** The first of several entries of one name counts, as for kubectl. */
const firstOfName = <T extends { readonly name: string }>(entries: readonly T[]): T[] => [
  ...new Map([...entries].reverse().map((entry) => [entry.name, entry])).values(),
]

/** Far more than any kubeconfig has: certificates of a thousand clusters are 5 MB. */
const mostBytes = 64 * 2 ** 20

/** A device such as /dev/zero has no end. A pipe is one that a shell made for the output of a program. */
const checkFile = (file: string): void => {
  const stats = statSync(file)
  if (stats.isDirectory()) throw new Error('it is a folder')
  if (!stats.isFile() && !stats.isFIFO()) throw new Error('it is no file')
  if (stats.size > mostBytes) throw new Error(`it is longer than ${mostBytes / 2 ** 20} MiB`)
}

/** @throws KubeconfigError for what is no address of HTTP */
const addressOf = ({ name, server }: { readonly name: string; readonly server: string }): URL => {
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.hostname !== '') return url
  throw new KubeconfigError(`the server of cluster ${name} is no address with https: ${server}`)
}

/** The kubeconfigs as one: the first one with a current context, a cluster, … of a name counts. */
const loadKubeconfig = async (env: NodeJS.ProcessEnv, choice: KubeconfigChoice): Promise<KubeConfig> => {
  const { KubeConfig } = await loadLibrary()
  const loaded = kubeconfigFiles(env, choice.file).map((file) => {
    const one = new KubeConfig()
    try {
      checkFile(file)
      one.loadFromFile(file)
    } catch (error) {
      const why = error instanceof TypeError ? 'it has no contexts' : (error as Error).message
      throw new KubeconfigError(`the kubeconfig ${file} cannot be read: ${why}`, error)
    }
    return one
  })
  const merged = new KubeConfig()
  merged.loadFromOptions({
    clusters: firstOfName(loaded.flatMap((one) => one.getClusters())),
    users: firstOfName(loaded.flatMap((one) => one.getUsers())),
    contexts: firstOfName(loaded.flatMap((one) => one.getContexts())),
    currentContext: choice.context ?? loaded.map((one) => one.getCurrentContext()).find((name) => name) ?? '',
  })
  return merged
}

/** Why the current user of a kubeconfig cannot log in. The library reads an answer of a plugin without looking at it. */
const loginFailure = (kubeconfig: KubeConfig, cause: unknown): KubeconfigError => {
  const user = kubeconfig.getCurrentUser()
  const command = (user?.exec as { readonly command?: unknown } | undefined)?.command
  const isUnread = cause instanceof TypeError || cause instanceof SyntaxError
  const why = command !== undefined && isUnread ? 'it does not print an ExecCredential' : explain(cause)
  const who = command === undefined ? `user ${user?.name}` : `the program ${command}`
  return new KubeconfigError(`${who} of the kubeconfig gives no credentials: ${why}`, cause)
}

/** Names of the contexts of the kubeconfigs. @throws KubeconfigError */
export const contextsOf = async (
  env: NodeJS.ProcessEnv,
  choice: KubeconfigChoice = {},
): Promise<readonly string[]> => (await loadKubeconfig(env, choice)).getContexts().map(({ name }) => name)

/**
 * KUBECONFIG or ~/.kube/config, with every way to log in that client-node knows (exec plugins, OIDC, proxies).
 * @throws KubeconfigError
 */
export const kubeconfigAccess = async (
  env: NodeJS.ProcessEnv,
  choice: KubeconfigChoice = {},
): Promise<ContextAccess> => {
  const kubeconfig = await loadKubeconfig(env, choice)
  const context = kubeconfig.getCurrentContext()
  const names = kubeconfig.getContexts().map(({ name }) => name)
  if (context !== '' && !names.includes(context))
    throw new KubeconfigError(
      `the kubeconfig has no context ${context}; it has ${names.join(', ') || 'none'}`,
    )
  const cluster = kubeconfig.getCurrentCluster()
  if (!cluster) throw new KubeconfigError('the kubeconfig names no cluster: set its current-context')
  const credentials = async (): Promise<Credentials> => {
    const given: RequestOptions = { headers: {} }
    await kubeconfig.applyToHTTPSOptions(given).catch((error: unknown) => {
      throw loginFailure(kubeconfig, error)
    })
    const { headers, agent, ...options } = given
    // The agent of the client library opens a new connection for every request, so it is used for proxies only.
    return {
      headers: headers as Record<string, string>,
      options: cluster.proxyUrl ? { ...options, agent } : options,
    }
  }
  const { namespace } = kubeconfig.getContextObject(context) ?? {}
  return { server: addressOf(cluster), credentials, context, namespace }
}

/**
 * KUBECONFIG first, then the service account of the pod we run in, then ~/.kube/config.
 * @throws Error when there is neither
 */
export const findAccess = async (env: NodeJS.ProcessEnv, folder = serviceAccountFolder): Promise<Access> => {
  const host = env['KUBERNETES_SERVICE_HOST']
  if (env['KUBECONFIG'] || !host) return kubeconfigAccess(env)
  return inCluster(host, env['KUBERNETES_SERVICE_PORT'] ?? '443', folder)
}
