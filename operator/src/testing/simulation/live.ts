/** Lives a simulated life to its end: it is troubled for a while, and then has to come to rest. */
import assert from 'node:assert/strict'
import { annotations } from '../../modeldeployment/desired/metadata.ts'
import { happensNext } from './happenings.ts'
import { hasConverged, holds, reachable } from './invariants.ts'
import { born, type Life } from './life.ts'
import { sourceOf } from './sources.ts'

const turns = 40
/** Passes and steps of the cluster after each thing that happens. */
const roundsATurn = 5
/** Rounds without any change after which a cluster is at rest. */
const quietRounds = 40
const mostRounds = 3_000
/** Time that goes by in a round. */
const roundMs = 10_000

const setQuality = ({ cluster, fateOf }: Life): void => {
  const version = cluster.canary()?.version ?? ''
  cluster.traffic.quality = { canary: fateOf(version) === 'errs' ? 0.5 : 0.01, stable: 0.01 }
}

/** Gateways open the port that status names, each when its watch tells it. */
const openPorts = ({ cluster, gateways }: Life, isTold: () => boolean): void => {
  for (const gateway of gateways) if (isTold()) gateway.port = cluster.model().status?.gatewayPort
}

const stepOf = (life: Life): boolean => {
  const before = reachable(life).length
  const hasMoved = life.cluster.step()
  holds(life, before)
  return hasMoved
}

const passOf = async (life: Life, release: Life['operator']): Promise<void> => {
  const before = reachable(life).length
  await release.pass('stale').catch(() => undefined)
  holds(life, before)
}

/** Some watches tell what happened, the operator makes a pass, and the cluster does some of what it has to. */
const round = async (life: Life): Promise<void> => {
  const { operator, other, random, faults, cluster } = life
  const heard = random()
  for (const release of [operator, other]) {
    release?.renew()
    release?.see(() => random() < heard)
  }
  setQuality(life)
  if (random() < 0.5) cluster.serve()
  openPorts(life, () => random() < 0.5)
  await passOf(life, operator)
  if (other && random() < 0.3) await passOf(life, other)
  if (random() < 0.3) await faults.late.shift()?.()
  for (let left = Math.floor(random() * 4); left > 0; left -= 1) stepOf(life)
  cluster.advance(Math.floor(random() * roundMs))
}

/** All troubles end, and the user asks for a model that is good. */
const heal = ({ cluster, faults, operator }: Life): void => {
  faults.rate = 0
  faults.late.length = 0
  cluster.traffic.hasGateways = true
  operator.restart()
  cluster.edit('ModelDeployment', ({ metadata, spec }) => {
    delete metadata.annotations?.[annotations.rollout]
    delete spec.model.version
    spec.model.source.uri = sourceOf('good', 9)
    spec.suspend = false
    // With surge: 0 a canary needs two pods, and no autoscaler runs here that would start the second.
    if (spec.autoscaling) delete spec.rollout?.surge
    else spec.replicas = 2
  })
}

/** Passes that see everything, until nothing changes for a while. @throws AssertionError where something always does */
const rest = async (life: Life): Promise<void> => {
  const { cluster, operator } = life
  let quiet = 0
  for (let count = 0; count < mostRounds && quiet < quietRounds; count += 1) {
    operator.renew()
    setQuality(life)
    cluster.serve()
    openPorts(life, () => true)
    const before = cluster.store.version()
    operator.see()
    await passOf(life, operator)
    for (let left = 20; left > 0 && stepOf(life); ) left -= 1
    cluster.advance(roundMs)
    quiet = cluster.store.version() === before ? quiet + 1 : 0
  }
  assert.equal(quiet, quietRounds, `seed ${life.seed}: the model does not come to rest`)
}

const writesNothing = async (life: Life): Promise<void> => {
  const { operator, seed } = life
  operator.writes.length = 0
  await rest(life)
  assert.deepEqual(operator.writes, [], `seed ${seed}: an operator at rest writes nothing`)
}

export const live = async (seed: number, watch?: (life: Life) => void): Promise<void> => {
  const life = await born(seed)
  watch?.(life)
  for (let turn = 0; turn < turns; turn += 1) {
    happensNext(life)
    for (let count = 0; count < roundsATurn; count += 1) await round(life)
  }
  heal(life)
  await rest(life)
  hasConverged(life)
  await writesNothing(life)
}
