/** What a budget does to a model, minute by minute. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import type { LiveAutoscaler, LivePod } from '@gantry/kube/live.ts'
import type { Measuring } from '../../cost/costs.ts'
import { testManager } from '../../testing/claims.ts'
import { type Draft, settledCluster } from '../../testing/cluster.ts'
import { type CountersOf, counted, node, priceSheet, testCosts } from '../../testing/costs.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { costedModels } from '../costed.ts'

/** A pod asks for a quarter of a node, so it costs 1. */
const sheet = 'currency: EUR\nnodes:\n- perHour: 4\n'
const minuteMs = 60_000

const costedCluster = async (
  spec: Draft,
  { prices = sheet, counters = () => counted() }: { prices?: string; counters?: CountersOf } = {},
) => {
  let costs: Measuring | undefined
  const cluster = await settledCluster({
    model: modelDeployment({ spec }),
    costs: (world) => {
      costs = testCosts(world, counters)
      return costs
    },
  })
  cluster.store.store(node('n1'))
  if (prices !== '') cluster.store.store(priceSheet(prices))
  const place = (nodeName = 'n1'): void => {
    for (const pod of cluster.all<LivePod>('Pod'))
      if (!pod.spec?.nodeName) cluster.store.store({ ...pod, spec: { ...pod.spec, nodeName } })
  }
  place()
  /** Measurements, one a minute, each with the passes that it asks for. @returns how many it asked for */
  const minutes = async (count: number): Promise<number> => {
    let woken = 0
    for (let minute = 0; minute < count; minute += 1) {
      place()
      await cluster.pass()
      const before = woken
      await costs?.measure(cluster.world.cache, new AbortController().signal, () => {
        woken += 1
      })
      if (woken > before) await cluster.settle()
      cluster.advance(minuteMs)
    }
    return woken
  }
  const reprice = (text: string): void => {
    const [old] = cluster.all('ConfigMap').filter(({ metadata }) => metadata.name === 'gantry-prices')
    if (old) cluster.store.erase(old) // the store holds the data of every ConfigMap for unchangeable
    cluster.store.store(priceSheet(text))
  }
  const restart = (): void => {
    costs = testCosts(cluster.world, counters)
    Object.assign(cluster.world, { costs })
  }
  return { ...cluster, minutes, reprice, restart }
}
const maxReplicas = ({ find }: Awaited<ReturnType<typeof costedCluster>>) =>
  find<LiveAutoscaler>('HorizontalPodAutoscaler')?.spec?.maxReplicas
const scaleTo = async (
  cluster: Awaited<ReturnType<typeof costedCluster>>,
  replicas: number,
): Promise<void> => {
  cluster.edit('Deployment', ({ spec }) => {
    spec.replicas = replicas
  })
  await cluster.settle(0)
}
const autoscaling = { minReplicas: 1, maxReplicas: 10 }
const budget = { hourly: '3.50' }

test('the status has what an hour costs, and a budget that holds is told without an Event', async () => {
  const cluster = await costedCluster({ replicas: 2, budget: { hourly: '2.00' } })
  await cluster.minutes(1)
  assert.deepEqual(cluster.model().status?.cost, {
    ...{ currency: 'EUR', base: 0, hardware: 2, inference: 0, total: 2 },
  })
  const condition = cluster.condition('OverBudget')
  assert.deepEqual([condition?.status, condition?.reason], ['False', 'WithinBudget'])
  assert.equal(
    condition?.message,
    'An hour costs 2.00 EUR (storage 0.00, hardware 2.00, requests 0.00), and spec.budget.hourly is 2.00.',
  )
  assert.equal(cluster.all('Event').filter(({ reason }) => reason === 'WithinBudget').length, 0)
})

