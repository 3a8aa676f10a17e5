/** The operator as a process: killed, stopped, and without its API server for a while. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { findAccess } from '@gantry/kube/credentials.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Lease, PersistentVolumeClaim, Service, ServiceAccount } from '@gantry/kube/resources.ts'
import { startApiServer } from '../../local-cluster/api-server.ts'
import { ModelDeployment, owned } from './modeldeployment/resources.ts'
import {
  eventually,
  shortestModel,
  type TestApi,
  testApi,
  testNamespace,
  withoutApiServer,
} from './testing/api-server.ts'
import { deadlyProxy, writeKubeconfig } from './testing/deadly-proxy.ts'
import { importing } from './testing/importers.ts'
import { startOperator } from './testing/operator-process.ts'

const crds = join(import.meta.dirname, '../../crds')
const options = { skip: withoutApiServer, timeout: 180_000 }

const environment = (kubeconfig: string, namespace: string, podName: string) => ({
  ...{ KUBECONFIG: kubeconfig, POD_NAMESPACE: namespace, WATCH_NAMESPACE: namespace, POD_NAME: podName },
  LOG_LEVEL: 'debug',
})

/** Differs from run to run by its nature: identities, addresses, times, and what is hashed from a namespace. */
const incidental = new Set([
  ...[
    'uid',
    'resourceVersion',
    'generation',
    'observedGeneration',
    'managedFields',
    'clusterIP',
    'clusterIPs',
  ],
  ...['creationTimestamp', 'lastTransitionTime', 'gantry.dev/desired-hash'],
])
const uid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

const scrub = (objects: readonly KubernetesObject[], namespace: string): unknown => {
  const text = JSON.stringify(objects, (name, member) => (incidental.has(name) ? undefined : member))
  return JSON.parse(text.replaceAll(namespace, 'NAMESPACE').replaceAll(uid, 'UID'))
}

/** Everything there is of the models of a namespace. */
const stateOf = async ({ kube }: TestApi, namespace: string): Promise<unknown> => {
  const lists = await Promise.all([ModelDeployment, ...owned].map((kind) => kube.list(kind, { namespace })))
  const objects = lists.flat().filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
  return scrub(objects, namespace)
}

/** What it reads when it has not changed for a while: the operator has done all that it can do here. */
const restingState = async (api: TestApi, namespace: string): Promise<unknown> => {
  let before: unknown
  return eventually(async () => {
    const now = await stateOf(api, namespace)
    const isResting = isDeepStrictEqual(now, before)
    before = now
    if (!isResting) await pause(1_000)
    return isResting && now
  })
}

const haveUrls = async ({ kube }: TestApi, namespace: string, count: number): Promise<boolean> => {
  const models = await kube.list<KubernetesObject>(ModelDeployment, { namespace })
  const urls = models.map((model) => (model['status'] as { url?: string } | undefined)?.url)
  return urls.length === count && urls.every((url) => url !== undefined)
}

const names = ['first', 'second']

/** A namespace with models in it, and a controller that runs their import Jobs. */
const scene = async (t: TestContext, api: TestApi, prefix: string): Promise<string> => {
  const namespace = await testNamespace(api, prefix)
  for (const name of names) await api.kube.create(ModelDeployment, shortestModel(namespace, name))
  const stop = new AbortController()
  const working = importing(api.kube, namespace, stop.signal)
  t.after(async () => {
    stop.abort()
    await working
  })
  return namespace
}

/** Whether the API server has forgotten what came right after `resourceVersion`. */
const isForgotten = async ({ kube }: TestApi, resourceVersion: string): Promise<boolean> => {
  const watch = {
    resourceVersion,
    timeoutSeconds: 1,
    signal: AbortSignal.timeout(10_000),
    onContact: () => {},
  }
  try {
    for await (const _ of kube.watch(Service, {}, watch));
    return false
  } catch (error) {
    return error instanceof ApiError && error.code === 410
  }
}

