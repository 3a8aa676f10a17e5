/** What people and clusters do in the middle of a wave. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError } from '@gantry/kube/errors.ts'
import { nameOf, settledFleet } from '../../testing/fleet.ts'
import { badIsNotPulled, images, withImage } from '../../testing/images.ts'
import { keyOf } from '../../testing/object-store.ts'

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => nameOf(index))

test('models whose Deployments somebody has paused keep no place, or three of them would keep all others out for ever', async () => {
  const fleet = await settledFleet({ models: 8 })
  for (const name of ['m00', 'm01', 'm02'])
    fleet.edit('Deployment', name, ({ spec }) => {
      spec.paused = true
    })
  fleet.restart({ serverImage: images.better })
  await fleet.settle()
  assert.equal(withImage(fleet, images.better).length, 8)
})

test('a new leader that finds a wave complete, long ago, says of no model that it failed', async () => {
  for (let most = 8; most <= 40; most += 8) {
    const fleet = await settledFleet({ models: 12 })
    fleet.restart({ serverImage: images.better })
    for (let rounds = 0; rounds < most; rounds += 1) await fleet.round()
    fleet.withoutOperator()
    fleet.advance(600_000)
    fleet.restart()
    for (const name of names(12).toReversed()) fleet.operator().keys.add(`demo/${name}`)
    await fleet.settle()
    assert.deepEqual(fleet.announced, [], `the leader changed after ${most} rounds`)
    assert.equal(withImage(fleet, images.better).length, 12)
  }
})

test('a default of a new CRD is nobody’s change also where a model was scaled since its last roll', async () => {
  const fleet = await settledFleet({ models: 8, stuck: badIsNotPulled })
  for (const name of names(8))
    fleet.edit('ModelDeployment', name, ({ spec }) => {
      spec.replicas = 2
    })
  await fleet.settle()
  for (const name of names(8)) {
    const model = fleet.model(name)
    const spec = { ...model.spec, serve: { ...model.spec.serve, threads: 3 } }
    // A default does not change the generation.
    fleet.store.objects.set(keyOf('ModelDeployment', 'demo', name), { ...model, spec })
  }
  fleet.restart({ serverImage: images.bad })
  await fleet.settle()
  assert.ok(withImage(fleet, images.bad).length <= 3, `${withImage(fleet, images.bad).length} models got it`)
})

test('answers that are lost while the watches are late let no further model begin', async () => {
  const fleet = await settledFleet({ models: 25, stuck: badIsNotPulled, lag: 12 })
  fleet.restart({ serverImage: images.bad })
  fleet.faults.after = ({ kind, verb }) => {
    if (kind === 'Deployment' && verb === 'apply') throw new ApiError(504, 'Timeout', 'no answer')
  }
  for (let rounds = 0; rounds < 200; rounds += 1) await fleet.round()
  assert.ok(withImage(fleet, images.bad).length <= 3, `${withImage(fleet, images.bad).length} models got it`)
  fleet.faults.after = undefined
  fleet.restart({ serverImage: images.good })
  await fleet.settle()
  assert.equal(withImage(fleet, images.good).length, 25)
})
