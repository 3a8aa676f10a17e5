/**
 * What each event costs those who ask: models answer steady requests, over kept connections and over new ones, while
 * events happen to them and to Gantry. The table of what was sent and lost is printed at the end.
 *
 * `npm run soak` asks more often, repeats the events, and adds those that take long or may cost something.
 */
import { writeFileSync } from 'node:fs'
import { after, before, describe } from 'node:test'
import { restartApiServer } from '../../local-cluster/cluster.ts'
import { localPaths } from '../../local-cluster/local.ts'
import { noProgress } from '../../local-cluster/progress.ts'
import { applyVersions, type BusyModel, type BusyModelOptions, openBusyModel } from '../busy-model.ts'
import { chartValues, installChart, upgradeChart } from '../chart.ts'
import { recordEvents } from '../event-record.ts'
import { gantryEvents } from '../events/gantry.ts'
import { outageEvents } from '../events/outages.ts'
import { canaryEvents, canaryOutages, canarySpec, sleepEvents, sleepingSpec } from '../events/path.ts'
import { podEvents } from '../events/pods.ts'
import { one, type Scene, two } from '../events/scene.ts'
import { settingsEvents } from '../events/settings.ts'
import { versionEvents } from '../events/versions.ts'
import { removeImage, tagImage } from '../node-images.ts'
import { soak } from '../soak.ts'
import { openWorld, type World } from '../world.ts'

let world: World
/** The chart's values as no event has changed them. */
let values: string
/** Names that images got. */
const names: string[] = []
const record = recordEvents()
const busy = {} as Record<
  'versions' | 'pods' | 'settings' | 'single' | 'pair' | 'path' | 'sleeper',
  BusyModel
>

type Extra = Pick<BusyModelOptions, 'spec' | 'apiKey' | 'patienceMs'>

const open = async (name: keyof typeof busy, replicas = 2, extra: Extra = {}): Promise<void> => {
  busy[name] = await openBusyModel(world, name, {
    summand: one,
    replicas,
    perSecond: soak.perSecond,
    ...extra,
  })
}

/** What requests of this machine, which is no pod, bring for the gateway: the token of an account in the models' namespace. */
const tokenOf = ({ kubectl, namespace }: World): string => {
  const metadata = { name: 'caller', namespace }
  kubectl.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata })
  const token = ['create', 'token', metadata.name, '--namespace', namespace, '--audience', 'gantry-gateway']
  return kubectl.run([...token, '--duration', '4h']).trim()
}

/** A model that wakes holds requests for seconds; the gateway holds at most 500 of one model. */
const held = { patienceMs: 30_000, perSecond: Math.min(soak.perSecond, 20) }

before(async () => {
  world = openWorld('availability')
  values = chartValues()
  applyVersions(world, [one, two])
  upgradeChart('--set', 'gateway.replicas=2', '--set', 'gateway.tokens.enabled=true')
  const apiKey = tokenOf(world)
  await Promise.all([
    ...[open('versions'), open('pods'), open('settings'), open('single', 1)],
    open('path', 2, { spec: canarySpec, apiKey }),
    open('sleeper', 1, { spec: sleepingSpec, apiKey, patienceMs: held.patienceMs }),
  ])
  await busy.sleeper.traffic.pace(0)
})
after(async () => {
  const table = await record.close(Object.values(busy))
  console.log(`\n${table}\n`)
  if (soak.table) writeFileSync(soak.table, `${table}\n`)
  world.close()
  installChart(values)
  for (const name of names) removeImage(name)
})

for (let round = 1; round <= soak.rounds; round++) {
  const scene = (): Scene => {
    const { versions, pods, settings, path, single } = busy
    return { world, record, busy: { versions, pods, settings, path, single }, round }
  }
  describe(`while each model meets events of its own, round ${round}`, { concurrency: true }, () => {
    describe('its versions', { concurrency: 1 }, () => versionEvents(scene))
    describe('its pods', { concurrency: 1 }, () => podEvents(scene))
    describe('its settings', { concurrency: 1 }, () => settingsEvents(scene))
    describe('its canary', { concurrency: 1 }, () => canaryEvents(scene))
    describe('its sleep', { concurrency: 1 }, () => sleepEvents(scene, () => busy.sleeper, held.perSecond))
  })
  describe(`while one model has a canary, round ${round}`, () => {
    canaryOutages(scene, () => restartApiServer(localPaths, process.env, noProgress))
  })
  describe(`while all models meet the same event, round ${round}`, () => {
    gantryEvents(scene, (image) => {
      const name = tagImage(image, `another-${round}`)
      names.push(name)
      return name
    })
  })
  if (soak.withOutages) {
    describe(`events that take long or may cost something, round ${round}`, () => {
      before(async () => {
        if (!busy.pair) await open('pair')
      })
      outageEvents(scene, () => busy)
    })
  }
}
