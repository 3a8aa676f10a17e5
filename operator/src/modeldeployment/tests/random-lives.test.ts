/** Random lives of a model, in which calls of the API fail, watches are late, and operators start anew. */
import { test } from 'node:test'
import { live } from '../../testing/simulation/live.ts'

const lives = Number(process.env['GANTRY_RANDOM_LIVES'] ?? 40)
const firstSeed = Number(process.env['GANTRY_RANDOM_SEED'] ?? 1)

test(`${lives} models in whose lives anything happens never lose their last pod, serve nothing that was refused, and come to rest`, async () => {
  for (let seed = firstSeed; seed < firstSeed + lives; seed += 1) await live(seed)
})
