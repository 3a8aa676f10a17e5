/** Settings files and command lines of the server: a configuration, or one sentence and exit code 2. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../inference-server/src/config/config.ts'
import { StartError } from '../../inference-server/src/failures/errors.ts'
import { pick } from '../../inference-server/src/testing/fuzz.ts'
import { spoiledBytes, spoiledJson } from '../mutation.ts'
import type { Random, Target } from '../target.ts'

const right = {
  model: '/models/v_20261123_101500',
  name: 'intents',
  task: 'text-classification',
  version: 'v_20261123_101500',
  labels: ['a', 'b'],
  responses: { a: 'Yes.', default: 'No.' },
  device: 'auto',
  threads: 2,
  timeoutSeconds: 30,
  strict: false,
  batching: { rows: 'auto', maxRows: 32, maxTokens: 512, maxDelayMs: 0, maxQueue: 256 },
  sensitiveFields: ['text'],
  requestLog: { mode: 'hashed', keys: '/keys', sampleRate: 1 },
  apiKeys: '/api-keys',
  tls: { cert: '/tls/tls.crt', key: '/tls/tls.key' },
}

const flags = [
  ...[
    '--name',
    '--task',
    '--port',
    '--host',
    '--device',
    '--threads',
    '--workers',
    '--max-rows',
    '--max-queue',
  ],
  ...[
    '--timeout-seconds',
    '--max-body-mib',
    '--drain-seconds',
    '--request-log',
    '--sensitive-fields',
    '--tls-cert',
  ],
  ...['--repository', '--model', '--file', '--load-unload', '--strict', '--nothing', '-x', '--', '--help'],
]
const values = ['1', '0', '-1', '1e9', 'NaN', 'tensor', 'x', '', '/', 'a b', 'full', 'off', '\u001b[31m']

/** A settings file, and behind a NUL that JSON cannot hold, the arguments of the command line. */
const input = (random: Random): Buffer => {
  const text = JSON.stringify(random() < 0.1 ? right : spoiledJson(random, right))
  const file = random() < 0.2 ? spoiledBytes(random, Buffer.from(text)) : Buffer.from(text)
  const args = Array.from({ length: random() < 0.5 ? 0 : Math.ceil(random() * 3) }, () =>
    random() < 0.8 ? [pick(random, flags), pick(random, values)] : [pick(random, flags)],
  ).flat()
  return Buffer.concat([file, Buffer.from(`\u0000${JSON.stringify(args)}`)])
}

export const settings: Target = {
  name: 'settings',
  rounds: 3000,
  reaches: ['accepted', 'refused', 'help'],
  open: async () => {
    const root = await mkdtemp(join(tmpdir(), 'gantry-fuzz-'))
    const path = join(root, 'settings.json')
    return {
      make: input,
      check: async (bytes) => {
        const end = bytes.lastIndexOf(0)
        await writeFile(path, bytes.subarray(0, end))
        const args = JSON.parse(bytes.subarray(end + 1).toString()) as readonly string[]
        try {
          return loadConfig(['--settings', path, ...args]) === 'help' ? 'help' : 'accepted'
        } catch (error) {
          if (!(error instanceof StartError)) throw error
          assert.equal(error.exitCode, 2)
          assert.ok(error.message.length < 2000, 'the sentence fits on a screen')
          assert.doesNotMatch(error.message, /\p{Cc}/u)
          return 'refused'
        }
      },
      [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
    }
  },
}
