import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { type ApiServer, startApiServer } from './api-server.ts'
import { run } from './machine/command.ts'
import { commandLine, identify, isAlive } from './machine/process-identity.ts'
import { waitFor } from './machine/wait.ts'
import { progressOn } from './progress.ts'

const kubectl = (server: ApiServer, ...args: readonly string[]): Promise<string> =>
  run(server.kubectl, ['--kubeconfig', server.kubeconfig, ...args])

describe('an API server of its own', () => {
  let server: ApiServer
  before(async () => {
    server = await startApiServer({ progress: progressOn(process.stdout) })
  })
  after(() => server.stop())

  test('serves the version that the cluster has', async () => {
    assert.match(await kubectl(server, 'version'), /Server Version: v1\.35\./)
  })

  test('keeps its data while it is killed and started again at the same address', async () => {
    await kubectl(server, 'create', 'configmap', 'kept', '--from-literal=a=b')
    await server.stopApiServer('SIGKILL')
    await assert.rejects(kubectl(server, 'get', 'configmap', 'kept', '--request-timeout=2s'), /refused/)
    await server.startApiServer()
    assert.equal(await kubectl(server, 'get', 'configmap', 'kept', '-o', 'jsonpath={.data.a}'), 'b')
  })

  test('shares nothing with another one that runs at the same time', async () => {
    const other = await startApiServer()
    try {
      await kubectl(other, 'create', 'namespace', 'only-here')
      await assert.rejects(kubectl(server, 'get', 'namespace', 'only-here'), /not found/)
    } finally {
      await other.stop()
    }
    assert.equal(existsSync(other.kubeconfig), false)
  })
})

test('a flag that the API server does not know is reported with its own words', async () => {
  await assert.rejects(startApiServer({ flags: ['--no-such-flag'] }), /unknown flag: --no-such-flag/)
})

test('nothing outlives a test process that is killed', async () => {
  const script = `
    import { startApiServer } from ${JSON.stringify(join(import.meta.dirname, 'api-server.ts'))}
    console.log((await startApiServer()).kubeconfig)
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [kubeconfig] = (await once(createInterface(owner.stdout), 'line')) as [string]
  const folder = kubeconfig.replace(/\/kubeconfig$/, '')
  const pids = (await run('pgrep', ['--full', folder])).trim().split('\n').map(Number)
  const started = pids.filter((pid) => /^\S+\/(etcd|kube-apiserver) /.test(commandLine(pid))).map(identify)
  assert.equal(started.length, 2)
  owner.kill('SIGKILL')
  const gone = async (): Promise<boolean> => !started.some((identity) => identity && isAlive(identity))
  await waitFor('etcd and the API server end', gone, { timeoutMs: 20_000 })
  await run('rm', ['-r', folder]) // its owner had no time to
})
