/** A Deployment without a track is taken over whatever happens meanwhile. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import { isReady, type LivePod } from '@gantry/kube/live.ts'
import type { Draft } from '../../testing/cluster.ts'
import { unschedulable } from '../../testing/images.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { untrackedCluster } from '../../testing/untracked.ts'

const runs = Number(process.env['GANTRY_RANDOM_TAKEOVERS'] ?? 8)
const firstSeed = Number(process.env['GANTRY_RANDOM_SEED'] ?? 1)
const untracked = 'intents'

/** Numbers from 0 to 1 that are the same for the same seed. */
const numbers = (seed: number): (() => number) => {
  let state = seed * 7919 + 17
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}
const isServer = ({ metadata }: LivePod): boolean => metadata.labels?.[labels.component] === components.server

const start = async (seed: number) => {
  const random = numbers(seed)
  const below = (count: number): number => Math.floor(random() * count)
  const nodes = { haveRoom: true }
  const count = 1 + below(5)
  const isScaled = random() < 0.4
  const spec = isScaled ? { autoscaling: { minReplicas: 1, maxReplicas: 9 } } : { replicas: count }
  const isHomeless = (pod: LivePod): boolean =>
    !nodes.haveRoom && isServer(pod) && pod.status?.phase === 'Pending'
  const cluster = await untrackedCluster({
    ...{ model: modelDeployment({ spec }), lag: below(3) },
    stuck: (pod) => (isHomeless(pod) ? unschedulable : undefined),
  })
  const editUntracked = (change: (draft: Draft) => void): void => {
    if (cluster.find('Deployment', untracked)) cluster.edit('Deployment', change, untracked)
  }
  editUntracked((deployment) => {
    deployment.spec.replicas = count
  })
  while (cluster.step());
  const fail = (): void => {
    if (random() < 0.1) throw new ApiError(504, 'Timeout', 'no answer')
  }
  Object.assign(cluster.faults, { before: fail, after: fail })
  return { cluster, below, random, nodes, editUntracked, least: count }
}
type Life = Awaited<ReturnType<typeof start>>

/** What may happen; a user who asks for fewer pods may have fewer. */
const happenings = (life: Life): readonly (() => void)[] => {
  const { cluster, below, nodes, editUntracked } = life
  const edit = (change: (spec: Draft) => void) => (): void =>
    cluster.edit('ModelDeployment', ({ spec }) => change(spec))
  return [
    edit((spec) => {
      delete spec.autoscaling
      spec.replicas = 1 + below(6)
      life.least = Math.min(life.least, spec.replicas)
    }),
    edit((spec) => {
      delete spec.replicas
      spec.autoscaling = { minReplicas: 1 + below(3), maxReplicas: 9 }
    }),
    edit((spec) => Object.assign(spec, { suspend: true })),
    edit((spec) => Object.assign(spec, { suspend: false })),
    edit((spec) => Object.assign(spec.serve, { threads: 1 + below(4) })),
    edit((spec) => Object.assign(spec.model.source, { uri: `https://models.example/${below(4)}.tar.gz` })),
    () => Object.assign(nodes, { haveRoom: !nodes.haveRoom }),
    () => cluster.advance(below(2) === 0 ? 20_000 : 700_000),
    () => editUntracked(({ spec }) => Object.assign(spec, { paused: !spec.paused })),
  ]
}

const check = ({ cluster, least }: Life, when: string): void => {
  const ready = cluster.all<LivePod>('Pod').filter((pod) => isServer(pod) && isReady(pod)).length
  assert.ok(ready >= least, `${when}: ${ready} pods of ${least} are ready`)
  // An eviction fails where two budgets have the same pod, and an autoscaler does nothing where another one has.
  for (const kind of ['HorizontalPodAutoscaler', 'PodDisruptionBudget'])
    assert.ok(cluster.all(kind).length <= 1, `${when}: more than one ${kind}`)
}

const live = async (seed: number): Promise<void> => {
  const life = await start(seed)
  const { cluster, below, random, nodes, editUntracked } = life
  const all = happenings(life)
  for (let turn = 0; turn < 50; turn += 1) {
    if (random() < 0.25) all[below(all.length)]?.()
    await cluster.pass().catch(() => {})
    check(life, `seed ${seed}, turn ${turn}`)
    for (let steps = below(4); steps > 0; steps -= 1) {
      cluster.step()
      check(life, `seed ${seed}, turn ${turn}`)
    }
  }
  Object.assign(cluster.faults, { before: undefined, after: undefined })
  nodes.haveRoom = true
  editUntracked(({ spec }) => Object.assign(spec, { paused: false }))
  await cluster.change((spec) => Object.assign(spec, { suspend: false }))
  check(life, `seed ${seed}, at the end`)
  assert.equal(cluster.find('Deployment', untracked), undefined, `seed ${seed} does not end`)
  assert.equal(cluster.condition('Ready')?.status, 'True', `seed ${seed}`)
}

test(`${runs} takeovers in which anything happens cost no pod, and end`, async () => {
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) await live(seed)
})
