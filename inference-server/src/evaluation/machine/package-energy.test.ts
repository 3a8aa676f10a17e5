import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openPackageMeter } from './package-energy.ts'

test('joules of all packages are added, also where a counter begins again', async () => {
  const root = await mkdtemp(join(tmpdir(), 'gantry-rapl-'))
  const set = async (name: string, microjoules: number): Promise<void> => {
    await mkdir(join(root, name), { recursive: true })
    await writeFile(join(root, name, 'energy_uj'), `${microjoules}\n`)
    await writeFile(join(root, name, 'max_energy_range_uj'), '10000000\n')
  }
  try {
    assert.equal(await openPackageMeter(root), undefined)
    await set('intel-rapl:0', 1_000_000)
    await set('intel-rapl:1', 9_000_000)
    // A part of the first package, which counts it already.
    await set('intel-rapl:0:0', 500_000)
    const meter = await openPackageMeter(root)
    assert.equal(await meter?.joules(), 0)
    await set('intel-rapl:0', 3_500_000)
    await set('intel-rapl:1', 1_000_000)
    assert.equal(await meter?.joules(), 2.5 + 2)
    assert.equal(await meter?.joules(), 0)
  } finally {
    await rm(root, { recursive: true })
  }
})
