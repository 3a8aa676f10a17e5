import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

/** The API server takes no larger ones. */
const podBytes = 2 ** 20
const count = 200
const program = join(import.meta.dirname, '../testing/list-pods.ts')

const args = 'x'.repeat(podBytes)
/** JSON of a pod, written around its long text. */
const podOf = (index: number): string =>
  JSON.stringify(shortPodOf(index)).replace('"ARGS"', () => `"${args}"`)
const shortPodOf = (index: number) => ({
  metadata: {
    name: `p${index}`,
    namespace: 'theirs',
    uid: `${index}`,
    resourceVersion: '5',
    annotations: { a: '' },
  },
  spec: { containers: [{ name: 'c', args: ['ARGS'] }] },
})

test('200 MiB of pods with our labels in one namespace do not end an operator that has 128 MiB', async (t) => {
  const server = createServer(({ url }, response) => {
    const { searchParams } = new URL(url ?? '', 'http://server')
    const from = Number(searchParams.get('continue') ?? 0)
    const to = Math.min(from + Number(searchParams.get('limit')), count)
    const metadata = { resourceVersion: '7', ...(to < count ? { continue: `${to}` } : {}) }
    response.write(`{"metadata":${JSON.stringify(metadata)},"items":[`)
    let next = from
    const pour = (): void => {
      if (response.destroyed) return
      if (next === to) return void response.end(']}')
      const item = podOf(next)
      next += 1
      if (response.write(next === to ? item : `${item},`)) setImmediate(pour)
      else response.once('drain', pour)
    }
    pour()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const args = ['--max-old-space-size=128', program, `http://127.0.0.1:${port}`]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  assert.equal(stdout.trim(), `${count}`)
})
