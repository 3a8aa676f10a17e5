/** What settled models cost the API server. */
import { setTimeout as sleep } from 'node:timers/promises'
import { operatorWrites } from '../e2e/operator.ts'
import { storedModel } from '../e2e/requests.ts'
import { openWorld, small } from '../e2e/world.ts'
import { prepare } from '../local-cluster/gantry/prepare.ts'
import { noProgress } from '../local-cluster/progress.ts'
import type { Row } from './report.ts'

const models = 20
const minutes = 2

export const measure = async (): Promise<readonly Row[]> => {
  await prepare({ progress: noProgress })
  const world = openWorld('bench-quiet')
  const names = Array.from({ length: models }, (_, index) => `model-${index}`)
  const total = async (): Promise<number> =>
    Object.values(await operatorWrites(world.kubectl)).reduce((sum, count) => sum + count, 0)
  try {
    const start = performance.now()
    for (const name of names) {
      const source = storedModel('breast-cancer')
      world.applyModel(name, { model: { task: 'tensor', source }, ...small })
    }
    for (const name of names) await world.ready(name, { timeoutMs: 600_000 })
    console.log(`${models} models Ready after ${((performance.now() - start) / 1000).toFixed(0)} s`)
    await sleep(15_000)
    const before = await total()
    await sleep(minutes * 60_000)
    const writes = ((await total()) - before) / minutes
    return [
      {
        what: `writes to the API server with ${models} settled models, Leases apart`,
        ours: writes,
        limit: 0,
        unit: 'per minute',
        against: 'nothing changes, so nothing is written',
      },
    ]
  } finally {
    world.close()
  }
}
