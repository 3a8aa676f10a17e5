/** A change of the operator's own settings or code, over many models. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import { isReady, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { type FleetOptions, nameOf, settledFleet, type TestFleet } from '../../testing/fleet.ts'
import {
  badIsNotPulled,
  crashing,
  imageOf,
  images,
  isServing,
  notPulled,
  unschedulable,
  withImage,
} from '../../testing/images.ts'

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => nameOf(index))
const readyOf = (fleet: TestFleet, name: string) => fleet.condition(name, 'Ready')
const areReady = (fleet: TestFleet, models: readonly string[]): boolean =>
  models.every((name) => readyOf(fleet, name)?.status === 'True')
const events = ({ all }: TestFleet, reason: string): readonly KubernetesObject[] =>
  all('Event').filter((event) => event['reason'] === reason)

/** Whether its Deployment has begun with another template and not ended. */
const isRolling = (deployment: LiveDeployment, pods: readonly LivePod[]): boolean => {
  const own = pods.filter(
    ({ metadata }) => metadata.labels?.[labels.model] === deployment.metadata.labels?.[labels.model],
  )
  return own.some((pod) => imageOf(pod) !== imageOf(deployment) || !isReady(pod))
}

/** How many models rolled at one time at most, and how few served. */
const observer = () => {
  let most = 0
  let fewestReady = Number.POSITIVE_INFINITY
  const onRound: FleetOptions['onRound'] = ({ all }) => {
    const pods = all<LivePod>('Pod').filter(isServing)
    most = Math.max(most, all<LiveDeployment>('Deployment').filter((one) => isRolling(one, pods)).length)
    const serving = new Set(pods.filter(isReady).map(({ metadata }) => metadata.labels?.[labels.model]))
    fewestReady = Math.min(fewestReady, serving.size)
  }
  const begin = (): void => {
    most = 0
    fewestReady = Number.POSITIVE_INFINITY
  }
  return { onRound, begin, most: () => most, fewestReady: () => fewestReady }
}

/** A fleet whose roll has stopped at an image that does not exist. */
const pausedFleet = async (options: FleetOptions = {}): Promise<TestFleet> => {
  const fleet = await settledFleet({ models: 8, stuck: badIsNotPulled, ...options })
  fleet.restart({ serverImage: images.bad })
  await fleet.settle()
  return fleet
}
const waitingOf = (fleet: TestFleet): readonly string[] => withImage(fleet, images.good)

test('an image that cannot be pulled reaches as many models as may roll at a time, and all go on serving', async () => {
  const rolls = observer()
  const fleet = await settledFleet({ models: 25, stuck: badIsNotPulled, onRound: rolls.onRound })
  rolls.begin()
  fleet.restart({ serverImage: images.bad })
  await fleet.settle()
  assert.ok(withImage(fleet, images.bad).length <= 3, `${withImage(fleet, images.bad).length} models got it`)
  assert.equal(rolls.fewestReady(), 25)
})

test('a good image comes to all models, a few at a time, and nothing is written once it has', async () => {
  const rolls = observer()
  const fleet = await settledFleet({ models: 25, onRound: rolls.onRound })
  rolls.begin()
  fleet.restart({ serverImage: images.better })
  await fleet.settle()
  assert.equal(withImage(fleet, images.better).length, 25)
  assert.ok(rolls.most() <= 3, `${rolls.most()} models rolled at a time`)
  assert.equal(rolls.fewestReady(), 25)
  assert.ok(areReady(fleet, names(25)))
  assert.deepEqual(fleet.announced, [])
  const written = fleet.writes.length
  fleet.restart()
  await fleet.settle()
  assert.equal(fleet.writes.length, written)
})

test('a fleet that has stopped says so once, in the operator’s own Event, and writes nothing while it waits', async () => {
  const fleet = await pausedFleet()
  const [told, ...more] = fleet.announced
  assert.deepEqual(more, [])
  assert.equal(told?.reason, 'FleetRollPaused')
  assert.match(told?.message ?? '', /demo\/m\d\d \(ImagePull\).*old pods serve.*helm rollback.*maxFailed/)
  assert.deepEqual(fleet.operator().fleet.counts(), { waiting: 5, paused: true })
  const written = fleet.writes.length
  fleet.advance(3_600_000)
  for (const name of names(8)) fleet.operator().keys.add(`demo/${name}`)
  await fleet.settle()
  assert.equal(fleet.writes.length, written)
})

