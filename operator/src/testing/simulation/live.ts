/** Lives a simulated life to its end: it is troubled for a while, and then has to come to rest. */
import assert from 'node:assert/strict'
import { annotations } from '../../modeldeployment/desired/metadata.ts'
import { maySleep } from '../../modeldeployment/replicas.ts'
import { servingGateway } from '../data-plane.ts'
import { happensNext } from './happenings.ts'
import { hasConverged, holds, isAsleep, reachable } from './invariants.ts'
import { born, type Life } from './life.ts'
import { sourceOf } from './sources.ts'

const turns = 40
/** Passes and steps of the cluster after each thing that happens. */
const roundsATurn = 5
/** Rounds without any change after which a cluster is at rest. */
const quietRounds = 40
/** The same where one thing has changed, and nothing waits for a time. */
const changedRounds = 10
const mostRounds = 3_000
/** Time that goes by in a round. */
const roundMs = 10_000

const setQuality = ({ cluster, plane, fateOf }: Life): void => {
  const version = cluster.canary()?.version ?? ''
  plane.quality = cluster.traffic.quality = {
    canary: fateOf(version) === 'errs' ? 0.5 : 0.01,
    stable: 0.01,
    disagreement: 0.01,
  }
}

/** What divides the requests sends some to pods, which count them. */
const serve = ({ cluster, routed }: Life): void => {
  cluster.serve()
  routed.serve()
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
  if (random() < 0.5) serve(life)
  if (random() < 0.5) life.routed.accept()
  openPorts(life, () => random() < 0.5)
  await passOf(life, operator)
  if (other && random() < 0.3) await passOf(life, other)
  if (random() < 0.3) await faults.late.shift()?.()
  for (let left = Math.floor(random() * 4); left > 0; left -= 1) stepOf(life)
  cluster.advance(Math.floor(random() * roundMs))
}

/** All troubles end, and the user asks for a model that is good. */
const heal = ({ cluster, faults, operator, requests, plane }: Life): void => {
  Object.assign(plane, servingGateway(), { says: { status: 'True', message: 'ok' } })
  Object.assign(requests, { areKnown: true, areWaiting: true })
  faults.rate = 0
  faults.late.length = 0
  cluster.traffic.hasGateways = true
  operator.restart()
  cluster.edit('ModelDeployment', ({ metadata, spec }) => {
    delete metadata.annotations?.[annotations.rollout]
    delete spec.model.version
    spec.model.source.uri = sourceOf('good', 9)
    spec.suspend = false
    if (!spec.autoscaling) spec.replicas = 2
    // A canary that shares the pods of stable needs two, and is refused where there may be one.
    else delete spec.rollout?.surge
  })
}

/** Passes that see everything, until nothing changes for a while. @throws AssertionError where something always does */
const rest = async (life: Life, rounds = quietRounds): Promise<void> => {
  const { cluster, operator } = life
  let quiet = 0
  for (let count = 0; count < mostRounds && quiet < rounds; count += 1) {
    operator.renew()
    setQuality(life)
    serve(life)
    life.routed.accept()
    openPorts(life, () => true)
    const before = cluster.store.version()
    operator.see()
    await passOf(life, operator)
    for (let left = 20; left > 0 && stepOf(life); ) left -= 1
    cluster.advance(roundMs)
    quiet = cluster.store.version() === before ? quiet + 1 : 0
  }
  assert.equal(quiet, rounds, `seed ${life.seed}: the model does not come to rest`)
}

const writesNothing = async (life: Life): Promise<void> => {
  const { operator, seed } = life
  operator.writes.length = 0
  await rest(life)
  assert.deepEqual([...new Set(operator.writes)], [], `seed ${seed}: an operator at rest writes nothing`)
}

/** A model that may sleep does so while nothing asks for it, and answers what comes then. */
const sleepsAndWakes = async (life: Life): Promise<void> => {
  const { cluster, requests } = life
  if (!maySleep(cluster.model())) return
  Object.assign(requests, { areWaiting: false, idleMs: 1e9 })
  await rest(life, changedRounds)
  isAsleep(life)
  requests.areWaiting = true
  await rest(life, changedRounds)
  hasConverged(life)
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
  await sleepsAndWakes(life)
}
