/**
 * What each event costs those who ask: models answer steady requests, over kept connections and over new ones, while
 * events happen to them and to Gantry. The table of what was sent and lost is printed at the end.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { modelSelector } from '../../contract/labels.ts'
import { conditionOf, eventually, type Live } from '../../local-cluster/kubectl.ts'
import { applyVersions, type BusyModel, openBusyModel, versionSource } from '../busy-model.ts'
import {
  type Chart,
  chart,
  installChart,
  restoreChart,
  rollBackChart,
  uninstallChart,
  upgradeChart,
} from '../chart.ts'
import { recordEvents } from '../event-record.ts'
import { removeImage, tagImage } from '../node-images.ts'
import { leader, operatorPods, processIds } from '../operator.ts'
import { openWorld, small, type World } from '../world.ts'

const tableFile = process.env['GANTRY_EVENT_TABLE']

let world: World
const record = recordEvents()
/** Each gets events of its own, at the same time as the others. */
const busy: Record<'versions' | 'pods' | 'settings', BusyModel> = {} as never
const all = (): readonly BusyModel[] => Object.values(busy)
/** The chart's release as no event has changed it. */
let release: Chart

before(async () => {
  world = openWorld('availability')
  release = chart()
  applyVersions(world, [1000, 2000])
  const open = async (name: keyof typeof busy): Promise<void> => {
    busy[name] = await openBusyModel(world, name, { summand: 1000, replicas: 2 })
  }
  await Promise.all([open('versions'), open('pods'), open('settings')])
})
after(async () => {
  const table = await record.close(all())
  console.log(`\n${table}\n`)
  if (tableFile) writeFileSync(tableFile, `${table}\n`)
  world.close()
  restoreChart(release)
})

const uidsOf = (objects: readonly Live[]): readonly string[] =>
  objects.map(({ metadata }) => metadata.uid).sort()

const inNamespace = (...args: readonly string[]): string =>
  world.kubectl.run([...args, '--namespace', world.namespace])

/** The operator's pod that holds the Lease. */
const leaderPod = (): Live => {
  const name = leader(world.kubectl)
  const found = operatorPods(world.kubectl).find(({ metadata }) => metadata.name === name)
  assert.ok(found, `the leader ${name} is a pod of the operator`)
  return found
}

const restartsOf = (pod: Live | undefined): number => pod?.['status'].containerStatuses[0].restartCount

