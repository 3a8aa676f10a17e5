/** What goes on for a model whose turn has not come. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { LiveDeployment, LivePod } from '@gantry/kube/live.ts'
import { desiredHash } from '../../runtime/converge.ts'
import type { Draft } from '../../testing/cluster.ts'
import { settledFleet, type TestFleet } from '../../testing/fleet.ts'
import { badIsNotPulled, imageOf, images, isServing, withImage } from '../../testing/images.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { at } from '../../testing/object-store.ts'
import { untrackedCluster } from '../../testing/untracked.ts'
import { observe } from '../observe.ts'
import { planOf } from '../plan.ts'
import { heldPlan } from './hold.ts'
import { recordOf, rollAnnotation } from './record.ts'

const waiting = 'm07'

/** The roll has stopped at an image that does not exist; m07 waits. */
const pausedFleet = async (models = 8): Promise<TestFleet> => {
  const fleet = await settledFleet({ models, stuck: badIsNotPulled })
  fleet.restart({ serverImage: images.bad })
  await fleet.settle()
  assert.ok(withImage(fleet, images.good).includes(waiting))
  return fleet
}
const deploymentOf = (fleet: TestFleet, name = waiting): LiveDeployment =>
  fleet.find<LiveDeployment>('Deployment', name) as LiveDeployment
const podsOf = (fleet: TestFleet, name = waiting): readonly LivePod[] =>
  fleet.all<LivePod>('Pod').filter((pod) => isServing(pod) && pod.metadata.name.startsWith(`${name}-`))
const userChanges = async (
  fleet: TestFleet,
  change: (spec: never) => void,
  name = waiting,
): Promise<void> => {
  fleet.edit('ModelDeployment', name, ({ spec }) => change(spec as never))
  await fleet.settle()
}
type Spec = Record<string, unknown>

test('a user scales a model that waits, and its pods stay as they are', async () => {
  const fleet = await pausedFleet()
  const template = deploymentOf(fleet).spec?.template
  await userChanges(fleet, (spec: Spec) => Object.assign(spec, { replicas: 3 }))
  assert.equal(podsOf(fleet).length, 3)
  assert.ok(podsOf(fleet).every((pod) => imageOf(pod) === images.good))
  assert.deepEqual(deploymentOf(fleet).spec?.template, template)
  assert.equal(fleet.condition(waiting, 'Ready')?.status, 'True')
  const written = fleet.writes.length
  fleet.restart()
  await fleet.settle()
  assert.equal(fleet.writes.length, written)
})

const own: Readonly<Record<string, (spec: Spec) => void>> = {
  'of how it serves': (spec) => Object.assign(spec, { serve: { ...(spec['serve'] as object), threads: 2 } }),
  'of its source': (spec) =>
    Object.assign(spec, {
      model: { ...(spec['model'] as object), source: { uri: 'https://models.example/2.tar.gz' } },
    }),
}
for (const [what, change] of Object.entries(own))
  test(`a user's own change ${what} does not wait, and takes the operator's change with it`, async () => {
    const fleet = await pausedFleet()
    await userChanges(fleet, change as never)
    assert.equal(imageOf(deploymentOf(fleet)), images.bad)
    assert.equal(recordOf(deploymentOf(fleet))?.cause, 'model')
    assert.equal(fleet.condition(waiting, 'Available')?.status, 'True', 'the old pod serves on')
  })

test('a suspended model does not roll, stays Ready, and rolls when it is suspended no more', async () => {
  const fleet = await settledFleet({ models: 8 })
  await userChanges(fleet, (spec: Spec) => Object.assign(spec, { suspend: true }))
  fleet.restart({ serverImage: images.better })
  await fleet.settle()
  assert.deepEqual(withImage(fleet, images.good), [waiting])
  assert.equal(fleet.condition(waiting, 'Ready')?.status, 'True')
  assert.deepEqual(fleet.operator().fleet.counts(), { waiting: 0, paused: false })
  await userChanges(fleet, (spec: Spec) => Object.assign(spec, { suspend: false }))
  assert.equal(imageOf(deploymentOf(fleet)), images.better)
  assert.equal(recordOf(deploymentOf(fleet))?.cause, 'operator')
})

