import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

for (const workspace of ['contract', 'kube', 'operator', 'inference-server'])
  test(`an image build can import every module of ${workspace}`, () => {
    const script = join(import.meta.dirname, 'compile-cache.ts')
    const flags = ['--disable-warning=ExperimentalWarning', script, workspace]
    const { status, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
  })
