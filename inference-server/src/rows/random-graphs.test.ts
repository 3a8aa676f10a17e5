import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growGraph } from './testing/grown.ts'
import { tryRandomGraphs } from './testing/random-graphs.ts'

const count = Number(process.env['GANTRY_RANDOM_GRAPHS'] ?? 200)
const seed = Number(process.env['GANTRY_RANDOM_SEED'] ?? 1)

test('a seed grows the same graph again', async () => {
  assert.deepEqual(await growGraph(seed), await growGraph(seed))
})

test(`${count} random graphs from seed ${seed} on run as the prover says`, async (context) => {
  const tally = await tryRandomGraphs(seed, count)
  const { graphs, lost, refused, compared, verdicts, tensors } = tally
  context.diagnostic(JSON.stringify({ graphs, lost, refused, compared, verdicts, tensors }))
  context.diagnostic(JSON.stringify(tally.executed))
  assert.deepEqual(tally.contradictions, [])
  assert.ok(lost.length <= 0.02 * graphs, `onnxruntime aborted at the graphs of seeds ${lost}`)
  assert.ok(refused <= 0.05 * graphs)
  assert.ok((verdicts['independent'] ?? 0) >= 0.15 * graphs, 'plenty of graphs are independent')
  if (graphs >= 400) assert.ok(Object.keys(tally.executed).length >= 110, 'most operators have a part')
  assert.ok((tensors.rows ?? 0) >= 3 * graphs, 'plenty of tensors have rows')
})