test('a fixed number of replicas beyond the budget is told by a condition and an Event, and not changed', async () => {
  const cluster = await costedCluster({ replicas: 4, budget })
  await cluster.minutes(1)
  const condition = cluster.condition('OverBudget')
  assert.deepEqual([condition?.status, condition?.reason], ['True', 'OverBudget'])
  assert.match(
    condition?.message ?? '',
    /^An hour costs 4\.00 EUR .* spec\.budget\.hourly is 3\.50\. spec\.replicas is not changed\. Ask for fewer pods/,
  )
  const [event, ...others] = cluster.all('Event').filter(({ reason }) => reason === 'OverBudget') as Draft[]
  assert.deepEqual([event.type, others.length], ['Warning', 0])
  assert.equal((cluster.find('Deployment') as Draft).spec.replicas, 4)
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('the autoscaler makes no more pods than the budget allows, and the condition says so', async () => {
  const cluster = await costedCluster({ autoscaling, budget })
  assert.equal(maxReplicas(cluster), 10)
  await cluster.minutes(1)
  assert.equal(maxReplicas(cluster), 3)
  const condition = cluster.condition('OverBudget')
  assert.deepEqual([condition?.status, condition?.reason], ['False', 'ScalingLimited'])
  assert.match(
    condition?.message ?? '',
    /The autoscaler makes 3 pods at most instead of 10, at 1\.00 EUR a pod\.$/,
  )
})

test('the autoscaler keeps its minimum, whatever the budget', async () => {
  const cluster = await costedCluster({ autoscaling: { minReplicas: 5, maxReplicas: 10 }, budget })
  await scaleTo(cluster, 5)
  await cluster.minutes(1)
  assert.equal(maxReplicas(cluster), 5)
  assert.equal(cluster.condition('OverBudget')?.status, 'True')
  assert.match(
    cluster.condition('OverBudget')?.message ?? '',
    /makes 5 pods at most instead of 10.* no fewer than spec\.autoscaling\.minReplicas\./,
  )
})

test('an operator that has just started keeps the ceiling and the condition until it knows the cost again', async () => {
  const cluster = await costedCluster({ autoscaling, budget })
  await cluster.minutes(2)
  const before = cluster.model().status
  cluster.restart()
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual([maxReplicas(cluster), cluster.writes], [3, []])
  await cluster.minutes(3)
  assert.deepEqual(cluster.model().status, before)
  assert.deepEqual(cluster.writes, [])
})

test('pods that come or go are in the cost at the next measurement', async () => {
  const cluster = await costedCluster({ replicas: 1 })
  await cluster.minutes(1)
  await cluster.change((spec) => {
    spec.replicas = 2
  })
  await cluster.minutes(1)
  assert.equal(cluster.model().status?.cost?.hardware, 2)
})

test('a pod that only carries the labels of a model costs it nothing', async () => {
  const cluster = await costedCluster({ replicas: 1 })
  const pods = cluster.all<LivePod>('Pod')
  const own = pods.find(({ metadata }) => metadata.labels?.[labels.component] === components.server)
  assert.ok(own)
  const { ownerReferences: _, uid: __, ...metadata } = own.metadata
  cluster.store.store({ ...own, metadata: { ...metadata, name: 'foreign' } })
  await cluster.minutes(1)
  assert.equal(cluster.model().status?.cost?.hardware, 1)
})

test('a pod that has ended costs nothing', async () => {
  const cluster = await costedCluster({ replicas: 1 })
  const pods = cluster.all<LivePod>('Pod')
  const own = pods.find(({ metadata }) => metadata.labels?.[labels.component] === components.server)
  assert.ok(own)
  const { uid: _, ...metadata } = own.metadata
  cluster.store.store({ ...own, metadata: { ...metadata, name: 'evicted' }, status: { phase: 'Failed' } })
  await cluster.minutes(1)
  assert.equal(cluster.model().status?.cost?.hardware, 1)
})

test('a model of another release is not measured', async () => {
  const cluster = await costedCluster({ replicas: 1 })
  cluster.edit('ModelDeployment', ({ status }) => {
    status.managedBy = 'team/gantry'
  })
  await cluster.minutes(1)
  assert.deepEqual(costedModels(cluster.world.cache, testManager), [])
  assert.equal(costedModels(cluster.world.cache, 'team/gantry').length, 1)
})

test('a model whose cost stays is not written again', async () => {
  const cluster = await costedCluster({ autoscaling, budget })
  await cluster.minutes(1)
  cluster.writes.length = 0
  assert.equal(await cluster.minutes(90), 0)
  assert.deepEqual(cluster.writes, [])
})

test('pods that stand for a few minutes do not exceed a budget, those that stay do', async () => {
  const cluster = await costedCluster({ replicas: 3, budget })
  await cluster.minutes(1)
  await cluster.change((spec) => {
    spec.replicas = 4
  })
  await cluster.minutes(3)
  assert.equal(cluster.condition('OverBudget')?.status, 'False')
  await cluster.minutes(5)
  assert.equal(cluster.condition('OverBudget')?.status, 'True')
})

test('a budget that is changed is judged at once', async () => {
  const cluster = await costedCluster({ replicas: 3, budget })
  await cluster.minutes(2)
  await cluster.change((spec) => {
    spec.budget.hourly = '2.99'
  })
  assert.equal(cluster.condition('OverBudget')?.status, 'True')
  await cluster.change((spec) => {
    spec.budget.hourly = '3'
  })
  assert.equal(cluster.condition('OverBudget')?.status, 'False')
})

test('a budget that is taken away takes the condition and the ceiling with it', async () => {
  const cluster = await costedCluster({ autoscaling, budget })
  await cluster.minutes(1)
  await cluster.change((spec) => {
    delete spec.budget
  })
  assert.equal(cluster.condition('OverBudget'), undefined)
  assert.equal(maxReplicas(cluster), 10)
})

test('the ceiling does not rise within an hour after a pod ran on a dearer node', async () => {
  const prices = 'currency: EUR\nnodes:\n- labels: {kind: large}\n  perHour: 14\n- perHour: 4\n'
  const cluster = await costedCluster(
    { autoscaling: { minReplicas: 2, maxReplicas: 10 }, budget: { hourly: '7.00' } },
    { prices },
  )
  cluster.store.store(node('n2', { kind: 'large' }))
  const [pod] = cluster
    .all<LivePod>('Pod')
    .filter(({ spec }) => spec?.nodeName === 'n1' && spec.containers?.[0]?.name === 'server')
  cluster.edit(
    'Pod',
    ({ spec }) => {
      spec.nodeName = 'n2'
    },
    pod?.metadata.name,
  )
  await cluster.minutes(1)
  assert.equal(maxReplicas(cluster), 2)
  cluster.edit(
    'Pod',
    ({ spec }) => {
      spec.nodeName = 'n1'
    },
    pod?.metadata.name,
  )
  await cluster.minutes(30)
  assert.equal(maxReplicas(cluster), 2)
  await cluster.minutes(35)
  assert.equal(maxReplicas(cluster), 7)
})

test('without a price for a node the condition is Unknown, names the node, and limits nothing', async () => {
  const cluster = await costedCluster(
    { autoscaling, budget },
    { prices: 'currency: EUR\nnodes:\n- labels: {a: b}\n  perHour: 4\n' },
  )
  await cluster.minutes(1)
  const condition = cluster.condition('OverBudget')
  assert.deepEqual([condition?.status, condition?.reason], ['Unknown', 'CostUnknown'])
  assert.match(condition?.message ?? '', /^No price for node n1: no rule in nodes of the price sheet matches/)
  assert.match(condition?.message ?? '', /Until then spec\.budget limits nothing\.$/)
  assert.equal(maxReplicas(cluster), 10)
  cluster.reprice(sheet)
  await cluster.minutes(1)
  assert.equal(maxReplicas(cluster), 3)
})

test('a ceiling stays while the cost is not known, and the condition says so', async () => {
  const cluster = await costedCluster({ autoscaling, budget })
  await cluster.minutes(1)
  cluster.reprice('currency: EUR\nnodes:\n- labels: {a: b}\n  perHour: 4\n')
  await cluster.minutes(1)
  assert.equal(maxReplicas(cluster), 3)
  assert.equal(cluster.condition('OverBudget')?.status, 'Unknown')
  assert.match(
    cluster.condition('OverBudget')?.message ?? '',
    /Until then the autoscaler makes 3 pods at most, as before\.$/,
  )
})

test('a sheet that is missing or wrong is told, and a sheet that is put right is taken', async () => {
  const cluster = await costedCluster({ replicas: 1, budget }, { prices: '' })
  await cluster.minutes(1)
  assert.match(
    cluster.condition('OverBudget')?.message ?? '',
    /^There is no ConfigMap gantry-system\/gantry-prices\. Create it/,
  )
  cluster.reprice('currency: EUR\nnodes:\n- perHour: -4\n')
  await cluster.minutes(1)
  assert.match(
    cluster.condition('OverBudget')?.message ?? '',
    /cannot be used\. nodes\[0\]\.perHour: it is "-4" and must be a decimal of zero or more/,
  )
  assert.equal(cluster.model().status?.cost, undefined)
  cluster.reprice(sheet)
  await cluster.minutes(1)
  assert.equal(cluster.model().status?.cost?.total, 1)
})

test('an installation without costs says that a budget has no effect', async () => {
  const cluster = await settledCluster({ model: modelDeployment({ spec: { budget } }) })
  assert.match(
    cluster.condition('OverBudget')?.message ?? '',
    /computes no costs, so spec\.budget has no effect/,
  )
})

test('traffic that moves is written when it changes the cost by a tenth, and not with every measurement', async () => {
  let answered = 0
  const prices = 'currency: EUR\nrequests: {perRequest: 0.01}\n'
  const cluster = await costedCluster({ replicas: 1 }, { prices, counters: () => counted({ answered }) })
  let writes = 0
  for (let minute = 0; minute < 180; minute += 1) {
    answered += minute < 60 ? 10 : 11 + (minute % 3)
    cluster.writes.length = 0
    await cluster.minutes(1)
    writes += cluster.writes.length
  }
  const inference = cluster.model().status?.cost?.inference ?? 0
  assert.ok(inference > 6.5 && inference < 7.5, `${inference}`)
  assert.ok(writes < 8, `${writes} writes in three hours`)
})
