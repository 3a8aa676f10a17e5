/** A change of the operator's own settings or code, over many models. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import { isReady, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import type { FleetOptions, TestFleet } from '../../testing/fleet.ts'
import { nameOf, settledFleet } from '../../testing/fleet.ts'

const good = 'registry.example/inference-server:1'
const better = 'registry.example/inference-server:2'
const bad = 'registry.example/inference-server:nope'

const imageOf = (object: LivePod | LiveDeployment): string | undefined => {
  const spec =
    'template' in (object.spec ?? {}) ? (object as LiveDeployment).spec?.template?.spec : object.spec
  return (spec as LivePod['spec'])?.containers?.[0]?.image
}
const withImage = ({ all }: Pick<TestFleet, 'all'>, image: string): readonly string[] =>
  all<LiveDeployment>('Deployment')
    .filter((deployment) => imageOf(deployment) === image)
    .map(({ metadata }) => metadata.name)

/** An image that no registry has. */
const pullFails = (pod: LivePod): LivePod['status'] | undefined =>
  imageOf(pod) === bad
    ? {
        phase: 'Pending',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [
          {
            name: 'server',
            ready: false,
            state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } },
          },
        ],
      }
    : undefined

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => nameOf(index))
const readyOf = (fleet: TestFleet, name: string) => fleet.condition(name, 'Ready')
const allReady = (fleet: TestFleet, count: number): boolean =>
  names(count).every((name) => readyOf(fleet, name)?.status === 'True')

/** Most models at one time whose Deployment runs one template on some pods and another on others, or has a pod that is not ready. */
const watchRolls = () => {
  let most = 0
  let fewestReady = Number.POSITIVE_INFINITY
  const onRound: FleetOptions['onRound'] = ({ all }) => {
    const pods = all<LivePod>('Pod').filter(
      ({ metadata }) => metadata.labels?.[labels.component] === components.server,
    )
    const models = new Map<string, Set<string | undefined>>()
    for (const pod of pods) {
      const model = pod.metadata.labels?.[labels.model] ?? ''
      models.set(model, (models.get(model) ?? new Set()).add(imageOf(pod)))
    }
    most = Math.max(most, [...models.values()].filter(({ size }) => size > 1).length)
    const serving = new Set(pods.filter(isReady).map(({ metadata }) => metadata.labels?.[labels.model]))
    fewestReady = Math.min(fewestReady, serving.size)
  }
  return {
    onRound,
    begin: (): void => {
      most = 0
      fewestReady = Number.POSITIVE_INFINITY
    },
    most: () => most,
    fewestReady: () => fewestReady,
  }
}

test('an image that cannot be pulled reaches as many models as may roll at a time, and all go on serving', async () => {
  const rolls = watchRolls()
  const fleet = await settledFleet({ models: 25, stuck: pullFails, onRound: rolls.onRound })
  assert.equal(withImage(fleet, good).length, 25)
  rolls.begin()
  fleet.restart({ serverImage: bad })
  await fleet.settle()
  assert.ok(withImage(fleet, bad).length <= 3, `${withImage(fleet, bad).length} models got the bad image`)
  assert.equal(rolls.fewestReady(), 25)
})

test('a good image comes to all models, a few at a time', async () => {
  const rolls = watchRolls()
  const fleet = await settledFleet({ models: 25, onRound: rolls.onRound })
  rolls.begin()
  fleet.restart({ serverImage: better })
  await fleet.settle()
  assert.equal(withImage(fleet, better).length, 25)
  assert.ok(rolls.most() <= 3, `${rolls.most()} models rolled at a time`)
  assert.equal(rolls.fewestReady(), 25)
  assert.ok(allReady(fleet, 25))
})
