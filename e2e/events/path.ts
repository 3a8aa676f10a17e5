/** Events while a model's Service leads to the gateway: a version is tried, or the model may sleep. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import { type BusyModel, versionSource } from '../busy-model.ts'
import { operatorNamespace } from '../operator.ts'
import { gatewayPods, servicePath } from '../service-path.ts'
import type { World } from '../world.ts'
import { inNamespace, killLeader, one, type Scene, two, uidsOf } from './scene.ts'

const name = 'path'

/** Evidence must not end a rollout by chance: answers are slow while the machine does much else. */
const rolloutOf = (holdSeconds: number): object => ({
  strategy: 'Canary',
  steps: [{ weight: 50, holdSeconds }],
  abort: { minRequests: 40, latencyMargin: 10 },
})
const [atOnce, untilAborted] = [2, 3600]

/** What a model's spec has for a canary. */
export const canarySpec = { rollout: rolloutOf(atOnce) }

/** What a model's spec has for sleep. */
export const sleepingSpec = { autoscaling: { minReplicas: 0, maxReplicas: 2, idleSeconds: 10 } }

const patience = { timeoutMs: 180_000 }

/** What the version that serves adds before the round, and what the other one does. */
const summandsOf = (round: number): readonly [number, number] => (round % 2 === 1 ? [one, two] : [two, one])

const statusOf = (world: World): Live => world.model(name)['status']

const untilTried = async (world: World): Promise<void> => {
  const { leadsToGateway } = servicePath(world, name)
  await eventually(
    'half of the requests go to the canary',
    () => statusOf(world)['canary']?.weight === 50 && leadsToGateway(),
    patience,
  )
}

const untilOver = async (world: World, busy: BusyModel): Promise<void> => {
  const { leadsToPods } = servicePath(world, name)
  await eventually(
    'no version is tried, and the Service leads to pods',
    () => {
      const { canary } = statusOf(world)
      if (canary !== undefined) throw new Error(`${canary.phase}: ${canary.message}`)
      return leadsToPods()
    },
    patience,
  )
  await busy.settled()
}

/** Events of the model alone. The last one leaves a version that is being tried. */
export const canaryEvents = (scene: () => Scene): void => {
  test('a canary is promoted without a lost request', async () => {
    const { world, record, busy, round } = scene()
    const [before, after] = summandsOf(round)
    await busy.path.traffic.expect([before, after])
    await record.during({
      name: 'canary promoted',
      models: [busy.path],
      happens: async () => {
        const model = { source: versionSource(after), version: `promoted-${round}` }
        world.patchModel(name, { model, rollout: rolloutOf(atOnce) })
        await untilTried(world)
        await untilOver(world, busy.path)
      },
    })
    assert.equal(statusOf(world)['rejectedRevision'], undefined)
    await busy.path.traffic.expect([after])
  })

  test('a canary begins, and a gateway pod is deleted, without a lost request', async () => {
    const { world, record, busy, round } = scene()
    const [other, serving] = summandsOf(round)
    await busy.path.traffic.expect([serving, other])
    const model = { source: versionSource(other), version: `aborted-${round}` }
    world.patchModel(name, { model, rollout: rolloutOf(untilAborted) })
    await untilTried(world)
    const before = uidsOf(gatewayPods(world))
    const [pod] = gatewayPods(world)
    assert.ok(pod && before.length > 1, `${before.length} gateway pods`)
    await record.during({
      name: 'gateway pod deleted during a canary',
      models: [busy.path],
      happens: async () => {
        const { name: podName } = pod.metadata
        world.kubectl.run([
          'delete',
          'pod',
          podName,
          '-n',
          operatorNamespace,
          '--wait=true',
          '--timeout=120s',
        ])
        await eventually('as many gateway pods are ready again', () => {
          const ready = gatewayPods(world).filter(({ status }) => status.containerStatuses?.[0]?.ready)
          return ready.length === before.length
        })
      },
    })
  })
}

/** Events that all models meet while one of them has a canary, and the end of the canary. */
export const canaryOutages = (scene: () => Scene, restartApiServer: () => Promise<void>): void => {
  const all = (): readonly BusyModel[] => Object.values(scene().busy)

  test('an operator that is killed during a canary costs nothing, and the canary goes on', async () => {
    const { world, record } = scene()
    const { run } = statusOf(world)['canary']
    await record.during({
      name: 'operator killed during a canary',
      models: all(),
      happens: () => killLeader(world),
    })
    assert.equal(statusOf(world)['canary'].run, run)
  })

  test('an API server that is restarted during a canary costs nothing', async () => {
    await scene().record.during({
      name: 'API server restarted during a canary',
      models: all(),
      happens: restartApiServer,
    })
  })

  test('a canary is aborted without a lost request', async () => {
    const { world, record, busy, round } = scene()
    const [, serving] = summandsOf(round)
    const { version, stable } = statusOf(world)['canary']
    await record.during({
      name: 'canary aborted',
      models: [busy.path],
      happens: async () => {
        const annotation = `gantry.dev/rollout=abort@${version}`
        inNamespace(world, 'annotate', 'modeldeployment', name, '--overwrite', annotation)
        await eventually('it is rejected', () => statusOf(world)['rejectedRevision'], patience)
        world.patchModel(name, { model: { source: versionSource(serving), version: stable } })
        await untilOver(world, busy.path)
      },
    })
    assert.equal(statusOf(world)['activeVersion'], stable)
    await busy.path.traffic.expect([serving])
  })
}

/** @param perSecond requests of each stream once it is awake */
export const sleepEvents = (scene: () => Scene, sleeper: () => BusyModel, perSecond: number): void => {
  test('a model falls asleep, and requests that wake it are all answered', async () => {
    const { world, record } = scene()
    const model = sleeper()
    const wake = async (): Promise<void> => {
      await model.traffic.pace(perSecond)
      await eventually('a pod is ready', () => world.model(model.name)['status'].readyReplicas > 0, patience)
      await model.settled(patience)
    }
    await wake()
    await record.during({
      name: 'sleep and wake',
      models: [model],
      happens: async () => {
        await model.traffic.pace(0)
        await world.condition(model.name, 'Ready', 'True', 'Asleep', patience)
        await eventually('its pods are gone', () => model.pods().length === 0, patience)
        await wake()
      },
    })
    // Other events take the gateway away, which no request to this model could do without.
    await model.traffic.pace(0)
  })
}
