/** Random lives of a fleet: whatever happens meanwhile, settings that are broken come to few models, and ones that are right to all. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import type { Draft } from '../../testing/cluster.ts'
import { nameOf, settledFleet, type TestFleet } from '../../testing/fleet.ts'
import { badIsNotPulled, imageOf, images } from '../../testing/images.ts'

const runs = Number(process.env['GANTRY_RANDOM_FLEETS'] ?? 6)
const firstSeed = Number(process.env['GANTRY_RANDOM_SEED'] ?? 1)
const models = 12

/** mulberry32 */
const randomOf = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What users do; `own` tells whether it makes new pods by a change of theirs. */
const acts: readonly { readonly own: boolean; readonly act: (spec: Draft, random: () => number) => void }[] =
  [
    {
      own: true,
      act: (spec, random) => Object.assign(spec.serve, { threads: 1 + Math.floor(random() * 8) }),
    },
    {
      own: true,
      act: (spec, random) =>
        Object.assign(spec.model.source, {
          uri: `https://models.example/${Math.floor(random() * 4)}.tar.gz`,
        }),
    },
    {
      own: false,
      act: (spec, random) => {
        delete spec.autoscaling
        spec.replicas = Math.floor(random() * 4)
      },
    },
    {
      own: false,
      act: (spec) => {
        delete spec.replicas
        spec.autoscaling = { minReplicas: 1, maxReplicas: 3 }
      },
    },
    { own: false, act: (spec) => Object.assign(spec, { suspend: true }) },
    { own: false, act: (spec) => Object.assign(spec, { suspend: false }) },
  ]

const names = Array.from({ length: models }, (_, index) => nameOf(index))

/** Models with the broken image whose owners have changed nothing since it was wished. */
const broken = (fleet: TestFleet, own: ReadonlySet<string>): readonly string[] =>
  names.filter((name) => {
    const deployment = fleet.find<LiveDeployment>('Deployment', name)
    if (!fleet.find('ModelDeployment', name)) return false // what it owned goes by its owner references
    return (
      deployment && imageOf(deployment) === images.bad && !own.has(name) && deployment.spec?.replicas !== 0
    )
  })

const start = async (seed: number) => {
  const random = randomOf(seed)
  const maxModels = 1 + Math.floor(random() * 3)
  const fleet = await settledFleet({
    ...{ models, stuck: badIsNotPulled, lag: Math.floor(random() * 3) },
    config: { fleet: { maxModels, maxFailed: 0 } },
  })
  const fail = (): void => {
    if (random() < 0.05) throw new ApiError(504, 'Timeout', 'no answer')
  }
  Object.assign(fleet.faults, { before: fail, after: fail })
  /** Models that got new pods by a change of their owners, or have none. */
  const own = new Set<string>()
  return {
    random,
    maxModels,
    fleet,
    own,
    pick: <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T,
  }
}
type Life = Awaited<ReturnType<typeof start>>

const userActs = ({ fleet, own, random, pick }: Life): void => {
  const name = pick(names)
  const { own: isOwn, act } = pick(acts)
  if (!fleet.find('ModelDeployment', name)) return
  fleet.edit('ModelDeployment', name, ({ spec }) => act(spec, random))
  if (isOwn || fleet.model(name).spec.replicas === 0) own.add(name)
}

/** What may happen, each with its share of all turns. */
const happenings = (life: Life): readonly (() => void)[] => {
  const { fleet, random, pick } = life
  const shares: readonly (readonly [number, () => void])[] = [
    [6, () => fleet.restart({ serverImage: pick(Object.values(images)) })],
    [4, () => fleet.restart()],
    [10, () => userActs(life)],
    [1, () => fleet.erase('ModelDeployment', pick(names))],
    [2, () => fleet.advance(Math.floor(random() * 900_000))],
    [2, () => fleet.withoutOperator()],
    [25, () => {}],
  ]
  return shares.flatMap(([share, happens]) => Array.from({ length: share }, () => happens))
}

const heal = async ({ fleet }: Life, seed: number): Promise<void> => {
  Object.assign(fleet.faults, { before: undefined, after: undefined })
  fleet.restart({ serverImage: images.better })
  const left = names.filter((name) => fleet.find('ModelDeployment', name))
  for (const name of left)
    fleet.edit('ModelDeployment', name, ({ spec }) => {
      spec.suspend = false
    })
  await fleet.settle()
  for (const name of left) {
    const deployment = fleet.find<LiveDeployment>('Deployment', name)
    assert.equal(deployment && imageOf(deployment), images.better, `seed ${seed}: ${name}`)
    assert.equal(fleet.condition(name, 'Ready')?.status, 'True', `seed ${seed}: ${name}`)
  }
  const written = fleet.writes.length
  fleet.restart()
  await fleet.settle()
  assert.equal(fleet.writes.length, written, `seed ${seed}: a settled fleet writes nothing`)
}

const live = async (seed: number): Promise<void> => {
  const life = await start(seed)
  const { fleet, maxModels, own, pick } = life
  const all = happenings(life)
  for (let turn = 0; turn < 60; turn += 1) {
    pick(all)()
    for (let rounds = 0; rounds < 6; rounds += 1) {
      await fleet.round()
      const got = broken(fleet, own)
      assert.ok(got.length <= maxModels, `seed ${seed}, turn ${turn}: ${got} of ${maxModels}`)
    }
  }
  await heal(life, seed)
}

test(`${runs} fleets in which anything happens keep broken settings to few models, and heal`, async () => {
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) await live(seed)
})
