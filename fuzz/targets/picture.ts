/** Pictures with bytes changed, cut or doubled: answered, or refused by what is wrong with them. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { mutated, pick } from '../../inference-server/src/testing/fuzz.ts'
import { everyFormat, pictureWays } from '../../inference-server/src/testing/pictures.ts'
import { folderServer } from '../../inference-server/src/testing/server.ts'
import type { Target } from '../target.ts'

const golden = join(import.meta.dirname, '../../inference-server/golden')

export const pictures: Target = {
  name: 'picture',
  rounds: 600,
  reaches: ['200', '415', '422'],
  open: async () => {
    const server = await folderServer(join(golden, 'models/image-classification'))
    const right = Object.values(await everyFormat())
    const ways = pictureWays(server)
    return {
      make: (random) => mutated(random, pick(random, right)),
      check: async (input) => {
        const statuses = new Set<number>()
        for (const way of ways) {
          const response = await way(input)
          const text = await response.text()
          assert.ok([200, 413, 415, 422].includes(response.status), `${response.status} ${text}`)
          statuses.add(response.status)
        }
        assert.equal(statuses.size, 1, `the ways in disagree: ${[...statuses].join(', ')}`)
        return [...statuses].join()
      },
      afterwards: async () => {
        for (const picture of right) for (const way of ways) assert.equal((await way(picture)).status, 200)
        assert.deepEqual(
          server.lines.filter(({ level }) => level === 'error'),
          [],
        )
      },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  },
}
