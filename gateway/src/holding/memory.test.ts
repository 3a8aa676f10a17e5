/** What a thousand requests that wait weigh. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'

const most = 50e6
const waiting = 1000
const bodyBytes = 1024

test('a thousand requests that wait take at most 50 MB', { timeout: 60_000 }, async (t) => {
  const child = fork(join(import.meta.dirname, '../testing/sleeping-gateway.ts'), {
    execArgv: ['--expose-gc'],
  })
  t.after(() => child.kill())
  const [{ port, probePort }] = (await once(child, 'message')) as [{ port: number; probePort: number }]
  const resident = async (): Promise<number> => {
    child.send('resident')
    const [message] = (await once(child, 'message')) as [{ residentBytes: number }]
    return message.residentBytes
  }
  const held = async (): Promise<number> => {
    const answer = await fetch(`http://127.0.0.1:${probePort}/demand?only=activity`)
    const { activity } = (await answer.json()) as { activity: readonly { waiting: number }[] }
    return activity.reduce((sum, one) => sum + one.waiting, 0)
  }
  await held()
  const before = await resident()
  const agent = new Agent()
  t.after(() => agent.destroy())
  for (let count = 0; count < waiting; count++)
    request({
      ...{ agent, port, host: '127.0.0.1', method: 'POST' },
      path: `/shop/${count % 2 === 0 ? 'one' : 'other'}/predict`,
    })
      .on('error', () => {})
      .end(Buffer.alloc(bodyBytes, 'a'))
  while ((await held()) < waiting) await new Promise((resolve) => setTimeout(resolve, 20))
  const bytes = (await resident()) - before
  t.diagnostic(`${(bytes / 1e6).toFixed(1)} MB`)
  assert.ok(bytes <= most, `${bytes} bytes`)
})