/** Asks for the eviction of a pod as `kubectl drain` does: again and again while its budget does not allow it. */
const evict = (pod: Live): Promise<boolean> => {
  const { name, namespace } = pod.metadata
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } }
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`
  return eventually(`${name} may be evicted`, () => {
    const { ok, output } = world.kubectl.attempt(
      ['create', '--raw', path, '-f', '-'],
      JSON.stringify(eviction),
    )
    return ok || Promise.reject(new Error(output))
  })
}

describe('while each model meets events of its own', { concurrency: true }, () => {
  describe('its versions', { concurrency: false }, () => {
    test('a new version takes over without a lost request', async () => {
      const { versions } = busy
      await versions.traffic.expect([1000, 2000])
      await record.during({
        name: 'new version',
        models: [versions],
        happens: async () => {
          world.patchModel('versions', { model: { source: versionSource(2000), version: '2000' } })
          await versions.settled()
        },
      })
      await versions.traffic.expect([2000])
      const { activeVersion, versions: known } = world.model('versions')['status']
      assert.deepEqual(
        known.map(({ label, phase }: { label: string; phase: string }) => [label, phase]),
        [
          ['1000', 'Imported'],
          ['2000', 'Serving'],
        ],
      )
      assert.equal(known[1].id, activeVersion)
    })

    test('the id of an older version brings it back without an import and without a lost request', async () => {
      const { versions } = busy
      const [first] = world.model('versions')['status'].versions
      const jobs = (): readonly string[] =>
        uidsOf(world.kubectl.list('job', world.namespace, modelSelector('versions')))
      const before = jobs()
      await versions.traffic.expect([1000, 2000])
      await record.during({
        name: 'back by its id',
        models: [versions],
        happens: async () => {
          world.patchModel('versions', { model: { version: first.id } })
          await versions.settled()
        },
      })
      await versions.traffic.expect([1000])
      assert.equal(world.model('versions')['status'].activeVersion, first.id)
      assert.deepEqual(
        jobs().filter((uid) => !before.includes(uid)),
        [],
      )
    })

    test('a version that cannot be imported leaves the old one serving', async () => {
      const { activeVersion } = world.model('versions')['status']
      const pods = uidsOf(busy.versions.pods())
      world.kubectl.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'bad', namespace: world.namespace },
        data: { 'model.onnx': '<!doctype html><title>Sign in</title>' },
      })
      await record.during({
        name: 'bad version',
        models: [busy.versions],
        happens: async () => {
          world.patchModel('versions', {
            model: { source: { configMapRef: { name: 'bad' } }, version: 'bad' },
          })
          await world.condition('versions', 'Stalled', 'True', 'NotOnnx')
        },
      })
      const live = world.model('versions')
      assert.equal(live['status'].activeVersion, activeVersion)
      assert.equal(conditionOf(live, 'Available')?.status, 'True')
      assert.deepEqual(uidsOf(busy.versions.pods()), pods)
      world.patchModel('versions', { model: { source: versionSource(1000), version: activeVersion } })
      await busy.versions.settled()
    })
  })

  describe('its pods', { concurrency: false }, () => {
    test('one of two pods is deleted without a lost request', async () => {
      const { pods } = busy
      await record.during({
        name: 'one of two pods deleted',
        models: [pods],
        happens: async () => {
          inNamespace('delete', 'pod', pods.pods()[0]?.metadata.name ?? '', '--wait=true')
          await pods.settled()
        },
      })
    })

    test('all pods are evicted without a lost request', async () => {
      const { pods } = busy
      const before = pods.pods()
      await record.during({
        name: 'all pods evicted',
        models: [pods],
        happens: async () => {
          for (const pod of before) await evict(pod)
          await pods.settled()
        },
      })
      const left = uidsOf(pods.pods())
      assert.ok(before.every(({ metadata }) => !left.includes(metadata.uid)))
    })

    test('kubectl scale adds a pod and takes it away without a lost request', async () => {
      const { pods } = busy
      await record.during({
        name: 'scaled out and in',
        models: [pods],
        happens: async () => {
          inNamespace('scale', 'modeldeployment', 'pods', '--replicas=3')
          await pods.settled()
          inNamespace('scale', 'modeldeployment', 'pods', '--replicas=2')
          await pods.settled()
        },
      })
    })

    test('a deleted Deployment comes back without a lost request', async () => {
      const { pods } = busy
      await record.during({
        name: 'Deployment deleted',
        models: [pods],
        happens: async () => {
          const before = uidsOf(pods.deployments())
          inNamespace('delete', 'deployment', '--selector', modelSelector('pods'))
          await eventually('a new Deployment is there', () => {
            const now = uidsOf(pods.deployments())
            return now.length === before.length && now.every((uid) => !before.includes(uid))
          })
          await pods.settled()
        },
      })
    })
  })

  describe('its settings', { concurrency: false }, () => {
    test('a changed setting rolls out without a lost request', async () => {
      const { settings } = busy
      const before = uidsOf(settings.pods())
      await record.during({
        name: 'settings changed',
        models: [settings],
        happens: async () => {
          world.patchModel('settings', { serve: { timeoutSeconds: 20 } })
          await settings.settled()
        },
      })
      assert.ok(uidsOf(settings.pods()).every((uid) => !before.includes(uid)))
    })

    test('autoscaling takes the pods over and gives them back without a lost request', async () => {
      const { settings } = busy
      await record.during({
        name: 'autoscaling on and off',
        models: [settings],
        happens: async () => {
          const autoscaling = { minReplicas: 2, maxReplicas: 3 }
          world.patchModel('settings', { replicas: null, autoscaling })
          await eventually(
            'the autoscaler has looked at the pods',
            () => world.kubectl.get('hpa', 'settings', world.namespace)?.['status'].currentReplicas === 2,
          )
          await settings.settled()
          world.patchModel('settings', { replicas: 2, autoscaling: null })
          await eventually(
            'the autoscaler is gone',
            () => !world.kubectl.get('hpa', 'settings', world.namespace),
          )
          await settings.settled()
        },
      })
    })

    test('a claim that is refused to another model costs those that serve nothing', async () => {
      await record.during({
        name: "another model's claim refused",
        models: [busy.settings],
        happens: async () => {
          world.kubectl.apply({
            apiVersion: 'v1',
            kind: 'ResourceQuota',
            metadata: { name: 'no-claims', namespace: world.namespace },
            spec: { hard: { persistentvolumeclaims: '0' } },
          })
          const model = { task: 'tensor', source: versionSource(1000) }
          world.applyModel('refused', { model, ...small })
          await world.condition('refused', 'Stalled', 'True', 'QuotaRefused')
          inNamespace('delete', 'modeldeployment', 'refused')
          inNamespace('delete', 'resourcequota', 'no-claims')
        },
      })
    })
  })
})

describe('while all models meet the same event', () => {
  /** The server's image, as the chart names it at first. */
  let image: string
  /** The same image by another name. */
  let other: string | undefined
  before(() => {
    image = [...images()].join()
  })
  after(() => other && removeImage(other))
  const settled = async (): Promise<void> => void (await Promise.all(all().map((model) => model.settled())))
  const images = (): ReadonlySet<string> =>
    new Set(all().flatMap((model) => model.pods().map((pod) => pod['spec'].containers[0].image)))

  test('an operator that is killed in mid-rollout costs nothing, and the rollout comes to its end', async () => {
    await record.during({
      name: 'operator killed in mid-rollout',
      models: all(),
      happens: async () => {
        const first = leaderPod()
        const before = uidsOf(busy.settings.pods())
        world.patchModel('settings', { serve: { timeoutSeconds: 21 } })
        await eventually(
          'a pod of the rollout is there',
          () => uidsOf(busy.settings.pods()).some((uid) => !before.includes(uid)),
          { intervalMs: 100 },
        )
        for (const pid of processIds(first, 'main.ts')) process.kill(pid, 'SIGKILL')
        world.patchModel('versions', { serve: { timeoutSeconds: 21 } })
        await settled()
        const now = world.kubectl.get('pod', first.metadata.name, first.metadata.namespace)
        assert.ok(restartsOf(now) > restartsOf(first), 'the leader was killed')
      },
    })
  })

  test('Gantry uninstalled leaves all models serving, and takes them over when it is installed again', async () => {
    const pods = (): readonly string[] => all().flatMap((model) => uidsOf(model.pods()))
    const before = pods()
    await record.during({
      name: 'uninstalled and installed again',
      models: all(),
      happens: async () => {
        uninstallChart()
        await eventually('the operator is gone', () => operatorPods(world.kubectl).length === 0)
        installChart(release.values)
        release = chart()
        // A change that no pod is made for shows that somebody looks after the models again.
        for (const { name } of all()) world.patchModel(name, { versionHistoryLimit: 4 })
        await settled()
      },
    })
    assert.deepEqual(pods(), before)
  })

  test('a new server image rolls over all models without a lost request', async () => {
    const tagged = tagImage(image, 'another-tag')
    other = tagged
    await record.during({
      name: 'new server image for all models',
      models: all(),
      happens: async () => {
        upgradeChart('--set', `image.server=${tagged.replace(/^[^/]+\//, '')}`)
        await eventually('every pod has it', () => [...images()].join() === tagged)
        await settled()
      },
    })
  })

  test('an image that does not exist costs nothing, and a rollback of the chart brings all models back', async () => {
    await record.during({
      name: 'server image missing, then rolled back',
      models: all(),
      happens: async () => {
        upgradeChart('--set', 'image.server=gantry/inference-server:nope')
        await eventually('a pod misses its image', () =>
          all().some((model) =>
            model
              .pods()
              .some((pod) =>
                /^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull)$/.test(
                  pod['status'].containerStatuses?.[0]?.state.waiting?.reason ?? '',
                ),
              ),
          ),
        )
        rollBackChart(release.revision ?? '')
        await eventually('every pod has the first image', () => [...images()].join() === image)
        await settled()
      },
    })
  })
})
