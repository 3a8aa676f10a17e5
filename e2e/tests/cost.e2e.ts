import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { costMetrics } from '../../contract/metrics.ts'
import { conditionOf, eventually } from '../../local-cluster/kubectl.ts'
import { leader, operatorNamespace } from '../operator.ts'
import { infer, storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

let world: World
before(async () => {
  world = openWorld('cost')
  world.applyModel('tabular', {
    model: { task: 'tensor', source: storedModel('breast-cancer') },
    autoscaling: { minReplicas: 1, maxReplicas: 9 },
    budget: { hourly: '0.000001' },
    ...small,
    serve: {
      ...small.serve,
      resources: { requests: { cpu: '100m', memory: '1Mi' }, limits: { memory: '512Mi' } },
    },
  })
  await world.ready('tabular')
})
after(() => world.close())

/** Cores of a quantity. */
const cores = (quantity: string): number =>
  quantity.endsWith('m') ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity)

/** Values of a metric for the model, by its part, as the leader has them. */
const parts = async (metric: string): Promise<Readonly<Record<string, number>>> => {
  const pod = world.kubectl.get('pod', leader(world.kubectl) ?? '', operatorNamespace)
  const text = await (await fetch(`http://${pod?.['status'].podIP}:8080/metrics`)).text()
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) && line.includes(`"${world.namespace}"`))
  return Object.fromEntries(
    lines.map((line) => [/part="(\w+)"/.exec(line)?.[1], Number(line.split(' ').at(-1))]),
  )
}

test('a model costs its share of the node, and a thousand requests what was spent meanwhile', async () => {
  const url = world.url('tabular')
  await eventually('requests have a price', async () => {
    for (let i = 0; i < 20; i += 1) await infer(url, 'tabular')
    const { busy, idle } = await parts(costMetrics.perThousand)
    return (busy ?? 0) > 0 && (idle ?? 0) > 0
  })
  // The test suite installs the chart with a node at 4 an hour; see scripts/suites.ts.
  const [node] = world.kubectl.list('node')
  const share = 0.1 / cores(node?.['status'].allocatable.cpu)
  const { hardware = Number.NaN } = await parts(costMetrics.hourly)
  assert.ok(Math.abs(hardware - 4 * share) < 1e-6, `${hardware} is not ${4 * share}`)
})

test('a budget is told by a condition, an Event and status.cost, and holds the autoscaler at its minimum', async () => {
  const model = await world.condition('tabular', 'OverBudget', 'True', 'OverBudget')
  assert.match(
    conditionOf(model, 'OverBudget')?.message ?? '',
    /^An hour costs .* EUR .* makes 1 pod at most instead of 9/,
  )
  assert.ok(model['status'].cost.hardware > 0)
  assert.equal(world.kubectl.get('hpa', 'tabular', world.namespace)?.['spec'].maxReplicas, 1)
  await eventually('there is an Event', () =>
    world.events('tabular').some((event) => event['reason'] === 'OverBudget'),
  )
  assert.equal(conditionOf(world.model('tabular'), 'Ready')?.status, 'True')
})
