/** Where events happen: a namespace, models that are asked all the time, and the record of what it cost them. */
import assert from 'node:assert/strict'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import type { BusyModel } from '../busy-model.ts'
import type { EventRecord } from '../event-record.ts'
import { leader, operatorPods, processIds } from '../operator.ts'
import type { World } from '../world.ts'

/** What answers to x are at first, and with another version: x and this. */
export const [one, two] = [1000, 2000] as const

export interface Scene {
  readonly world: World
  readonly record: EventRecord
  /** All but `single` meet events of their own at the same time; it has one pod, they have two. */
  readonly busy: Readonly<Record<'versions' | 'pods' | 'settings' | 'path' | 'single', BusyModel>>
  /** Number of the round, from 1. A repeated event derives a new value from it, so that the spec changes. */
  readonly round: number
}

export const uidsOf = (objects: readonly Live[]): readonly string[] =>
  objects.map(({ metadata }) => metadata.uid).sort()

/** kubectl in the namespace of the models. */
export const inNamespace = ({ kubectl, namespace }: World, ...args: readonly string[]): string =>
  kubectl.run([...args, '--namespace', namespace])

/** Asks for the eviction of a pod as `kubectl drain` does: again and again while its budget does not allow it. */
export const evict = ({ kubectl }: World, pod: Live): Promise<boolean> => {
  const { name, namespace } = pod.metadata
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } }
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`
  return eventually(`${name} may be evicted`, () => {
    const { ok, output } = kubectl.attempt(['create', '--raw', path, '-f', '-'], JSON.stringify(eviction))
    return ok || Promise.reject(new Error(output))
  })
}

/** The operator's pod that holds the Lease. */
export const leaderPod = ({ kubectl }: World): Live => {
  const name = leader(kubectl)
  const found = operatorPods(kubectl).find(({ metadata }) => metadata.name === name)
  assert.ok(found, `the leader ${name} is a pod of the operator`)
  return found
}

export const restartsOf = (pod: Live | undefined): number => pod?.['status'].containerStatuses[0].restartCount

/** Kills the operator that leads. Resolves when it has been started again and one leads. */
export const killLeader = async (world: World): Promise<void> => {
  const first = leaderPod(world)
  for (const pid of processIds(first, 'main.ts')) process.kill(pid, 'SIGKILL')
  const { name, namespace } = first.metadata
  await eventually(
    'it is started again',
    () => restartsOf(world.kubectl.get('pod', name, namespace)) > restartsOf(first),
  )
  await eventually('an operator leads', () => leader(world.kubectl))
}
