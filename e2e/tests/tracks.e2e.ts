/** Models with the one Deployment, named like its model, that an operator without tracks left. Requests arrive all the time. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import { applyVersions, type BusyModel, openBusyModel } from '../busy-model.ts'
import { recordEvents } from '../event-record.ts'
import { leader, operatorPods, processIds } from '../operator.ts'
import { openWorld, type World } from '../world.ts'

const track = 'gantry.dev/track'

let world: World
let fixed: BusyModel
let scaled: BusyModel
const record = recordEvents()

before(async () => {
  world = openWorld('tracks')
  applyVersions(world, [1000])
  const open = (name: string) => openBusyModel(world, name, { summand: 1000, replicas: 3, perSecond: 20 })
  ;[fixed, scaled] = await Promise.all([open('fixed'), open('scaled')])
})
after(async () => {
  console.log(`\n${await record.close([fixed, scaled])}\n`)
  world.close()
})

const inNamespace = (...args: readonly string[]): string =>
  world.kubectl.run([...args, '--namespace', world.namespace])

const deployment = (name: string): Live | undefined => world.kubectl.get('deployment', name, world.namespace)

/** The Deployment that an operator without tracks made of the same spec. */
const untrackedOf = (stable: Live, name: string): object => {
  const { metadata, spec } = structuredClone(stable)
  const { labels, annotations, ownerReferences } = metadata as unknown as Record<string, object>
  delete spec.selector.matchLabels[track]
  delete spec.template.metadata.labels[track]
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', spec },
    metadata: { name, namespace: world.namespace, labels, annotations, ownerReferences },
  }
}

/** Puts a model back into the time before tracks, while it is suspended. */
const untrack = async ({ name, pods }: BusyModel): Promise<void> => {
  world.patchModel(name, { suspend: true })
  await world.condition(name, 'Suspended', 'True')
  const stable = deployment(`${name}-stable`)
  assert.ok(stable)
  world.kubectl.apply(untrackedOf(stable, name))
  if (world.kubectl.get('hpa', name, world.namespace)) {
    const patch = JSON.stringify({ spec: { scaleTargetRef: { name } } })
    inNamespace('patch', 'hpa', name, '--type=merge', '-p', patch)
  }
  await eventually(
    'the pods without a track are ready',
    () => deployment(name)?.['status'].availableReplicas === 3,
  )
  inNamespace('delete', 'deployment', `${name}-stable`, '--cascade=foreground')
  await eventually('pods have no track', () => pods().every(({ metadata }) => !metadata.labels?.[track]))
  assert.equal(pods().length, 3)
}

const isTaken = (model: BusyModel): void => {
  assert.deepEqual(
    model.deployments().map(({ metadata }) => metadata.name),
    [`${model.name}-stable`],
  )
  for (const { metadata } of model.pods()) assert.equal(metadata.labels?.[track], 'stable')
}

test('an operator that is killed half way is followed by one that goes on without a lost request', async () => {
  await untrack(fixed)
  await record.during({
    name: 'taken over, operator killed twice',
    models: [fixed],
    happens: async () => {
      world.patchModel('fixed', { suspend: null })
      for (const left of [2, 1]) {
        await eventually(
          `${left} pods without a track are left`,
          () => (deployment('fixed')?.['spec'].replicas ?? 0) <= left,
        )
        const name = leader(world.kubectl)
        const pod = operatorPods(world.kubectl).find(({ metadata }) => metadata.name === name)
        for (const pid of pod ? processIds(pod, 'main.ts') : []) process.kill(pid, 'SIGKILL')
      }
      await fixed.settled()
    },
  })
  isTaken(fixed)
})

test('what an autoscaler has chosen is taken over without a lost request', async () => {
  world.patchModel('scaled', { replicas: null, autoscaling: { minReplicas: 3, maxReplicas: 4 } })
  const hpa = (): Live | undefined => world.kubectl.get('hpa', 'scaled', world.namespace)
  await eventually('the autoscaler has looked at the pods', () => hpa()?.['status']?.currentReplicas === 3)
  await untrack(scaled)
  await record.during({
    name: 'taken over, with an autoscaler',
    models: [scaled],
    happens: async () => {
      world.patchModel('scaled', { suspend: null })
      await eventually('the Deployment without a track is gone', () => !deployment('scaled'), {
        timeoutMs: 240_000,
      })
      await eventually('the autoscaler scales the stable one', () => {
        const { spec, status } = hpa() ?? ({} as Live)
        return (
          spec.scaleTargetRef.name === 'scaled-stable' &&
          spec.minReplicas === 3 &&
          status.currentReplicas === 3
        )
      })
      await scaled.settled()
    },
  })
  isTaken(scaled)
  assert.notEqual(hpa()?.['spec'].behavior?.scaleUp?.selectPolicy, 'Disabled')
})
