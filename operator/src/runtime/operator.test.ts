import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { KubeClient } from '@gantry/kube/client.ts'
import type { LogFields } from '@gantry/kube/log.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { type LeaseServer, leaseServer } from '@gantry/kube/testing/leases.ts'
import { loadConfig } from '../config.ts'
import { modelDeploymentKind } from '../modeldeployment/kind.ts'
import { createMetrics } from './metrics.ts'
import { type End, type Reconciler, runOperator } from './operator.ts'
import type { Result } from './result.ts'

const limit = { timeout: 20_000 }

const model: KubernetesObject = {
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelDeployment',
  metadata: { name: 'm', namespace: 'shop', uid: 'u', resourceVersion: '1', generation: 1 },
  spec: { model: { task: 'tensor', source: { uri: 'https://models.example/m.onnx' } } },
}

const subjects = new Set(['ModelDeployment', 'ModelEvaluation'])

/** An API server with one object of each kind on which nothing happens any more. */
const quietCluster = (leases: LeaseServer, isUp: () => boolean): KubeClient => ({
  ...leases.client(() => (isUp() ? 'none' : 'unreachable')),
  listAll: async ({ kind }) => {
    if (!isUp()) throw new Error('ECONNREFUSED')
    return { items: subjects.has(kind) ? [{ ...model, kind }] : [], resourceVersion: '10' }
  },
  watch: async function* (_resource, _selector, { signal, onContact }) {
    if (!isUp()) throw new Error('ECONNREFUSED')
    onContact()
    await once(signal, 'abort').catch(() => {})
    yield* []
  },
  list: () => assert.fail('not asked'),
  log: () => assert.fail('not asked'),
  apply: () => assert.fail('not asked'),
  tryApply: () => assert.fail('not asked'),
  applyStatus: () => assert.fail('not asked'),
  remove: () => assert.fail('not asked'),
  discover: () => assert.fail('not asked'),
})

interface Given {
  /** Another kind, and what is done about its objects. */
  readonly other?: Reconciler
  readonly reconcile?: Reconciler['reconcile']
  readonly env?: Readonly<Record<string, string>>
  readonly isUp?: () => boolean
  readonly leases?: LeaseServer
}