test('a model of no pods waits like any other, and starts with what worked', async () => {
  const fleet = await settledFleet({ models: 8, stuck: badIsNotPulled })
  await userChanges(fleet, (spec: Spec) => Object.assign(spec, { replicas: 0 }))
  fleet.restart({ serverImage: images.bad })
  await fleet.settle()
  if (imageOf(deploymentOf(fleet)) === images.bad) return assert.fail('it was to wait behind the others')
  await userChanges(fleet, (spec: Spec) => Object.assign(spec, { replicas: 1 }))
  assert.ok(podsOf(fleet).every((pod) => imageOf(pod) === images.good))
  assert.equal(fleet.condition(waiting, 'Available')?.status, 'True')
})

test('models without pods take the change one after the other, and delay no other model', async () => {
  const fleet = await settledFleet({ models: 8 })
  for (const name of ['m00', 'm01', 'm02', 'm03'])
    await userChanges(fleet, (spec: Spec) => Object.assign(spec, { replicas: 0 }), name)
  fleet.restart({ serverImage: images.better })
  await fleet.settle()
  assert.equal(withImage(fleet, images.better).length, 8)
})

const tracing = { endpoint: 'http://collector.monitoring:4318', sampleRate: 1 }
const egressOf = (fleet: TestFleet, name: string): string =>
  JSON.stringify(at(fleet.find('NetworkPolicy', name) ?? {}, 'spec', 'egress'))

test('the network policy of a model that waits changes together with its pods', async () => {
  const fleet = await settledFleet({ models: 8, stuck: badIsNotPulled })
  const closed = egressOf(fleet, waiting)
  fleet.restart({ serverImage: images.bad, tracing })
  await fleet.settle()
  assert.equal(egressOf(fleet, waiting), closed)
  assert.notEqual(egressOf(fleet, 'm00'), closed)
  fleet.restart({ serverImage: images.better })
  await fleet.settle()
  assert.notEqual(egressOf(fleet, waiting), closed)
})

test('what others do to the objects of a model that waits is put right at once', async () => {
  const fleet = await pausedFleet()
  fleet.erase('Service', waiting)
  fleet.edit('NetworkPolicy', waiting, ({ spec }) => {
    spec.ingress = [{}]
  })
  fleet.erase('PodDisruptionBudget', waiting)
  await fleet.settle()
  assert.ok(fleet.find('Service', waiting))
  assert.ok(fleet.find('PodDisruptionBudget', waiting))
  assert.notDeepEqual(at(fleet.find('NetworkPolicy', waiting) ?? {}, 'spec', 'ingress'), [{}])
  assert.equal(imageOf(deploymentOf(fleet)), images.good)
})

/** Removes the records, so that Deployments look as an operator before records wrote them. */
const forgetRecords = (fleet: TestFleet): void => {
  for (const { metadata } of fleet.all('Deployment'))
    fleet.edit('Deployment', metadata.labels?.[labels.model] ?? '', (draft) => {
      const { [rollAnnotation]: _, [desiredHash]: __, ...annotations } = draft.metadata.annotations
      const { apiVersion, kind, metadata: live, spec } = structuredClone(draft)
      const {
        resourceVersion: ___,
        uid: ____,
        generation: _____,
        creationTimestamp: ______,
        ...identity
      } = live
      const { 'deployment.kubernetes.io/revision': _______, ...ours } = annotations
      // The API server's defaults are no part of the desired object.
      const { minReadySeconds: ________, ...desired } = spec
      const { dnsPolicy: _________, ...pods } = desired.template.spec
      const before = {
        ...{ apiVersion, kind },
        metadata: { ...identity, annotations: ours },
        spec: { ...desired, template: { ...desired.template, spec: pods } },
      }
      draft.metadata.annotations = { ...annotations, [desiredHash]: fingerprint(before, 16) }
    })
}

test('models of an operator from before there were waves change in waves, too', async () => {
  const fleet = await settledFleet({ models: 8, stuck: badIsNotPulled })
  forgetRecords(fleet)
  fleet.restart({ serverImage: images.bad })
  await fleet.settle()
  assert.ok(withImage(fleet, images.bad).length <= 3)
  assert.equal(fleet.announced.length, 1)
})

test('the first operator with waves restarts no pods where nothing else has changed', async () => {
  const fleet = await settledFleet({ models: 8 })
  const pods = fleet.all('Pod').map(({ metadata }) => metadata.uid)
  forgetRecords(fleet)
  fleet.restart()
  await fleet.settle()
  assert.deepEqual(
    fleet.all('Pod').map(({ metadata }) => metadata.uid),
    pods,
  )
  assert.ok(fleet.all('Deployment').every((deployment) => recordOf(deployment)?.cause === 'model'))
})

