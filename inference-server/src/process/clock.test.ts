import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { systemClock } from './clock.ts'

test('what is due already is called back at once, without a warning of Node', async () => {
  const warnings: Error[] = []
  const listen = (warning: Error): void => void warnings.push(warning)
  process.on('warning', listen)
  await new Promise<void>((resolve) => void systemClock.after(-1, resolve))
  const told = once(process, 'warning')
  process.emitWarning('the end of the test')
  await told
  process.off('warning', listen)
  assert.deepEqual(
    warnings.map(({ message }) => message),
    ['the end of the test'],
  )
})