const operating = async (t: TestContext, given: Given = {}) => {
  const clock = manualClock()
  const { leases = leaseServer() } = given
  const logged: string[] = []
  const listening = Promise.withResolvers<number>()
  const write = (message: string, fields?: LogFields): void => {
    logged.push(message)
    if (message === 'listening') listening.resolve(Number(fields?.['port']))
  }
  const passes: string[] = []
  const reconcile: Reconciler['reconcile'] = async (...args) => {
    passes.push(args[1])
    return given.reconcile ? given.reconcile(...args) : { kind: 'settled' }
  }
  const env = {
    SERVER_IMAGE: 'x',
    OPTIMIZER_IMAGE: 'x',
    POD_NAMESPACE: 'gantry',
    POD_NAME: 'me',
    HTTP_PORT: '0',
    ...given.env,
  }
  const stop = new AbortController()
  let end: End | undefined
  const running = runOperator(
    {
      ...{ clock, metrics: createMetrics(), config: loadConfig(env, '') },
      reconcilers: [{ kind: modelDeploymentKind, reconcile }, ...(given.other ? [given.other] : [])],
      kube: quietCluster(leases, given.isUp ?? (() => true)),
      log: { error: write, warn: write, info: write, debug: write },
    },
    stop.signal,
  ).then((how) => {
    end = how
  })
  t.after(() => stop.abort())
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await pause(2)
  }
  const holder = () => (leases.stored()?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${await listening.promise}${path}`)
    return { code: response.status, body: await response.text() }
  }
  return { clock, leases, logged, passes, stop, running, until, holder, ask, end: () => end }
}

test('every model gets a pass at the start, and another one with each resync', limit, async (t) => {
  const { clock, passes, until } = await operating(t, { env: { RESYNC_SECONDS: '60' } })
  await until(() => passes.length === 1)
  await clock.advance(59_000)
  assert.equal(passes.length, 1)
  await clock.advance(1_000)
  assert.deepEqual(passes, ['shop/m', 'shop/m'])
})

test('told to stop, it finishes the pass under way, then frees the Lease', limit, async (t) => {
  const pass = Promise.withResolvers<Result>()
  const operator = await operating(t, { reconcile: () => pass.promise })
  await operator.until(() => operator.passes.length === 1)
  operator.stop.abort()
  await operator.clock.advance(15_000)
  assert.equal(operator.end(), undefined)
  assert.equal(operator.holder(), 'me', 'renewed while it drains')
  pass.resolve({ kind: 'settled' })
  await operator.running
  assert.equal(operator.end(), 'stopped')
  assert.equal(operator.holder(), '')
})

/** A pass that never ends by itself, and whether it has been told to. */
const endlessPass = () => {
  let cut = false
  const reconcile: Reconciler['reconcile'] = (_cache, _key, signal) =>
    new Promise(() =>
      signal.addEventListener('abort', () => {
        cut = true
      }),
    )
  return { reconcile, isCut: (): boolean => cut }
}

test('a pass that does not end is cut off after 20 s', limit, async (t) => {
  const { reconcile, isCut } = endlessPass()
  const operator = await operating(t, { reconcile })
  await operator.until(() => operator.passes.length === 1)
  operator.stop.abort()
  await operator.clock.advance(19_999)
  assert.ok(!isCut())
  await operator.clock.advance(1)
  await operator.running
  assert.ok(isCut())
  assert.equal(operator.end(), 'stopped')
  assert.equal(operator.holder(), '')
})

test('without its Lease it stops at once and waits for nothing', limit, async (t) => {
  const { reconcile, isCut } = endlessPass()
  const operator = await operating(t, { reconcile })
  await operator.until(() => operator.passes.length === 1)
  const stored = operator.leases.stored()
  assert.equal(stored?.metadata.name, 'gantry-operator')
  operator.leases.write({ ...stored, spec: { holderIdentity: 'other', leaseDurationSeconds: 15 } })
  await operator.clock.advance(2_000)
  await operator.running
  assert.equal(operator.end(), 'lost')
  assert.ok(isCut())
  assert.equal(operator.holder(), 'other')
})

test('it is alive but not ready before it has listed everything', limit, async (t) => {
  const operator = await operating(t, { isUp: () => false })
  assert.equal((await operator.ask('/healthz')).code, 200)
  const { code, body } = await operator.ask('/readyz')
  assert.equal(code, 503)
  assert.match(body, /^modeldeployments have not been listed yet$/m)
  assert.match(body, /^pods have not been listed yet$/m)
})

test('a standby is alive and ready, and does nothing', limit, async (t) => {
  const leader = await operating(t)
  await leader.until(() => leader.holder() === 'me')
  const env = { POD_NAME: 'other', RESYNC_SECONDS: '10' }
  const standby = await operating(t, { leases: leader.leases, env })
  await standby.until(() => standby.logged.includes('standing by'))
  assert.deepEqual(await standby.ask('/healthz'), { code: 200, body: 'ok\n' })
  assert.deepEqual(await standby.ask('/readyz'), { code: 200, body: 'ok\n' })
  await standby.clock.advance(12_000)
  standby.stop.abort()
  await standby.running
  assert.equal(standby.end(), 'stopped')
  assert.deepEqual(standby.passes, [])
  assert.equal(standby.holder(), 'me')
})

test('silence makes it unhealthy, and names what was not heard', limit, async (t) => {
  let isUp = true
  const operator = await operating(t, { env: { LEADER_ELECTION: 'false' }, isUp: () => isUp })
  await operator.until(() => operator.passes.length === 1)
  isUp = false
  await operator.clock.advance(14 * 60_000)
  const { code, body } = await operator.ask('/healthz')
  assert.equal(code, 503)
  assert.match(body, /the API server was not heard on modeldeployments for \d+ s/)
})

test('a kind whose passes do not end holds up no other kind', limit, async (t) => {
  const passes: string[] = []
  const other: Reconciler = {
    kind: {
      ...modelDeploymentKind,
      resource: { apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelEvaluation', plural: 'modelevaluations' },
      label: 'gantry.dev/evaluation',
      metric: { name: 'gantry_operator_modelevaluations', help: 'ModelEvaluations by their Ready condition' },
    },
    reconcile: async (_cache, key) => {
      passes.push(key)
      return { kind: 'settled' }
    },
  }
  const pass = Promise.withResolvers<Result>()
  t.after(() => pass.resolve({ kind: 'settled' }))
  const { until, ask } = await operating(t, { other, reconcile: () => pass.promise, env: { WORKERS: '1' } })
  await until(() => passes.length === 1)
  assert.deepEqual(passes, ['shop/m'])
  const { body } = await ask('/metrics')
  assert.match(body, /^gantry_operator_modelevaluations\{ready="Unknown"\} 1$/m)
})