test('a model that waits stays Ready, says why in a sentence, and names no model of another owner', async () => {
  const fleet = await pausedFleet()
  assert.equal(waitingOf(fleet).length, 5)
  for (const name of waitingOf(fleet)) {
    const { status, reason, message = '' } = readyOf(fleet, name) ?? {}
    assert.deepEqual({ status, reason }, { status: 'True', reason: 'FleetRollPaused' })
    assert.match(message, /serves on 1 pod\. A change of the operator's own settings or version was stopped/)
    assert.doesNotMatch(message, /m\d\d/)
    assert.equal(fleet.condition(name, 'Reconciling')?.status, 'False')
    assert.equal(fleet.condition(name, 'Stalled')?.status, 'False')
  }
  assert.equal(events(fleet, 'FleetRollPaused').length, 5)
})

test('after a rollback the models that failed go back, and nothing is done to the others', async () => {
  const fleet = await pausedFleet()
  const failed = withImage(fleet, images.bad)
  const waiting = waitingOf(fleet)
  const from = fleet.writes.length
  fleet.restart({ serverImage: images.good })
  await fleet.settle()
  assert.equal(withImage(fleet, images.good).length, 8)
  assert.ok(areReady(fleet, names(8)))
  const applied = fleet.writes
    .slice(from)
    .filter(({ kind, verb }) => kind === 'Deployment' && verb === 'apply')
  assert.deepEqual(applied.map(({ name }) => name).sort(), failed.map((name) => `${name}-stable`).sort())
  assert.ok(waiting.every((name) => readyOf(fleet, name)?.reason === 'Ready'))
  assert.equal(fleet.operator().fleet.counts().waiting, 0)
})

test('it goes on by itself once the settings are right', async () => {
  const rolls = observer()
  const fleet = await pausedFleet({ onRound: rolls.onRound })
  rolls.begin()
  fleet.restart({ serverImage: images.better })
  await fleet.settle()
  assert.equal(withImage(fleet, images.better).length, 8)
  assert.ok(areReady(fleet, names(8)))
  assert.equal(rolls.fewestReady(), 8)
  assert.deepEqual(
    fleet.announced.map(({ reason }) => reason),
    ['FleetRollPaused'],
  )
})

test('it goes on by itself once what failed works, and says so', async () => {
  const fleet = await pausedFleet()
  fleet.setStuck(() => undefined)
  await fleet.settle()
  assert.equal(withImage(fleet, images.bad).length, 8)
  assert.ok(areReady(fleet, names(8)))
  assert.deepEqual(
    fleet.announced.map(({ reason }) => reason),
    ['FleetRollPaused', 'FleetRollResumed'],
  )
})

test('an operator that takes over finds the fleet stopped, and touches no further model', async () => {
  const fleet = await pausedFleet()
  const failed = withImage(fleet, images.bad)
  fleet.restart()
  await fleet.settle()
  assert.deepEqual(withImage(fleet, images.bad), failed)
})

test('an operator that takes over in the middle of a wave lets no more models roll than before', async () => {
  const rolls = observer()
  const fleet = await settledFleet({ models: 8, onRound: rolls.onRound })
  rolls.begin()
  fleet.restart({ serverImage: images.better })
  for (let takeover = 0; takeover < 40; takeover += 1) {
    for (let round = 0; round < 3; round += 1) await fleet.round()
    fleet.restart()
  }
  await fleet.settle()
  assert.ok(rolls.most() <= 3, `${rolls.most()} models rolled at a time`)
  assert.equal(withImage(fleet, images.better).length, 8)
})

test('where some may fail, the others go on', async () => {
  const isFirst = ({ metadata }: LivePod) => metadata.labels?.[labels.model] === 'm00'
  const fleet = await settledFleet({
    ...{ models: 8, config: { fleet: { maxModels: 3, maxFailed: 0 } } },
    stuck: (pod) => (isFirst(pod) && imageOf(pod) === images.better ? crashing : undefined),
  })
  fleet.restart({ serverImage: images.better })
  await fleet.settle()
  assert.ok(waitingOf(fleet).length > 0)
  fleet.restart({ fleet: { maxModels: 3, maxFailed: 1 } })
  await fleet.settle()
  assert.equal(withImage(fleet, images.better).length, 8)
  assert.ok(areReady(fleet, names(8).slice(1)))
})

for (const [what, act] of Object.entries<(fleet: TestFleet, name: string) => void>({
  'is deleted': (fleet, name) => fleet.erase('ModelDeployment', name),
  'is changed by its owner': (fleet, name) =>
    fleet.edit('ModelDeployment', name, ({ spec }) => {
      spec.serve.threads = 2
    }),
}))
  test(`a model that failed stops the others no longer once it ${what}`, async () => {
    const isFirst = ({ metadata }: LivePod) => metadata.labels?.[labels.model] === 'm00'
    const fleet = await settledFleet({
      models: 8,
      stuck: (pod) => (isFirst(pod) && imageOf(pod) === images.better ? notPulled : undefined),
    })
    fleet.restart({ serverImage: images.better })
    await fleet.settle()
    assert.equal(fleet.operator().fleet.counts().paused, true)
    act(fleet, 'm00')
    await fleet.settle()
    assert.equal(waitingOf(fleet).length, 0)
    assert.ok(areReady(fleet, names(8).slice(1)))
  })

test('models whose pods did not start before the change stop no roll, take part in it, and recover when the change fixes them', async () => {
  const isBroken = ({ metadata }: LivePod) =>
    ['m00', 'm01', 'm02', 'm03'].includes(metadata.labels?.[labels.model] ?? '')
  const fleet = await settledFleet({ models: 8 })
  fleet.setStuck((pod) =>
    isServing(pod) && isBroken(pod) && imageOf(pod) !== images.bad ? crashing : undefined,
  )
  await fleet.settle()
  fleet.restart({ serverImage: images.better })
  await fleet.settle()
  assert.equal(withImage(fleet, images.better).length, 8)
  assert.deepEqual(fleet.announced, [])
  // Now an image with which only those start that did not: the others stop it, and hold up none of those.
  fleet.setStuck((pod) =>
    isServing(pod) && isBroken(pod) !== (imageOf(pod) === images.bad) ? crashing : undefined,
  )
  fleet.restart({ serverImage: images.bad })
  await fleet.settle()
  assert.ok(areReady(fleet, ['m00', 'm01', 'm02', 'm03']))
  assert.ok(withImage(fleet, images.better).length >= 1)
})

test('without room for a pod beside the old one it waits, stops when the Deployment gives up, and goes on with room', async () => {
  const fleet = await settledFleet({ models: 8 })
  const noRoom = (pod: LivePod) =>
    isServing(pod) && imageOf(pod) === images.better ? unschedulable : undefined
  fleet.setStuck(noRoom)
  fleet.restart({ serverImage: images.better })
  for (let round = 0; round < 200; round += 1) await fleet.round()
  assert.equal(withImage(fleet, images.better).length, 3)
  assert.deepEqual(fleet.announced, [])
  await fleet.settle()
  assert.deepEqual(
    fleet.announced.map(({ reason }) => reason),
    ['FleetRollPaused'],
  )
  assert.match(fleet.announced.map(({ message }) => message).join(), /RolloutTimedOut/)
  fleet.setStuck(() => undefined)
  await fleet.settle()
  assert.equal(withImage(fleet, images.better).length, 8)
  assert.ok(areReady(fleet, names(8)))
})

test('models whose pods are ready and do not say what they serve hold up the others, and stop them in the end', async () => {
  const fleet = await settledFleet({ models: 8, answers: (pod) => imageOf(pod) !== images.better })
  fleet.restart({ serverImage: images.better })
  for (let round = 0; round < 200; round += 1) await fleet.round()
  assert.equal(withImage(fleet, images.better).length, 3)
  assert.deepEqual(fleet.announced, [])
  await fleet.settle()
  assert.equal(withImage(fleet, images.better).length, 3)
  assert.match(fleet.announced.map(({ message }) => message).join(), /NotAnswering/)
})

test('what another release rolls takes no place, and what fails there stops nothing here', async () => {
  const fleet = await pausedFleet()
  const { cache, follow, fleet: gate } = fleet.operator()
  const [next = ''] = waitingOf(fleet)
  assert.equal(gate.ask(cache, `demo/${next}`, false), 'paused')
  for (const name of withImage(fleet, images.bad)) {
    fleet.edit('ModelDeployment', name, ({ status }) => (status.managedBy = 'elsewhere/gantry'))
  }
  follow()
  assert.equal(gate.ask(cache, `demo/${next}`, false), 'go')
})
