import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { residentMb } from './memory.ts'

test('counts what a program holds and what its children hold', async () => {
  const before = residentMb(process.pid)
  const hold = 'const held = Buffer.alloc(100e6, 1); console.log(held.length); process.stdin.resume()'
  const child = spawn(process.execPath, ['-e', hold])
  try {
    await once(child.stdout, 'data')
    assert.ok(residentMb(child.pid ?? 0) > 100)
    assert.ok(residentMb(process.pid) > before + 100)
  } finally {
    child.stdin.end()
    await once(child, 'exit')
  }
})

test('what has ended holds nothing', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  assert.equal(residentMb(child.pid ?? 0), 0)
})
