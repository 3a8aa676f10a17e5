import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const cli = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })

for (const args of [[], ['start'], ['up', 'now']]) {
  test(`"${args.join(' ')}" is answered with the usage`, () => {
    const { status, stderr } = cli(args)
    assert.equal(status, 2)
    assert.match(stderr, /usage: npm run cluster -- up \| down \| status/)
  })
}

test('status of a cluster that was never started names what is stopped and ends with 1', () => {
  const { status, stdout } = cli(['status'], { GANTRY_STATE: '/nonexistent' })
  assert.equal(status, 1)
  assert.match(stdout, /kube-apiserver +stopped/)
  assert.match(stdout, /node +not ready/)
})
