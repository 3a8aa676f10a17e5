import { setTimeout as pause } from 'node:timers/promises'
import { labels } from '@gantry/contract/labels.ts'
import { createKube, type KubeClient } from '@gantry/kube/client.ts'
import { findAccess } from '@gantry/kube/credentials.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { createTransport, type Transport } from '@gantry/kube/transport.ts'

const kubeconfig = process.env['TEST_KUBECONFIG']

/** The `skip` option of tests: false where there is an API server, else why they are skipped. */
export const withoutApiServer: string | false = kubeconfig
  ? false
  : 'TEST_KUBECONFIG is not set; `npm test -- integration` starts an API server and sets it'

export interface TestApi {
  readonly kubeconfig: string
  readonly kube: KubeClient
  readonly transport: Transport
}

/** A client of the API server of a kubeconfig, by default of the one that tests run against. */
export const testApi = async (file = kubeconfig ?? ''): Promise<TestApi> => {
  process.env['KUBECONFIG'] = file
  const transport = createTransport(await findAccess({ KUBECONFIG: file }))
  return { kubeconfig: file, kube: createKube(transport, { fieldManager: labels.manager }), transport }
}

const namespaces = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces' }

/** A namespace of its own for a test. @returns its name */
export const testNamespace = async ({ kube }: TestApi, prefix: string): Promise<string> => {
  const name = `${prefix}-${Math.random().toString(36).slice(2, 8)}`
  await kube.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  return name
}

/** A model as a user writes it: two fields. */
export const shortestModel = (namespace: string, name: string): KubernetesObject => ({
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelDeployment',
  metadata: { name, namespace },
  spec: { model: { task: 'tensor', source: { uri: 'https://models.example/iris.onnx' } } },
})

/** Longer than the limit of any test: what asks for ever keeps the process of a test that has failed, and the suite with it. */
const mostAskingMs = 400_000

/** Asks until there is an answer; a test that waits in vain runs into its limit. */
export const eventually = async <T>(ask: () => Promise<T | undefined | false>): Promise<T> => {
  const deadlineMs = performance.now() + mostAskingMs
  while (performance.now() < deadlineMs) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    await pause(100)
  }
  throw new Error(`no answer within ${mostAskingMs / 1000} s`)
}
