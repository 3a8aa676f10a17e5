import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withLock } from './lock.ts'

test('who comes second waits until the first is done, also when that failed', async () => {
  const name = `test ${process.pid}`
  const order: string[] = []
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const first = withLock(name, async () => {
    order.push('first begins')
    await held
    order.push('first fails')
    throw new Error('on purpose')
  })
  const second = withLock(name, async () => order.push('second'))
  release()
  await assert.rejects(first, /on purpose/)
  await second
  assert.deepEqual(order, ['first begins', 'first fails', 'second'])
})
