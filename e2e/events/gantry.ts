/** Events of Gantry itself, which all models meet at the same time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionOf, eventually, type Live } from '../../local-cluster/kubectl.ts'
import type { BusyModel } from '../busy-model.ts'
import {
  chartRevision,
  chartValues,
  installChart,
  rollBackChart,
  uninstallChart,
  upgradeChart,
} from '../chart.ts'
import { operatorPods, processIds } from '../operator.ts'
import type { World } from '../world.ts'
import { leaderPod, restartsOf, type Scene, uidsOf } from './scene.ts'

/** The chart's rollout.fleet.maxModels. */
const mostAtATime = 3

const imageOf = (spec: Live['spec']): string => (spec.template?.spec ?? spec).containers[0].image

/** The Deployments of all models in the cluster: an operator may reach those of other tests first. */
const allDeployments = ({ kubectl }: World): readonly Live[] =>
  kubectl.list('deployment', undefined, 'gantry.dev/model')

/** @param tag gives an image another name */
export const gantryEvents = (scene: () => Scene, tag: (image: string) => string): void => {
  const all = (): readonly BusyModel[] => Object.values(scene().busy)
  const settled = async (): Promise<void> => void (await Promise.all(all().map((model) => model.settled())))
  const pods = () => all().flatMap((model) => model.pods())
  const images = (): string => [...new Set(pods().map(({ spec }) => imageOf(spec)))].join()
  test('an operator that is killed in mid-rollout costs nothing, and the rollout comes to its end', async () => {
    const { world, record, busy, round } = scene()
    const timeoutSeconds = 30 + (round % 2)
    const first = leaderPod(world)
    await record.during({
      name: 'operator killed in mid-rollout',
      models: all(),
      happens: async () => {
        const known = uidsOf(busy.settings.pods())
        world.patchModel('settings', { serve: { timeoutSeconds } })
        await eventually(
          'a pod of the rollout is there',
          () => uidsOf(busy.settings.pods()).some((uid) => !known.includes(uid)),
          { intervalMs: 100 },
        )
        for (const pid of processIds(first, 'main.ts')) process.kill(pid, 'SIGKILL')
        world.patchModel('versions', { serve: { timeoutSeconds } })
        await settled()
      },
    })
    const now = world.kubectl.get('pod', first.metadata.name, first.metadata.namespace)
    assert.ok(restartsOf(now) > restartsOf(first), 'the leader was killed')
  })

  test('Gantry uninstalled leaves all models serving, and takes them over when it is installed again', async () => {
    const { world, record, round } = scene()
    const known = uidsOf(pods())
    await record.during({
      name: 'Gantry uninstalled and installed again',
      models: all(),
      happens: async () => {
        const values = chartValues()
        uninstallChart()
        await eventually('the operator is gone', () => operatorPods(world.kubectl).length === 0)
        installChart(values)
        // A change that needs no new pod shows that an operator reconciles the models again.
        for (const { name } of all()) world.patchModel(name, { versionHistoryLimit: 5 + (round % 2) })
        await settled()
      },
    })
    assert.deepEqual(uidsOf(pods()), known)
  })

  test('an image that does not exist reaches a few models and costs nothing, and a rollback of the chart brings all back', async () => {
    const { world, record } = scene()
    const [image, revision] = [images(), chartRevision()]
    await record.during({
      name: 'server image missing, then rolled back',
      models: all(),
      happens: async () => {
        upgradeChart('--set', 'image.server=gantry/inference-server:nope')
        await eventually('the models that have not been reached say that the roll was stopped', () =>
          all().some(({ name }) => conditionOf(world.model(name), 'Ready')?.reason === 'FleetRollPaused'),
        )
        const reached = allDeployments(world).filter(({ spec }) => imageOf(spec).endsWith(':nope'))
        assert.ok(reached.length > 0 && reached.length <= mostAtATime, `${reached.length} were reached`)
        rollBackChart(revision)
        await eventually('every pod has the first image', () => images() === image)
        await settled()
      },
    })
  })

  test('another server image rolls over all models without a lost request', async () => {
    const tagged = tag(images())
    await scene().record.during({
      name: 'another server image for all models',
      models: all(),
      happens: async () => {
        upgradeChart('--set', `image.server=${tagged.replace(/^[^/]+\//, '')}`)
        await eventually('every pod has it', () => images() === tagged)
        await settled()
      },
    })
  })
}