// Each has a namespace or an API server of its own, and mostly waits for Leases.
describe('an operator', { concurrency: true }, () => {
  test('killed at every write in turn it ends in the same state as undisturbed', options, async (t) => {
    const api = await testApi()
    const undisturbed = await scene(t, api, 'undisturbed')
    const calm = startOperator(t, environment(api.kubeconfig, undisturbed, 'calm'))
    await eventually(() => haveUrls(api, undisturbed, names.length))
    const expected = await restingState(api, undisturbed)
    calm.kill('SIGTERM')
    assert.equal(await calm.ended, 0)

    const folder = await mkdtemp(join(tmpdir(), 'gantry-survives-'))
    t.after(() => rm(folder, { recursive: true }))
    const proxy = await deadlyProxy(t, await findAccess({ KUBECONFIG: api.kubeconfig }))
    const kubeconfig = join(folder, 'kubeconfig')
    await writeKubeconfig(kubeconfig, proxy.url)
    for (const when of ['before', 'after'] as const) {
      const namespace = await scene(t, api, `killed-${when}`)
      const isAlike = async () => isDeepStrictEqual(await stateOf(api, namespace), expected)
      let deaths = 0
      for (let n = 1; !(await isAlike()); n += 1) {
        t.signal.throwIfAborted() // past its limit a test would start operators for ever
        const operator = startOperator(t, environment(kubeconfig, namespace, 'mortal'))
        proxy.arm(when, n, () => operator.kill('SIGKILL'))
        // It dies, or it has done all there was to do in fewer writes.
        await eventually(async () => operator.hasEnded() || (await isAlike()))
        if (operator.hasEnded()) deaths += 1
        operator.kill('SIGKILL')
        await operator.ended
      }
      t.diagnostic(`${deaths} deaths ${when} a write`)
      assert.ok(deaths >= 3)
      assert.deepEqual(await stateOf(api, namespace), expected)
    }
  })

  test('the standby goes on when the leader is killed, and when it is told to stop', options, async (t) => {
    const api = await testApi()
    const namespace = await testNamespace(api, 'leaders')
    const start = (name: string) => startOperator(t, environment(api.kubeconfig, namespace, name))
    const holder = async (): Promise<unknown> => {
      const lease = await api.kube.get<KubernetesObject>(Lease, namespace, 'gantry-operator')
      return (lease?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity
    }
    const first = start('first')
    await first.logged('leading')
    const second = start('second')
    await second.logged('standing by')
    const killedAt = performance.now()
    first.kill('SIGKILL')
    await second.logged('leading')
    t.diagnostic(`took over ${Math.round(performance.now() - killedAt)} ms after SIGKILL`)
    assert.equal(await holder(), 'second')

    const third = start('third')
    await third.logged('standing by')
    const stoppedAt = performance.now()
    second.kill('SIGTERM')
    await third.logged('leading')
    t.diagnostic(`took over ${Math.round(performance.now() - stoppedAt)} ms after SIGTERM`)
    assert.equal(await second.ended, 0)

    await api.kube.create(ModelDeployment, shortestModel(namespace, 'm'))
    await eventually(() => api.kube.get(PersistentVolumeClaim, namespace, 'm'))
    third.kill('SIGTERM')
    assert.equal(await third.ended, 0)
    assert.equal(await holder(), '', 'the last one leaves the Lease free')
  })

  test(
    'it outlives its API server and learns what it missed, forgotten as that may be',
    options,
    async (t) => {
      // History is kept for seconds instead of minutes, so that no watch can go on where it was.
      const flags = ['--etcd-compaction-interval=1s', '--watch-cache=false']
      const server = await startApiServer({ flags })
      t.after(() => server.stop())
      const install = ['--kubeconfig', server.kubeconfig, 'apply', '--server-side', '-f', crds]
      execFileSync(server.kubectl, install, { stdio: 'ignore' })
      const api = await testApi(server.kubeconfig)
      const namespace = await testNamespace(api, 'survives')
      const operator = startOperator(t, {
        ...environment(server.kubeconfig, namespace, 'survivor'),
        LEADER_ELECTION: 'false', // an elected operator would rightly end here, since it cannot renew its Lease
      })
      const { port } = await operator.logged('listening')
      await operator.logged('ready')
      const account = (name: string) => eventually(() => api.kube.get(ServiceAccount, namespace, name))
      await api.kube.create(ModelDeployment, shortestModel(namespace, 'old'))
      const { metadata } = await account('old')

      operator.kill('SIGSTOP')
      await server.restartApiServer('SIGKILL')
      await api.kube.remove(ServiceAccount, namespace, 'old')
      await api.kube.create(ModelDeployment, shortestModel(namespace, 'new'))
      await eventually(() => isForgotten(api, metadata.resourceVersion ?? ''))
      operator.kill('SIGCONT')

      await account('new')
      assert.notEqual((await account('old')).metadata.uid, metadata.uid)
      assert.ok(!operator.hasEnded())
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      assert.match(
        metrics,
        /^gantry_operator_watch_restarts_total\{resource="serviceaccounts",how="relist"\} 1$/m,
      )
    },
  )
})
