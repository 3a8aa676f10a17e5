import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ModelDeployment } from '../modeldeployment/model-deployment.ts'
import { settledCluster } from '../testing/cluster.ts'
import { modelDeployment } from '../testing/model-deployment.ts'
import { isSignificant } from './changes.ts'
import { cutBelow, deepPath, mostLevels } from './nesting.ts'

const nested = (levels: number, [open, close]: readonly [string, string] = ['{"a":', '}']): unknown =>
  JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`)

test('levels are counted without recursion, in objects and in lists', () => {
  for (const brackets of [
    ['{"a":', '}'],
    ['[', ']'],
  ] as const) {
    assert.equal(deepPath(nested(mostLevels + 1, brackets)), undefined)
    assert.equal(deepPath(nested(mostLevels + 2, brackets))?.length, mostLevels + 1)
    assert.equal(deepPath(nested(100_000, brackets))?.length, mostLevels + 1)
    assert.equal(deepPath(cutBelow(nested(100_000, brackets))), undefined)
  }
  assert.equal(deepPath(Array.from({ length: 100_000 }, () => ({ a: [1] }))), undefined)
  const { spec } = modelDeployment()
  assert.deepEqual(cutBelow(spec), spec)
})

const deepModel = (levels: number, over: object = {}): ModelDeployment => {
  const affinity = nested(levels) as Record<string, unknown>
  const model = modelDeployment({ spec: over })
  return {
    ...model,
    spec: { ...model.spec, serve: { ...model.spec.serve, podTemplate: { affinity } }, ...over },
  }
}

test('a change of a spec that is nested too deep does not end the watch of all models', () => {
  for (const levels of [100, 1_000, 3_000, 9_900]) {
    assert.ok(isSignificant(deepModel(levels, { suspend: false }), deepModel(levels, { suspend: true })))
  }
})

test('such a spec is refused by the path, and what serves goes on serving', async () => {
  const cluster = await settledCluster()
  const before = cluster.find('Deployment')
  for (const levels of [70, 500]) {
    cluster.edit('ModelDeployment', ({ spec }) => {
      spec.serve.podTemplate = { affinity: { nodeAffinity: 'HERE' } }
      spec.versionHistoryLimit = levels
    })
    const model = cluster.model()
    const podTemplate = { affinity: { nodeAffinity: nested(levels) } }
    cluster.store.objects.set('ModelDeployment/demo/intents', {
      ...model,
      spec: { ...model.spec, serve: { ...model.spec.serve, podTemplate } },
    } as ModelDeployment)
    await cluster.pass()
    assert.equal(cluster.condition('Stalled')?.reason, 'SpecTooDeep')
    assert.match(
      cluster.condition('Stalled')?.message ?? '',
      /^spec\.serve\.podTemplate\.affinity\.nodeAffinity\.a\.a/,
    )
    assert.equal(cluster.condition('Available')?.status, 'True')
    assert.deepEqual(cluster.find('Deployment'), before)
  }
})