test('a record that the operator did not write is ignored', async () => {
  const fleet = await settledFleet({ models: 8, stuck: badIsNotPulled })
  for (const { metadata } of fleet.all('Deployment'))
    fleet.edit('Deployment', metadata.labels?.[labels.model] ?? '', (draft) => {
      draft.metadata.annotations[rollAnnotation] = '{"cause":"model","template":7'
    })
  fleet.restart({ serverImage: images.bad })
  await fleet.settle()
  assert.ok(withImage(fleet, images.bad).length <= 3)
})

/** Gives each model the one Deployment of its own name that an operator before tracks and records left. */
const forgetTracks = (fleet: TestFleet): void => {
  for (const stable of fleet.all<LiveDeployment>('Deployment')) {
    const { status: _, ...draft } = structuredClone(stable) as Draft
    const { namespace, annotations, ownerReferences, labels: marks } = draft.metadata
    const { [rollAnnotation]: __, ...others } = annotations
    delete draft.spec.selector.matchLabels[labels.track]
    delete draft.spec.template.metadata.labels[labels.track]
    const name = marks[labels.model]
    fleet.store.erase(stable)
    fleet.store.store({
      ...draft,
      metadata: { name, namespace, labels: marks, annotations: others, ownerReferences },
    })
  }
}
/** Models whose pods a stable Deployment has, or is about to have. */
const tracked = ({ all }: TestFleet): readonly string[] =>
  all('Deployment').flatMap(({ metadata }) =>
    metadata.name.endsWith('-stable') ? [metadata.labels?.[labels.model] ?? ''] : [],
  )

test('models without tracks are taken over in waves, and scaled meanwhile', async () => {
  const fleet = await settledFleet({ models: 8, stuck: badIsNotPulled })
  forgetTracks(fleet)
  fleet.restart({ serverImage: images.bad })
  await fleet.settle()
  assert.ok(tracked(fleet).length >= 1 && tracked(fleet).length <= 3, `${tracked(fleet)} were begun`)
  assert.equal(fleet.announced.length, 1)
  assert.ok(!tracked(fleet).includes(waiting))
  assert.equal(fleet.condition(waiting, 'Ready')?.status, 'True')
  await userChanges(fleet, (spec: Spec) => Object.assign(spec, { replicas: 3 }))
  assert.equal(podsOf(fleet).filter((pod) => imageOf(pod) === images.good).length, 3)
  const written = fleet.writes.length
  fleet.restart()
  await fleet.settle()
  assert.equal(fleet.writes.length, written)
  fleet.restart({ serverImage: images.better })
  await fleet.settle()
  assert.equal(tracked(fleet).length, 8)
  assert.equal(fleet.all('Deployment').length, 8)
  assert.equal(fleet.condition(waiting, 'Ready')?.status, 'True')
})

test('a takeover that waits half way goes on with the pods that there are, and forgets no number', async () => {
  const autoscaling = { minReplicas: 2, maxReplicas: 9 }
  const cluster = await untrackedCluster({ model: modelDeployment({ spec: { autoscaling } }) })
  cluster.edit(
    'Deployment',
    ({ spec }) => {
      spec.replicas = 7
    },
    'intents',
  )
  while (cluster.step());
  await cluster.pass()
  while (cluster.step());
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.suspend = true // so that the next pass sees the new pods and does nothing about it
  })
  await cluster.pass()
  const observed = await observe(cluster.world, cluster.model())
  const { model, configMaps, tracks } = observed
  assert.ok(tracks.stable && observed.untracked, 'half way')
  const plan = planOf(observed, { ...cluster.world.config, serverImage: images.better }, 0)
  const desired = plan.apply.find(({ kind }) => kind === 'Deployment') as Draft
  const standing = { model, deployment: tracks.stable, record: undefined, configMaps, live: () => undefined }
  const held = heldPlan(plan, desired, standing)
  const deployment = held.apply.find(({ kind }) => kind === 'Deployment') as Draft
  // Nothing is applied where it is as it was; what is applied is of the same pods and keeps its numbers.
  assert.deepEqual(deployment?.spec.template ?? tracks.stable.spec?.template, tracks.stable.spec?.template)
  assert.equal((deployment ?? tracks.stable).metadata.annotations['gantry.dev/takes-over'], '7')
  assert.equal((deployment ?? tracks.stable).spec.replicas, desired.spec.replicas)
  assert.deepEqual(held.adjust, plan.adjust)
  assert.ok(plan.adjust.length > 0, 'a step of the old Deployment is due')
})
