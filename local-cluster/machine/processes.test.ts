import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { bootId, identify, isAlive, parentOf } from './process-identity.ts'
import { type ProcessRecord, type ProcessTable, processTable } from './processes.ts'
import { waitFor } from './wait.ts'

const sleeper = { name: 'sleeper', command: 'sleep', args: ['600'] }

let folder: string
let processes: ProcessTable

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-processes-'))
  processes = processTable(join(folder, 'pids'), join(folder, 'logs'), process.env)
})

afterEach(async () => {
  for (const name of await processes.names()) await processes.stop(name)
  await rm(folder, { recursive: true })
})

const pidOf = async (name: string): Promise<number | undefined> => (await processes.alive(name))?.identity.pid

const forge = async (record: ProcessRecord): Promise<void> => {
  await mkdir(join(folder, 'pids'), { recursive: true })
  await writeFile(join(folder, 'pids', `${record.name}.json`), JSON.stringify(record))
}

test('a program that runs is left alone', async () => {
  assert.equal(await processes.ensure(sleeper), 'started')
  const pid = await pidOf('sleeper')
  assert.equal(await processes.ensure(sleeper), 'running')
  assert.equal(await pidOf('sleeper'), pid)
})

test('a program that was killed is started again', async () => {
  await processes.ensure(sleeper)
  const killed = (await processes.alive('sleeper'))?.identity
  assert.ok(killed)
  process.kill(killed.pid, 'SIGKILL')
  await waitFor('it ends', async () => !isAlive(killed), { timeoutMs: 5_000 })
  assert.equal(await processes.ensure(sleeper), 'started')
  assert.notEqual(await pidOf('sleeper'), undefined)
})

test('a program whose arguments have changed is replaced', async () => {
  await processes.ensure(sleeper)
  const before = (await processes.alive('sleeper'))?.identity
  assert.ok(before)
  assert.equal(await processes.ensure({ ...sleeper, args: ['700'] }), 'replaced')
  assert.equal(isAlive(before), false)
  assert.notEqual(await pidOf('sleeper'), undefined)
})

test('a program that ignores SIGTERM is ended all the same', async () => {
  const stubborn = { name: 'stubborn', command: 'sh', args: ['-c', 'trap "" TERM; echo ready; sleep 600'] }
  await processes.ensure(stubborn)
  const identity = (await processes.alive('stubborn'))?.identity
  assert.ok(identity)
  await waitFor('the trap is set', async () => (await processes.tail('stubborn')) === 'ready', {
    timeoutMs: 5_000,
  })
  await processes.stop('stubborn', 50)
  assert.equal(isAlive(identity), false)
})

test('a process that only got the pid of an earlier one is not touched', async () => {
  const own = identify(process.pid)
  assert.ok(own)
  await forge({ ...sleeper, identity: { ...own, startTicks: '1' } })
  assert.equal(await processes.alive('sleeper'), undefined)
  await processes.stop('sleeper') // would end this very process
  assert.deepEqual(await processes.names(), [])
})

test('a pid file from before a reboot says nothing about today', async () => {
  const own = identify(process.pid)
  assert.ok(own)
  await forge({ ...sleeper, identity: { ...own, bootId: 'an earlier boot' } })
  assert.equal(await processes.alive('sleeper'), undefined)
})

test('what a program writes goes to its log', async () => {
  await processes.ensure({
    name: 'speaker',
    command: 'sh',
    args: ['-c', 'echo out; echo err >&2; sleep 600'],
  })
  const said = async (): Promise<boolean> => (await processes.tail('speaker')) === 'out\nerr'
  await waitFor('both lines arrive', said, { timeoutMs: 5_000 })
  assert.equal(await readFile(processes.logOf('speaker'), 'utf8'), 'out\nerr\n')
})

test('a program that does not exist is an error', async () => {
  await assert.rejects(processes.ensure({ name: 'none', command: '/no/such/program', args: [] }), /ENOENT/)
})

test('a program whose port is taken is not started', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const refused = processes.ensure({ ...sleeper, listens: [{ host: '127.0.0.1', port }] })
    await assert.rejects(refused, new RegExp(`port ${port} .* which sleeper needs`))
    assert.deepEqual(await processes.names(), [])
  } finally {
    server.close()
  }
})

test('a process knows its identity and its parent', () => {
  const own = identify(process.pid)
  assert.ok(own)
  assert.equal(own.bootId, bootId())
  assert.equal(isAlive(own), true)
  assert.equal(parentOf(process.pid), process.ppid)
})
