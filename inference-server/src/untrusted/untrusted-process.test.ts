import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { exchange } from './untrusted-process.ts'

test('an answer at the very end of its time keeps its process, which may be at the next question', async () => {
  const killed: string[] = []
  const properties = { connected: true, exitCode: null, signalCode: null, channel: undefined }
  const methods = {
    ref: () => {},
    unref: () => {},
    send: () => true,
    kill: (signal: string) => killed.push(signal),
  }
  const one = Object.assign(new EventEmitter(), properties, methods) as unknown as ChildProcess
  const asked = exchange(one, { kind: 'encode', text: 'a' } as never, 5)
  // Timers of the same length run in one turn of the loop, in their order: this one between the deadline and the kill.
  setTimeout(() => one.emit('message', { kind: 'ready' }), 5)
  assert.deepEqual(await asked, { kind: 'ready' })
  await pause(20)
  assert.deepEqual(killed, [])
})
