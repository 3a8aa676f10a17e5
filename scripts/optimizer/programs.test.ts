import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'

const programs = join(import.meta.dirname, 'programs.ts')

/** What runs the program, and ends in order afterwards: it says with which code. */
const caller = `
import { runs } from ${JSON.stringify(programs)}
const program = 'process.on("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1000); console.log("runs")'
console.log('code', await runs(process.execPath, ['-e', program]))
`

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal} ends the program first, and what started it tidies up afterwards`, async () => {
    const started = spawn(process.execPath, ['--input-type=module-typescript', '-e', caller], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    let said = ''
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      // A terminal sends SIGINT to all processes, and others send SIGTERM to the first one.
      if (text.includes('runs'))
        process.kill(signal === 'SIGINT' ? -(started.pid ?? 0) : (started.pid ?? 0), signal)
    })
    const [code] = await once(started, 'close')
    assert.equal(code, 0)
    assert.match(said, signal === 'SIGINT' ? /code 1/ : /code 7/)
  })
