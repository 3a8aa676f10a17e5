/** What an end-to-end test sees: a namespace of its own on the local cluster, and the machine that serves its models. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { apiVersion, kind, modelSelector } from '../contract/labels.ts'
import type { Reason } from '../contract/reasons.ts'
import { paths } from '../contract/server.ts'
import { conditionOf, eventually, type Kubectl, type Live, type Patience } from '../local-cluster/kubectl.ts'
import { localKubectl } from '../local-cluster/local.ts'

export interface World {
  readonly kubectl: Kubectl
  readonly namespace: string
  /** Address under which pods reach this machine. */
  readonly nodeIp: string
  readonly applyModel: (name: string, spec: object) => void
  readonly patchModel: (name: string, spec: object) => void
  readonly model: (name: string) => Live
  /** Waits for the condition to have this status (and reason); answers with the model. */
  readonly condition: (
    name: string,
    type: string,
    status: string,
    reason?: Reason,
    patience?: Patience,
  ) => Promise<Live>
  /** Waits until the model is Ready and its Service answers. */
  readonly ready: (name: string, patience?: Patience) => Promise<Live>
  /** Address of the model's Service, reachable from this machine because it is the node. */
  readonly url: (name: string) => string
  readonly events: (name: string) => readonly Live[]
  readonly pods: (name: string) => readonly Live[]
  readonly close: () => void
}

/** What every test model starts from: small enough that many fit on a machine of two cores. */
export const small = {
  serve: { resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '512Mi' } } },
  storage: { size: '64Mi' },
}

const describeModel = (model: Live | undefined): string =>
  JSON.stringify(model?.['status'] ?? 'no status', null, 1)

export const openWorld = (name: string): World => {
  const kubectl = localKubectl()
  const namespace = `e2e-${name}`
  const node = kubectl.list('node')[0]
  const nodeIp: string = node?.['status'].addresses.find(
    (a: { type: string }) => a.type === 'InternalIP',
  ).address
  // A namespace left over from an aborted run goes first, so that every run starts from nothing.
  kubectl.run(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=true', '--timeout=120s'])
  kubectl.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  })
  const object = (modelName: string, spec: object): object => ({
    apiVersion,
    kind,
    metadata: { name: modelName, namespace },
    spec,
  })
  const model: World['model'] = (modelName) => {
    const live = kubectl.get('modeldeployment', modelName, namespace)
    if (!live) throw new Error(`ModelDeployment ${namespace}/${modelName} is gone`)
    return live
  }
  const condition: World['condition'] = async (modelName, type, status, reason, patience) => {
    const wanted = `${modelName} has ${type}=${status}${reason ? ` (${reason})` : ''}`
    return eventually(
      wanted,
      () => {
        const live = model(modelName)
        const found = conditionOf(live, type)
        const current = live['status']?.observedGeneration === live.metadata['generation' as never]
        if (current && found?.status === status && (!reason || found.reason === reason)) return live
        throw new Error(describeModel(live))
      },
      patience,
    )
  }
  const url: World['url'] = (modelName) =>
    `http://${kubectl.get('service', modelName, namespace)?.['spec'].clusterIP}`
  return {
    kubectl,
    namespace,
    nodeIp,
    applyModel: (modelName, spec) => kubectl.apply(object(modelName, spec)),
    patchModel: (modelName, spec) =>
      void kubectl.run([
        'patch',
        'modeldeployment',
        modelName,
        '-n',
        namespace,
        '--type=merge',
        '-p',
        JSON.stringify({ spec }),
      ]),
    model,
    condition,
    ready: async (modelName, patience) => {
      const live = await condition(modelName, 'Ready', 'True', undefined, patience)
      // Ready speaks of the pods; kube-proxy needs a moment more until the Service leads to them.
      if (live['status'].readyReplicas > 0) {
        await eventually(`the Service of ${modelName} leads to a pod`, async () => {
          return (await fetch(`${url(modelName)}${paths.ready}`)).ok
        })
      }
      return live
    },
    url,
    events: (modelName) =>
      kubectl
        .list('event', namespace)
        .filter(
          (event) => event['involvedObject'].kind === kind && event['involvedObject'].name === modelName,
        ),
    pods: (modelName) => kubectl.list('pod', namespace, modelSelector(modelName)),
    close: () => void kubectl.run(['delete', 'namespace', namespace, '--wait=false']),
  }
}

/** The folder of this machine that a model's claim is. */
export const volumeOf = ({ kubectl, namespace }: World, name: string): string => {
  const { volumeName } = kubectl.get('persistentvolumeclaim', name, namespace)?.['spec'] ?? {}
  return kubectl.get('persistentvolume', volumeName, undefined)?.['spec'].local.path
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A model source on this machine that pods can reach; a test decides how it behaves. */
export const serveFiles = async (
  address: string,
  handler: Handler,
): Promise<{ url: string; close: () => Promise<void> }> => {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  const { port } = server.address() as AddressInfo
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://${address}:${port}`, close }
}
