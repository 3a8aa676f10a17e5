import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { createRoom, lease } from './server-lease.ts'
import type { ServerProcess } from './server-process.ts'

const grownBytes = 100e6

/** Holds more memory after each line, as a server does under load, and ends when its input ends. */
const program = `
const held = []
process.stdout.write('small\\n')
process.stdin.on('data', () => {
  held.push(Buffer.alloc(${grownBytes}, 1))
  process.stdout.write('grown\\n')
})`

test('the peak of memory is that of all turns, also once the server has ended', async () => {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const server = {
    pid: child.pid,
    end: () => undefined,
    stop: async () => {
      child.stdin.end()
      await once(child, 'close')
    },
  } as unknown as ServerProcess
  const held = lease(async () => server, createRoom(1e12))
  await held.server()
  const before = await held.peakMemoryBytes()
  child.stdin.write('\n')
  await once(child.stdout, 'data')
  const after = await held.peakMemoryBytes()
  assert.ok(before > 0 && after >= before + grownBytes * 0.9, `${before} bytes, then ${after}`)
  await held.close()
  assert.equal(await held.peakMemoryBytes(), after)
})
