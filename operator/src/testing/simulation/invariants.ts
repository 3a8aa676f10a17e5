/** What holds at each moment of a simulated life. */
import assert from 'node:assert/strict'
import { components, labels } from '@gantry/contract/labels.ts'
import {
  isEnding,
  isReady,
  type LiveDeployment,
  type LiveEndpointSlice,
  type LivePod,
  type LiveService,
} from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { maySleep } from '../../modeldeployment/replicas.ts'
import type { Life } from './life.ts'

type Slice = LiveEndpointSlice & { readonly ports?: readonly { readonly port?: number }[] }

const isServer = ({ metadata }: KubernetesObject): boolean =>
  metadata.labels?.[labels.component] === components.server

/** Pods whose ReplicaSet or Deployment is gone end, too: the garbage collector takes them next. */
const serverPods = ({ cluster }: Life): readonly LivePod[] => {
  const pods = cluster.all<LivePod>('Pod').filter((pod) => isServer(pod) && !isEnding(pod))
  if (pods.length === 0) return pods
  const owners = new Map([...cluster.store.objects.values()].map((object) => [object.metadata.uid, object]))
  const isOwned = ({ metadata }: KubernetesObject): boolean =>
    (metadata.ownerReferences ?? []).every(({ uid }) => {
      const owner = owners.get(uid)
      return owner !== undefined && isOwned(owner)
    })
  return pods.filter(isOwned)
}

const versionOf = ({ metadata }: KubernetesObject): string => metadata.labels?.[labels.version] ?? ''

/**
 * Addresses at which requests to the model's own address are answered: those of ready pods that the Service selects, or of gateways
 * whose port leads to the model. Pods that end answer until the slices have followed, so the selector tells, and not the controller's slices.
 */
export const reachable = (life: Life): readonly string[] => {
  const { cluster, gateways } = life
  const service = cluster.find<LiveService>('Service')
  const ready = serverPods(life).filter(isReady)
  if (!service || ready.length === 0) return []
  const wanted = service.spec?.selector && Object.entries(service.spec.selector)
  const chosen = ready.filter(({ metadata }) =>
    wanted?.every(([label, value]) => metadata.labels?.[label] === value),
  )
  const open = gateways.filter(() => cluster.traffic.hasGateways)
  const leads = ({ endpoints, ports = [] }: Slice) =>
    (endpoints ?? [])
      .flatMap(({ addresses }) => addresses)
      .filter((address) =>
        open.some(({ pod, port }) => pod.ips.includes(address) && ports.every((one) => one.port === port)),
      )
  return [
    ...chosen.map(({ metadata }) => metadata.name),
    ...cluster.all<Slice>('EndpointSlice').flatMap(leads),
  ]
}

const where = ({ seed, story }: Life): string => `seed ${seed}, after: ${story.join(', ')}`

/** Whether gateways take the requests to the model's own address. */
const isHeld = ({ cluster, gateways }: Life): boolean =>
  cluster
    .all<Slice>('EndpointSlice')
    .flatMap(({ endpoints }) => endpoints ?? [])
    .some(({ addresses }) => gateways.some(({ pod }) => addresses.some((one) => pod.ips.includes(one))))

/** It has no pods because nothing asked for it, and what comes is held for it. */
const sleeps = (life: Life): boolean => {
  const deployment = life.cluster.find<LiveDeployment>('Deployment')
  const model = life.cluster.model()
  // Status follows the Deployment, and its write may have been lost.
  const mayBeAsleep = maySleep(model) || model.status?.sleep?.since !== undefined
  return deployment?.spec?.replicas === 0 && mayBeAsleep && isHeld(life)
}

/** Neither the operator nor what follows from its writes takes the last pod that answers. */
const isNeverEmptied = (life: Life, before: number): void => {
  if (before > 0 && !life.mayBeEmpty && !sleeps(life))
    assert.ok(reachable(life).length > 0, `the last pod that answered is gone; ${where(life)}`)
}

const refusedNeverServe = (life: Life): void => {
  if (!life.isGated) return
  const refused = serverPods(life).filter((pod) => life.fateOf(versionOf(pod)) === 'bad')
  assert.deepEqual(refused.map(versionOf), [], `a version that the gate refused has pods; ${where(life)}`)
}

const hasOneOwner = (life: Life): void => {
  const written = (life.other?.writes ?? []).filter((write) => write !== 'create Event')
  assert.deepEqual(written, [], `two releases write to one model; ${where(life)}`)
}

/** @param before how many pods answered before the last step */
export const holds = (life: Life, before: number): void => {
  isNeverEmptied(life, before)
  refusedNeverServe(life)
  hasOneOwner(life)
}

export const isAsleep = (life: Life): void => {
  const { cluster } = life
  assert.deepEqual(serverPods(life).map(versionOf), [], where(life))
  assert.equal(cluster.condition('Ready')?.reason, 'Asleep', where(life))
  assert.ok(isHeld(life), `nobody holds what comes for a model that sleeps; ${where(life)}`)
}

/** What a model is like once everything that troubled it is over. */
export const hasConverged = (life: Life): void => {
  const { cluster } = life
  const seen = JSON.stringify(cluster.model().status?.conditions)
  assert.equal(cluster.condition('Ready')?.status, 'True', `${where(life)}: ${seen}`)
  const { activeVersion = '' } = cluster.model().status ?? {}
  const versions = new Set(serverPods(life).map(versionOf))
  assert.deepEqual(versions, new Set([activeVersion]), where(life))
  assert.equal(life.fateOf(activeVersion), 'good', where(life))
  assert.equal(cluster.find('Deployment', 'intents-canary'), undefined, where(life))
  const { rollout } = cluster.model().spec
  const { grpcHostnames } = rollout?.gatewayApi ?? {}
  for (const [kind, isAsked] of [
    ['HTTPRoute', rollout?.gatewayApi],
    ['GRPCRoute', grpcHostnames],
  ] as const)
    assert.equal(life.routed.weight(kind), isAsked ? 0 : undefined, `${kind}; ${where(life)}`)
}
