/** A connection to the cluster that the command line names. */
import { quoted } from '@gantry/contract/plain-text.ts'
import { type CallApi, createCall } from '@gantry/kube/call.ts'
import { createKube, type KubeClient } from '@gantry/kube/client.ts'
import { type Access, findAccess, kubeconfigAccess } from '@gantry/kube/credentials.ts'
import { createTransport, type Transport } from '@gantry/kube/transport.ts'
import { wrongUsage } from '../failure.ts'
import { fieldManager } from './resources.ts'

export interface Session {
  readonly kube: KubeClient
  /** Calls that the client has no verb for. */
  readonly call: CallApi
  readonly transport: Transport
  readonly access: Access
  /** Name of the context; undefined in a pod. */
  readonly context: string | undefined
  readonly namespace: string
}

export interface Place {
  readonly namespace: string | undefined
  readonly context: string | undefined
  readonly kubeconfig: string | undefined
}

/** Reading a long list may take more than the operator's calls do. */
const callDeadlineMs = 30_000
const usualNamespace = 'default'

interface Found {
  readonly access: Access
  readonly context?: string
  readonly namespace?: string | undefined
}

/** The cluster and account of the kubeconfig; the pod's own account in a pod without one. */
const find = async (env: NodeJS.ProcessEnv, { context, kubeconfig }: Place): Promise<Found> => {
  const isNamed = context !== undefined || kubeconfig !== undefined || Boolean(env['KUBECONFIG'])
  if (!isNamed && env['KUBERNETES_SERVICE_HOST']) return { access: await findAccess(env) }
  const access = await kubeconfigAccess(env, { context, file: kubeconfig })
  return { access, context: access.context, namespace: access.namespace }
}

/** RFC 1123, as Kubernetes names namespaces. @throws Failure of exit code 2 */
const checkNamespace = (namespace: string | undefined): void => {
  if (namespace === undefined || /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) return
  throw wrongUsage(`--namespace is no name of a namespace: ${quoted(namespace)}.`)
}

/** @throws KubeconfigError, or Failure for a namespace that is none. Nothing is asked of the API server yet. */
export const openSession = async (
  env: NodeJS.ProcessEnv,
  place: Place,
  userAgent: string,
): Promise<Session> => {
  checkNamespace(place.namespace)
  const found = await find(env, place)
  const transport = createTransport(found.access, { userAgent, deadlineMs: callDeadlineMs })
  return {
    kube: createKube(transport, { fieldManager }),
    call: createCall(transport, () => {}),
    transport,
    access: found.access,
    context: found.context,
    namespace: place.namespace ?? found.namespace ?? usualNamespace,
  }
}
