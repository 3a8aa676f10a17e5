import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allBinaries, kubernetesVersion, moduleVersions } from './build.ts'
import { addressAt, downloadableOf, downloadSource, releasesFor } from './releases.ts'

test('a downloaded program is of the version that would be built', async () => {
  const versions = await moduleVersions()
  for (const { module, version, url } of releasesFor('x64')) {
    assert.equal(version, versions.get(module), module)
    assert.ok(url.includes(version), url)
  }
  assert.equal(versions.get('k8s.io/kubernetes'), `v${kubernetesVersion}`)
})

test('every digest is as long as its algorithm makes it, and no two are the same', () => {
  const releases = [...releasesFor('x64'), ...releasesFor('arm64')]
  assert.ok(releases.length >= 4)
  for (const { algorithm, digest } of releases) {
    assert.match(digest, algorithm === 'sha512' ? /^[0-9a-f]{128}$/ : /^[0-9a-f]{64}$/)
  }
  assert.equal(new Set(releases.map(({ digest }) => digest)).size, releases.length)
})

test('only published programs may be downloaded, and none on a machine without published ones', () => {
  const official = { kind: 'official' } as const
  const built = allBinaries.filter((name) => !downloadableOf(allBinaries, official, 'x64').includes(name))
  assert.deepEqual(built, ['etcd', 'coredns', 'metrics-server'])
  assert.deepEqual(downloadableOf(allBinaries, official, 'riscv64'), [])
  assert.deepEqual(downloadableOf(allBinaries, { kind: 'none' }, 'x64'), [])
})

test('GANTRY_DOWNLOADS names a mirror, or turns downloads off; anything else is refused by name', () => {
  const url = 'https://dl.k8s.io/v1.35.4/x.tar.gz'
  assert.equal(addressAt(downloadSource({}), url), url)
  assert.equal(addressAt(downloadSource({ GANTRY_DOWNLOADS: '' }), url), url)
  assert.equal(addressAt(downloadSource({ GANTRY_DOWNLOADS: 'off' }), url), undefined)
  const mirror = downloadSource({ GANTRY_DOWNLOADS: 'https://mirror.example.com/files/' })
  assert.equal(addressAt(mirror, url), 'https://mirror.example.com/files/dl.k8s.io/v1.35.4/x.tar.gz')
  for (const wrong of ['no', 'mirror.example.com', 'file:///srv']) {
    assert.throws(
      () => downloadSource({ GANTRY_DOWNLOADS: wrong }),
      /GANTRY_DOWNLOADS is .*address of a mirror, or `off`/,
    )
  }
})
