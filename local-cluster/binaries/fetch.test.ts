import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { noProgress } from '../progress.ts'
import type { BinaryName } from './build.ts'
import { defaultLimits, type Limits, redirectTarget } from './download.ts'
import { fetchPublished, removeUnfinished } from './fetch.ts'
import type { Release } from './releases.ts'

let server: Server
let base: string
let answer: RequestListener
let asked: string[]
let folder: string
let archive: Buffer
let told: string[]

const path = '/release.example.com/v1/kubernetes.tar.gz'

before(async () => {
  const source = await mkdtemp(join(tmpdir(), 'gantry-archive-'))
  mkdirSync(join(source, 'kubernetes/server/bin'), { recursive: true })
  for (const name of ['kubelet', 'kubectl']) {
    writeFileSync(join(source, 'kubernetes/server/bin', name), `#!/bin/sh\necho ${name}\n`)
  }
  archive = execFileSync('tar', ['-C', source, '-cz', 'kubernetes'])
  await rm(source, { recursive: true })
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-bin-'))
  told = []
  asked = []
  answer = (_request, response) => response.end(archive)
})
afterEach(() => rm(folder, { recursive: true }))

const release = (change: Partial<Release> = {}): Release => ({
  project: 'Kubernetes',
  module: 'k8s.io/kubernetes',
  version: 'v1',
  url: 'https://release.example.com/v1/kubernetes.tar.gz',
  algorithm: 'sha512',
  digest: createHash('sha512').update(archive).digest('hex'),
  members: { kubelet: 'kubernetes/server/bin/kubelet', kubectl: 'kubernetes/server/bin/kubectl' },
  ...change,
})

const only = (name: BinaryName) => ({ needed: [name], missing: [name] })

const shortLimits: Limits = { ...defaultLimits, answerMs: 300, silenceMs: 300 }

const bring = async (
  releases: readonly Release[] = [release()],
  limits: Limits = shortLimits,
  mirror = base,
) => {
  const fetched = await fetchPublished(
    { needed: ['kubelet', 'etcd'], missing: ['kubelet', 'kubectl', 'etcd'] },
    folder,
    {
      releases,
      source: { kind: 'mirror', base: mirror },
      env: {},
      limits,
      progress: { ...noProgress, line: (text) => told.push(text) },
    },
  )
  return fetched.map(({ name }) => name)
}

const assertRefused = async (why: RegExp): Promise<void> => {
  assert.deepEqual(await bring(), [])
  assert.equal(told.length, 1)
  assert.match(told[0] ?? '', why)
  assert.deepEqual(readdirSync(folder), [])
}

test('programs of a published archive are there, executable, once its digest is right, those needed later, too', async () => {
  assert.deepEqual(await bring(), ['kubelet', 'kubectl'])
  assert.deepEqual(asked, [path])
  assert.equal(execFileSync(join(folder, 'kubelet'), { encoding: 'utf8' }), 'kubelet\n')
  assert.equal((await stat(join(folder, 'kubectl'))).mode & 0o777, 0o755)
  assert.deepEqual(readdirSync(folder).sort(), ['kubectl', 'kubelet'])
})

test('an archive of other bytes is refused loudly, and nothing of it stays', async () => {
  answer = (_request, response) => {
    const changed = Buffer.from(archive)
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    response.end(changed)
  }
  await assertRefused(/^REFUSED: Kubernetes .*sha512 is [0-9a-f]{128}, not [0-9a-f]{128}.*built from source/)
})

test('an archive that ends early is not used', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': archive.length })
    response.write(archive.subarray(0, 40))
    setTimeout(() => response.destroy(), 20)
  }
  await assertRefused(/not downloaded \(the connection ended before the whole file was there\)/)
})

test('a server that accepts a connection and says nothing is given up', async () => {
  answer = () => undefined
  await assertRefused(/not downloaded \(no answer within 0.3 s\); it is built from source/)
})

test('a server that falls silent in the middle of a file is given up', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': archive.length })
    response.write(archive.subarray(0, 40))
  }
  await assertRefused(/not downloaded \(nothing came for 0.3 s\)/)
})

test('a file that would not be there in time is given up as soon as its pace is known', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': 1_000_000_000 })
    const timer = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(timer))
  }
  assert.deepEqual(await bring([release()], { ...shortLimits, paceMs: 200 }), [])
  assert.match(told[0] ?? '', /not downloaded \(at 0.0 MB\/s it would take \d+ min\)/)
})

