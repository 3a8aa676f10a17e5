import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { isLogLine } from '@gantry/contract/documents.ts'

const module = new URL('./log.ts', import.meta.url).href
/** The log runs in a process of its own, since its lines go to standard error. */
const script = `
  const { createLog } = await import(${JSON.stringify(module)})
  const log = createLog({ level: 'debug', nowMs: () => performance.now() })
  log.info('ready', { model: 'iris' })
  log.error('a run failed', { cause: new Error('x') })
  log.warn('slow')
  log.debug('waiting')
  await log.flush()
`

test('each line is what the operator reads as a line of a log', async () => {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script]
  const { stderr } = await promisify(execFile)(process.execPath, args)
  const lines: unknown[] = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  for (const line of lines) assert.ok(isLogLine(line), JSON.stringify(line))
  const told = lines.map((line) => isLogLine(line) && [line.level, line.message])
  assert.deepEqual(told, [
    ['info', 'ready'],
    ['error', 'a run failed'],
    ['warn', 'slow'],
    ['debug', 'waiting'],
  ])
})
