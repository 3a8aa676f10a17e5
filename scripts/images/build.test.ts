import assert from 'node:assert/strict'
import { test } from 'node:test'
import { baseFaults } from './base-images.ts'
import { readBases } from './bases.ts'
import { calls, refuseUnpinned } from './build.ts'

const release = { registry: 'registry.example.com/team', tag: '0.1.0', cuda: false, push: false }

test('a release is refused while a base has no digest', () => {
  const bases = readBases()
  refuseUnpinned(baseFaults(bases, process.versions.node))
  const [name = '', base] = Object.entries(bases)[0] ?? []
  assert.ok(base)
  const faults = baseFaults({ ...bases, [name]: { ...base, digest: '' } }, process.versions.node)
  assert.throws(
    () => refuseUnpinned(faults),
    /no image is built.*\n.*NODE_IMAGE has no digest; run npm run bases -- renew/,
  )
})

test('the image with CUDA is built on the plain one of the same release, and all are pushed when all are built', () => {
  const names = calls({ ...release, cuda: true, push: true }).map((call) => call.join(' '))
  const server = 'registry.example.com/team/gantry/inference-server:0.1.0'
  assert.ok(names[5]?.includes(`--build-arg SERVER_IMAGE=${server}`))
  assert.deepEqual(
    names.slice(0, 6).filter((call) => !call.startsWith('build ')),
    [],
  )
  assert.equal(names.filter((call) => call.startsWith('push ')).length, 6)
  assert.equal(calls(release).length, 5)
})