test('a file that grows over every measure is refused', async () => {
  answer = (_request, response) => response.end(archive)
  assert.deepEqual(await bring([release()], { ...shortLimits, maxBytes: 10 }), [])
  assert.match(told[0] ?? '', /^REFUSED: .*more than 10 bytes/)
})

test('a file that is not there is built, and the next project is still tried', async () => {
  answer = (request, response) => {
    response.writeHead(request.url === path ? 404 : 200)
    response.end(archive)
  }
  const other = release({ project: 'Other', url: 'https://other.example.com/x.tgz' })
  assert.deepEqual(await bring([release(), other]), ['kubelet', 'kubectl'])
  assert.match(told[0] ?? '', /Kubernetes .*not downloaded \(HTTP 404\)/)
})

test('redirects are followed, but not without end', async () => {
  answer = (request, response) => {
    if (request.url === '/cdn') return response.end(archive)
    response.writeHead(302, { location: '/cdn' })
    return response.end()
  }
  assert.deepEqual(await bring(), ['kubelet', 'kubectl'])
  answer = (_request, response) => {
    response.writeHead(302, { location: path })
    response.end()
  }
  assert.deepEqual(await bring(), [])
  assert.match(told.at(-1) ?? '', /more than 5 redirects/)
})

test('a redirect from https stays on https', () => {
  const url = 'https://dl.example.com/v1/a.tar.gz'
  assert.equal(redirectTarget(url, '/v2/a.tar.gz'), 'https://dl.example.com/v2/a.tar.gz')
  assert.equal(redirectTarget(url, 'https://cdn.example.com/a'), 'https://cdn.example.com/a')
  assert.throws(() => redirectTarget(url, 'http://cdn.example.com/a'), /leads from https to http:/)
})

test('without a route to the server one line says so, and no other server is asked', async () => {
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  const other = release({ project: 'Other' })
  assert.deepEqual(await bring([release(), other], shortLimits, `http://127.0.0.1:${port}`), [])
  assert.equal(told.length, 1)
  assert.match(told[0] ?? '', /not downloaded \(ECONNREFUSED\)/)
})

test('nothing is asked for where downloads are off, or no published program is missing', async () => {
  const fetching = { releases: [release()], env: {}, progress: noProgress }
  assert.deepEqual(
    await fetchPublished(only('kubelet'), folder, { ...fetching, source: { kind: 'none' } }),
    [],
  )
  const source = { kind: 'mirror', base } as const
  assert.deepEqual(await fetchPublished(only('etcd'), folder, { ...fetching, source }), [])
  assert.deepEqual(asked, [])
})

test('a proxy of the environment is asked for what is not on this machine', async () => {
  const fetched = await fetchPublished(only('kubelet'), folder, {
    releases: [release()],
    source: { kind: 'mirror', base: 'http://mirror.invalid' },
    env: { http_proxy: base },
    limits: shortLimits,
    progress: noProgress,
  })
  assert.deepEqual(fetched, [{ name: 'kubelet', digest: release().digest }])
  assert.deepEqual(asked, [`http://mirror.invalid${path}`])
})

test('a proxy that lets no https through costs one attempt', async () => {
  const tunnels: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '')
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const fetched = await fetchPublished(only('kubelet'), folder, {
    releases: [release(), release({ project: 'Other', url: 'https://other.invalid/x' })],
    source: { kind: 'official' },
    env: { https_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` },
    limits: shortLimits,
    progress: { ...noProgress, line: (text) => told.push(text) },
  })
  proxy.close()
  assert.deepEqual(fetched, [])
  assert.deepEqual(tunnels, ['release.example.com:443'])
  assert.equal(told.length, 1)
  assert.match(told[0] ?? '', /^Kubernetes from https:\/\/release\.example\.com.* not downloaded \(.+\)/)
})

test('what a killed download or build left is removed', async () => {
  mkdirSync(join(folder, '.unfinished-abc'))
  writeFileSync(join(folder, '.unfinished-abc', 'archive'), 'half')
  writeFileSync(join(folder, 'kubelet'), 'whole')
  await removeUnfinished(folder)
  assert.equal(existsSync(join(folder, '.unfinished-abc')), false)
  assert.equal(readFileSync(join(folder, 'kubelet'), 'utf8'), 'whole')
})
