import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kube } from '@gantry/kube/objects.ts'
import { readRegistration } from './registration.ts'

const ours = { namespace: 'gantry-system', name: 'gantry-custom-metrics' }

const registered = (services: Readonly<Record<string, unknown>>) =>
  readRegistration(
    {
      get: (async (_: unknown, __: unknown, name: string) =>
        name in services ? { spec: { service: services[name] } } : undefined) as Kube['get'],
    },
    ours,
  )

test('the API is ours where both versions lead to our Service', async () => {
  const [v1, v2] = ['v1beta1.custom.metrics.k8s.io', 'v1beta2.custom.metrics.k8s.io'] as const
  assert.deepEqual(await registered({ [v1]: ours, [v2]: ours }), { kind: 'ours' })
  const other = { namespace: 'monitoring', name: 'prometheus-adapter' }
  const taken = await registered({ [v1]: other, [v2]: ours })
  assert.ok(taken.kind === 'taken')
  assert.match(
    taken.message,
    /^APIService v1beta1\.custom\.metrics\.k8s\.io leads to Service monitoring\/prometheus-adapter/,
  )
  const missing = await registered({ [v1]: ours })
  assert.ok(missing.kind === 'missing')
  assert.match(missing.message, /no APIService v1beta2/)
})
