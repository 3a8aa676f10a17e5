import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { type Base, baseFaults, dockerfileFaults, reference, withBases } from './base-images.ts'
import { committedFaults, registryFaults, renewed } from './bases.ts'

const digest = `sha256:${'a'.repeat(64)}`
const node: Base = {
  image: 'docker.io/library/node',
  tag: '24.21.0-bookworm-slim',
  digest,
  seenAtRegistry: null,
}
const bases = { NODE_IMAGE: node }
const dockerfile = `ARG NODE_IMAGE=${reference(node)}
FROM \${NODE_IMAGE} AS build
FROM build AS tested
FROM scratch
COPY --from=tested /app /app
`

test('every Dockerfile of the repository builds on bases by digest, and on the Node that tests run on', () => {
  assert.deepEqual(committedFaults(), [])
})

test('a base by tag alone, or one that the file does not have, is refused', () => {
  assert.deepEqual(dockerfileFaults('Dockerfile', dockerfile, bases), [])
  const byTag = dockerfile.replace('FROM scratch', 'FROM docker.io/library/debian:bookworm-slim')
  assert.match(
    dockerfileFaults('Dockerfile', byTag, bases).join(),
    /FROM docker\.io\/library\/debian:bookworm-slim is no stage/,
  )
  const other = dockerfile.replace(digest, `sha256:${'b'.repeat(64)}`)
  assert.match(dockerfileFaults('Dockerfile', other, bases).join(), /NODE_IMAGE must be/)
  const unknown = `ARG DEBIAN_IMAGE=debian@${digest}\n${dockerfile}`
  assert.match(dockerfileFaults('Dockerfile', unknown, bases).join(), /DEBIAN_IMAGE is not in bases\.json/)
})

test('a base without a digest, or with another Node than the tests run on, is refused', () => {
  assert.deepEqual(baseFaults(bases, '24.21.0'), [])
  assert.match(
    baseFaults({ NODE_IMAGE: { ...node, digest: '' } }, '24.21.0').join(),
    /NODE_IMAGE has no digest/,
  )
  assert.match(baseFaults(bases, '24.22.0').join(), /package\.json pins Node 24\.22\.0/)
})

test('renewed bases are written into Dockerfiles', () => {
  const next = { NODE_IMAGE: { ...node, digest: `sha256:${'c'.repeat(64)}` } }
  assert.deepEqual(dockerfileFaults('Dockerfile', withBases(dockerfile, next), next), [])
})

/** Plays a registry that asks for an anonymous token first, as Docker's does. */
const index = (...architectures: readonly string[]): string =>
  JSON.stringify({
    manifests: architectures.map((architecture) => ({ platform: { os: 'linux', architecture } })),
  })
const both = index('amd64', 'arm64')
const one = index('amd64')
const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`
const manifests: Readonly<Record<string, string>> = {
  '/v2/library/node/manifests/1': both,
  [`/v2/library/node/manifests/${digestOf(both)}`]: both,
  [`/v2/library/node/manifests/${digestOf(one)}`]: one,
  [`/v2/library/node/manifests/${digest}`]: both, // bytes that do not hash to it
}
let server: Server
let image: string
before(async () => {
  server = createServer((request, response) => {
    const { host = '' } = request.headers
    if (request.url?.startsWith('/token')) return response.end(JSON.stringify({ token: 'anybody' }))
    if (request.headers.authorization !== 'Bearer anybody') {
      const challenge = `Bearer realm="http://${host}/token",service="registry",scope="repository:library/node:pull"`
      return response.writeHead(401, { 'www-authenticate': challenge }).end()
    }
    const found = manifests[request.url ?? '']
    return found ? response.end(found) : response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  image = `127.0.0.1:${(server.address() as AddressInfo).port}/library/node`
})
after(() => server.close())

const at = (wanted: string, tag = '1'): Base => ({ image, tag, digest: wanted, seenAtRegistry: null })

test('a digest that the registry has for both platforms stands; a tag that moved on is only noted', async () => {
  assert.deepEqual(await registryFaults({ NODE_IMAGE: at(digestOf(both)) }), { faults: [], notes: [] })
})

test('a digest that the registry lacks, answers falsely or has for one platform only is a fault', async () => {
  const faultsOf = async (base: Base): Promise<string> =>
    (await registryFaults({ NODE_IMAGE: base })).faults.join()
  assert.match(await faultsOf(at(`sha256:${'d'.repeat(64)}`)), /the registry answered 404/)
  assert.match(await faultsOf(at(digest)), /the registry answered sha256:\w+ for sha256:a/)
  assert.match(await faultsOf(at(digestOf(one))), /has nothing for linux\/arm64/)
})

test('a renewed base has the digest of its tag and the day on which the registry said so', async () => {
  const base = await renewed(at(digest), '2026-12-01')
  assert.deepEqual(base, { image, tag: '1', digest: digestOf(both), seenAtRegistry: '2026-12-01' })
  await assert.rejects(renewed(at(digest, '2'), '2026-12-01'), /404/)
})
