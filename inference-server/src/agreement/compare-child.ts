/** Entry point of the process that runs both graphs: a graph that never ends, or that breaks the runtime, ends no import. */
import type { GraphPair } from './messages.ts'

process.once('message', async (pair: GraphPair) => {
  const { comparePair } = await import('./graph-pair.ts')
  const answer = await comparePair(pair)
  process.send?.(answer, () => process.disconnect())
})
