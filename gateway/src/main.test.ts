/** The program as its users start it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { readConfig } from './config/config-file.ts'
import { parseOptions } from './config/options.ts'
import { StartError } from './failure.ts'
import { type Upstream, upstream } from './testing/gateway.ts'

const main = join(import.meta.dirname, 'main.ts')
const timeout = 30_000

let folder: string
let server: Upstream
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-gateway-'))
  server = await upstream((_, response) => void setTimeout(() => response.end('{}'), 30))
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const start = (...args: readonly string[]) => {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  return { child, output, ended: once(child, 'close').then(([code]) => code as number | null) }
}

const fileOf = async (text: string): Promise<string> => {
  const path = join(folder, 'gateway.yaml')
  await writeFile(path, text)
  return path
}

test('SIGTERM drains: readiness goes first, and no request is lost', { timeout }, async () => {
  const config = await fileOf(`models: [{name: shop/support, endpoints: [{url: "${server.url}"}]}]`)
  const options = ['--port', '0', '--probe-port', '0', '--drain-seconds', '2', '--access-log', 'on']
  const { child, output, ended } = start('--config', config, ...options)
  while (!output.stdout.includes('\n')) await once(child.stdout, 'data')
  const [, port, probes] = /localhost:(\d+), .*localhost:(\d+)\n/.exec(output.stdout) ?? []
  const statuses: number[] = []
  let isOver = false
  const caller = async (): Promise<void> => {
    while (!isOver) {
      const url = `http://127.0.0.1:${port}/shop/support/predict`
      statuses.push((await fetch(url, { method: 'POST', body: '{}' })).status)
    }
  }
  const callers = Promise.all(Array.from({ length: 8 }, caller))
  await pause(300)
  child.kill('SIGTERM')
  await pause(300)
  assert.equal((await fetch(`http://127.0.0.1:${probes}/readyz`)).status, 503)
  assert.equal((await fetch(`http://127.0.0.1:${probes}/healthz`)).status, 200)
  // Callers learn a while after the probe that they have to go elsewhere.
  isOver = true
  await callers
  const code = await ended
  assert.equal(code, 0, output.stderr)
  assert.deepEqual(new Set(statuses), new Set([200]))
  const lines = output.stdout.trim().split('\n').slice(1)
  assert.equal(lines.length, statuses.length)
  const { level, message, model, status, client, address } = JSON.parse(lines[0] ?? '{}')
  assert.deepEqual([level, message, model, status], ['info', 'request', 'shop/support', 200])
  assert.deepEqual([client, address], ['address 127.0.0.1', '127.0.0.1'])
})

test('what the file says later is served, and metrics tell of a broken file', { timeout }, async () => {
  const of = (name: string): string => `models: [{name: shop/${name}, endpoints: [{url: "${server.url}"}]}]`
  const config = await fileOf(of('support'))
  const options = ['--port', '0', '--probe-port', '0', '--drain-seconds', '0']
  const { child, output, ended } = start('--config', config, ...options)
  while (!output.stdout.includes('\n')) await once(child.stdout, 'data')
  const [, port, probes] = /localhost:(\d+), .*localhost:(\d+)\n/.exec(output.stdout) ?? []
  const statusOf = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/shop/other/v2`)).status
  const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${probes}/metrics`)).text()
  assert.equal(await statusOf(), 404)
  await fileOf(of('other'))
  while ((await statusOf()) !== 200) await pause(50)
  assert.match(await metrics(), /gantry_gateway_config_served 1\n/)
  await fileOf('models: [')
  while (!(await metrics()).includes('gantry_gateway_config_served 0\n')) await pause(50)
  assert.equal(await statusOf(), 200)
  // A limit holds for requests to come, and goes again; that of the command line holds where the file has none.
  await fileOf(`{${of('other')}, rateLimit: {requestsPerSecond: 0.001}}`)
  while ((await statusOf()) !== 429) await pause(50)
  await fileOf(of('other'))
  while ((await statusOf()) !== 200) await pause(50)
  child.kill('SIGTERM')
  assert.equal(await ended, 0)
})

test('a start with a wrong file ends with a sentence and exit code 2', { timeout }, async () => {
  const config = await fileOf(
    'models:\n  - name: shop/support\n    endpoint: []\n    endpoints: [{url: "http://a:1"}]\n',
  )
  const { output, ended } = start('--config', config)
  assert.equal(await ended, 2)
  assert.match(output.stderr, /gateway\.yaml:3: models\[0\]\.endpoint: there is no field "endpoint"/)
  assert.doesNotMatch(output.stderr, /\n\s+at /)
})

const wrong: readonly (readonly [what: string, args: readonly string[], said: RegExp])[] = [
  ['a file without a name', ['--config', ''], /^--config is empty: .*\n\nusage: /],
  [
    'a namespace beside a file',
    ['--config', 'x', '--namespace', 'shop'],
    /^--namespace is for models of a cluster/,
  ],
  [
    'a namespace that cannot be',
    ['--namespace', 'Shop!'],
    /^--namespace must be the name of a namespace, not "Shop!"/,
  ],
  [
    'a port that is no number',
    ['--config', 'x', '--port', 'http'],
    /^--port must be a number from 0 to 65535, not "http"/,
  ],
  [
    'a port beyond all',
    ['--config', 'x', '--probe-port', '65536'],
    /^--probe-port must be a number from 0 to 65535/,
  ],
  [
    'a word that there is not',
    ['--config', 'x', '--access-log', 'yes'],
    /^--access-log must be one of on, off, not "yes"/,
  ],
  ['an option that there is not', ['--configuration', 'x'], /--configuration/],
]
for (const [what, args, said] of wrong)
  test(`refuses ${what} with a sentence`, () => {
    assert.throws(
      () => parseOptions(args),
      (error: Error) => error instanceof StartError && said.test(error.message),
    )
  })

test('refuses a file that is not there with its name', () => {
  assert.throws(() => readConfig(join(folder, 'none.yaml')), /none\.yaml cannot be read: ENOENT/)
})
