import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gantry } from './testing/gantry.ts'

const model = join(import.meta.dirname, '../../examples/breast-cancer/model')

test('a server that cannot be started is a sentence, whatever the system calls it', async () => {
  // Longer than the kernel lets one argument be.
  const { code, err } = await gantry(['serve', `--model=${'x'.repeat(200_000)}`])
  assert.equal(code, 1)
  assert.match(err, /^error: The inference server cannot be started \(E2BIG\)\.\n.*arguments/)
})

const childOf = async (pid: number | undefined): Promise<number> =>
  Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))

test('SIGTERM ends the server with the command', async () => {
  const args = ['serve', '--model', model, '--port', '0', '--grpc-port', 'off', '--drain-seconds', '0']
  const command = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args])
  const signal = AbortSignal.timeout(30_000)
  let server = 0
  try {
    await once(command.stdout, 'data', { signal })
    server = await childOf(command.pid)
    command.kill('SIGTERM')
    assert.deepEqual(await once(command, 'exit', { signal }), [0, null])
    while ((await readFile(`/proc/${server}/stat`, 'utf8').catch(() => ') Z')).match(/\) [^ZX]/))
      await sleep(20, undefined, { signal })
  } catch (error) {
    command.kill('SIGKILL')
    if (server > 0) process.kill(server, 'SIGKILL')
    throw error
  }
})
