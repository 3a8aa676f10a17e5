import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from './program.ts'

const run = (
  script: string,
  options: { env?: NodeJS.ProcessEnv; limitMs?: number; signal?: AbortSignal } = {},
) => {
  const { env = process.env, limitMs = 60_000, signal = new AbortController().signal } = options
  return runProgram([process.execPath, '-e', script], { env, limitMs, signal, servers: new Set() })
}

test('what reads a model gets no credentials, and its last words and exit code are known', async () => {
  const env = { ...process.env, GANTRY_SOURCE_token: 'secret', GANTRY_DATASET_password: 'secret' }
  const end = await run('console.error(Object.keys(process.env).join()); process.exitCode = 3', { env })
  assert.equal(end.code, 3)
  assert.match(end.words, /PATH/)
  assert.doesNotMatch(end.words, /GANTRY_SOURCE|GANTRY_DATASET/)
})

test('a program that takes too long, or is interrupted, is killed, and one that is missing is named', async () => {
  const forever = 'setInterval(() => {}, 1000)'
  const late = await run(forever, { limitMs: 1 })
  assert.deepEqual([late.isLate, late.signal], [true, 'SIGKILL'])
  await assert.rejects(run(forever, { signal: AbortSignal.timeout(1) }), { name: 'TimeoutError' })
  const given = {
    env: process.env,
    limitMs: 60_000,
    signal: new AbortController().signal,
    servers: new Set<never>(),
  }
  const missing = await runProgram(['/nowhere/gantry-optimize'], given)
  assert.equal(missing.code, null)
  assert.match(missing.words, /ENOENT/)
})
