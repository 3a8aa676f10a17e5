import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createKube } from '@gantry/kube/client.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { page, scriptedServer, watch } from '@gantry/kube/testing/scripted-server.ts'
import { createTransport } from '@gantry/kube/transport.ts'
import { silentLog } from '../../testing/claims.ts'
import { createGatewayPods } from './gateway-pods.ts'

const pod = (name: string, release: string, status: object) => ({
  ...{ apiVersion: 'v1', kind: 'Pod', spec: { nodeName: 'node-1' }, status },
  metadata: {
    ...{ name, namespace: 'gantry-system', resourceVersion: '1' },
    labels: { 'app.kubernetes.io/instance': release },
  },
})
const ready = (podIP: string) => ({
  ...{ podIP, phase: 'Running' },
  conditions: [{ type: 'Ready', status: 'True' }],
})

const following = async (t: TestContext, pods: readonly object[]) => {
  const server = await scriptedServer(t, [page('1', pods), watch([], 'hold')])
  const transport = createTransport(server.access)
  const kube = createKube(transport, { fieldManager: 'gantry' })
  const stop = new AbortController()
  const shared = { kube, clock: manualClock(), log: silentLog }
  const gateways = createGatewayPods({ ...shared, namespace: 'gantry-system', release: 'gantry' })
  const before = { ready: gateways.ready(), all: gateways.all() }
  let running: Promise<void> | undefined
  await new Promise<void>((resolve) => {
    running = gateways.run(() => gateways.ready() && resolve(), stop.signal)
  })
  t.after(async () => {
    stop.abort()
    await running
    transport.close()
  })
  return { before, gateways }
}

test('a Service leads to ready gateways of its release, and every gateway that has not ended may hold requests', {
  timeout: 20_000,
}, async (t) => {
  const { before, gateways } = await following(t, [
    pod('other', 'beside', ready('10.0.0.3')),
    pod('serving', 'gantry', ready('10.0.0.1')),
    pod('starting', 'gantry', { phase: 'Pending' }),
    pod('evicted', 'gantry', { phase: 'Failed', podIP: '10.0.0.2' }),
  ])
  assert.deepEqual(before, { ready: undefined, all: undefined })
  const serving = { name: 'serving', ips: ['10.0.0.1'], nodeName: 'node-1' }
  assert.deepEqual(gateways.ready(), [serving])
  assert.deepEqual(
    gateways.all()?.map(({ name, ips }) => [name, ...ips]),
    [['other', '10.0.0.3'], ['serving', '10.0.0.1'], ['starting']],
  )
})
