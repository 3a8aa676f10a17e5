import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { post } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

/** Running totals over the first axis, FP32 [time, 2] -> [time, 2]: CumSum on axis 0, so that rows depend on those before. */
const runningTotal =
  'CAg6YwoUCgF4CgRheGlzEgF5IgZDdW1TdW0SBWdyYXBoKhIQB0IEYXhpc0oIAAAAAAAAAABaFwoBeBISChAIARIMCgYSBHRpbWUKAggCYhcKAXkSEgoQCAESDAoGEgR0aW1lCgIIAkIECgAQEQ=='

let world: World
before(() => {
  world = openWorld('rows')
})
after(() => world.close())

const total = async (value: number): Promise<unknown> => {
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [2, 2], data: [value, 0, value, 0] }]
  const { body } = await post(`${world.url('totals')}/v2/models/totals/infer`, { inputs })
  return (body as { outputs: { data: unknown }[] }).outputs[0]?.data
}

test('a model whose rows meet is Ready, says why its requests run one by one, and mixes no callers', async () => {
  world.kubectl.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'totals', namespace: world.namespace },
    binaryData: { 'model.onnx': runningTotal },
  })
  const batching = { maxDelayMs: 20 }
  world.applyModel('totals', {
    model: { task: 'tensor', source: { configMapRef: { name: 'totals' } } },
    ...small,
    serve: { ...small.serve, batching },
  })
  const { status } = await world.ready('totals')
  const ready = (status.conditions as { type: string; message: string }[]).find(
    ({ type }) => type === 'Ready',
  )
  assert.match(ready?.message ?? '', /Requests run one by one \(rows are unproven\): CumSum 'y'/)
  const values = [1, 2, 3, 4]
  const answers = await Promise.all(values.map(total))
  assert.deepEqual(
    answers,
    values.map((value) => [value, 0, 2 * value, 0]),
  )
})

test('the proof is kept with the version, so that a start does not repeat it', () => {
  const [pod] = world.pods('totals').filter((candidate) => candidate['status'].phase === 'Running')
  const { activeVersion } = world.model('totals')['status']
  const path = `/models/${activeVersion}/metadata.json`
  const name = pod?.metadata.name ?? ''
  const script = `process.stdout.write(require('fs').readFileSync('${path}'))`
  const text = world.kubectl.run(['exec', '-n', world.namespace, name, '--', 'node', '-e', script])
  const { rows } = JSON.parse(text)
  assert.deepEqual(
    { ...rows['model.onnx'], proofVersion: undefined },
    { ...rows['model.onnx'], proofVersion: undefined, verdict: 'unproven', operator: 'CumSum' },
  )
})
