/** A run that does not come back, with the real program: nothing inside can end it, so everything outside has to learn of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { modelFolder, squares } from '../testing/models.ts'
import { ready, serveArgs, start } from '../testing/program.ts'

test('a stuck run: 504 for its caller, 503 from both probes, and SIGTERM still ends the process', async () => {
  await using folder = await modelFolder(squares(200))
  await using program = start(
    serveArgs(folder.dir, '--name', 'm', '--timeout-seconds', '0.2', '--drain-seconds', '0'),
  )
  const url = `http://127.0.0.1:${await ready(program)}`
  const ask = async (side: number): Promise<number> => {
    const inputs = [{ name: 'side', datatype: 'INT64', shape: [1], data: [side] }]
    const body = JSON.stringify({ inputs })
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${url}/v2/models/m/infer`, { method: 'POST', headers, body })).status
  }
  const probe = async (name: string): Promise<readonly [number, string | undefined]> => {
    const response = await fetch(`${url}/v2/health/${name}`)
    return [response.status, ((await response.json()) as { error?: string }).error]
  }
  assert.equal(await ask(2), 200)
  assert.deepEqual(await probe('live'), [200, undefined])

  assert.equal(await ask(4096), 504)
  assert.equal(await ask(2), 504, 'behind the stuck run')
  while ((await probe('live'))[0] === 200) await pause(20)
  for (const name of ['live', 'ready']) {
    const [status, error] = await probe(name)
    assert.equal(status, 503, name)
    assert.match(error ?? '', /a run has not come back for \d+ s/)
  }

  program.process.kill('SIGTERM')
  await program.ended
  assert.equal(program.process.signalCode, 'SIGKILL')
  assert.match(program.output.stderr, /a run has not come back; the process ends without it/)
})
