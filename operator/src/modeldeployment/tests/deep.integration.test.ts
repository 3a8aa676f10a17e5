/** A spec that is nested thousands of levels deep, where the CRD takes anything, is its own model's trouble alone. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { systemClock } from '@gantry/kube/clock.ts'
import { explain } from '@gantry/kube/errors.ts'
import type { Log } from '@gantry/kube/log.ts'
import { noGateways } from '../../canary/demand.ts'
import { noCosts } from '../../cost/world.ts'
import { createRests } from '../../evaluating/give-way.ts'
import { createInformers } from '../../runtime/informers.ts'
import { refusedWrites } from '../../runtime/refused-writes.ts'
import { nothingKnown } from '../../sleeping/sleep.ts'
import {
  eventually,
  shortestModel,
  testApi,
  testNamespace,
  withoutApiServer,
} from '../../testing/api-server.ts'
import { testClaims } from '../../testing/claims.ts'
import { aloneInFleet, testConfig } from '../../testing/cluster.ts'
import { noGateway } from '../../testing/gateway-path.ts'
import { createProgressBook } from '../import-progress.ts'
import { modelDeploymentKind } from '../kind.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { reconcile } from '../reconcile.ts'
import { ModelDeployment as modelDeployments } from '../resources.ts'

const options = { skip: withoutApiServer, timeout: 120_000 }
const silent: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

/** The JSON is written by hand, since JSON.stringify does not go that deep. */
const deepModel = (namespace: string, name: string, levels: number): string => {
  const { spec, ...model } = shortestModel(namespace, name)
  const podTemplate = { affinity: { nodeAffinity: 'HERE' } }
  const text = JSON.stringify({ ...model, spec: { ...(spec as object), serve: { podTemplate } } })
  return text.replace('"HERE"', `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)
}

for (const levels of [100, 1_500, 3_000, 9_000]) {
  test(`${levels} levels: it is told, and other models go on`, options, async (t) => {
    const api = await testApi()
    const { kube } = api
    const namespace = await testNamespace(api, 'deep')
    const troubles: string[] = []
    const log = { ...silent, warn: (message: string) => void troubles.push(message) }
    const path = `/apis/gantry.dev/v1alpha1/namespaces/${namespace}/modeldeployments`
    const kubectl = (args: readonly string[], input?: string): void => {
      const flags = ['--kubeconfig', api.kubeconfig, ...args]
      const { status, stderr } = spawnSync(process.env['TEST_KUBECTL'] ?? 'kubectl', flags, {
        input,
        encoding: 'utf8',
      })
      assert.equal(status, 0, stderr.slice(0, 1000))
    }
    kubectl(['create', '--raw', path, '-f', '-'], deepModel(namespace, 'deep', levels))
    const stop = new AbortController()
    t.after(() => stop.abort())
    const keys: string[] = []
    const onKey = (key: string): void => void keys.push(key)
    const informers = createInformers({
      ...{ kinds: [modelDeploymentKind], kube, clock: systemClock, log, namespace },
      onKey: (_, key) => onKey(key),
    })
    void informers.run(stop.signal)
    await informers.synced
    const world = {
      kube,
      cache: informers.cache,
      config: testConfig,
      now: Date.now,
      served: async () => undefined,
      costs: noCosts,
      rests: createRests(Date.now),
      imports: createProgressBook(Date.now),
      gateways: async () => noGateways,
      demanded: () => nothingKnown,
      path: noGateway(),
      refusedWrites: refusedWrites(Date.now),
      ...aloneInFleet(testConfig, Date.now),
      claims: testClaims(kube),
      log: silent,
    }
    // The API server of a busy machine may take longer over 9,000 levels than one call lasts. The queue tries such a pass again.
    await eventually(() =>
      reconcile(world, `${namespace}/deep`, stop.signal).then(
        () => true,
        (error) => (/no answer within/.test(explain(error)) ? false : Promise.reject(error)),
      ),
    )
    const conditions = (await kube.get<ModelDeployment>(modelDeployments, namespace, 'deep'))?.status
      ?.conditions
    assert.equal(conditions?.find(({ type }) => type === 'Stalled')?.reason, 'SpecTooDeep')
    // Nothing but the status changes, as a standby sees it when the leader writes: the two specs are compared to the end.
    const change = ['--subresource=status', '--type=merge', '-p', '{"status":{"replicas":7}}', '-o', 'name']
    kubectl(['-n', namespace, 'patch', 'modeldeployments', 'deep', ...change])
    await kube.create(modelDeployments, shortestModel(namespace, 'other'))
    await eventually(async () => keys.includes(`${namespace}/other`))
    assert.deepEqual(troubles, [], 'the watch goes on')
  })
}
