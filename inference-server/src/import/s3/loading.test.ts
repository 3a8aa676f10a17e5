import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../testing/imports.ts'

const root = join(import.meta.dirname, '../../../..')

/** Tells of each module of the SDK that is asked for. */
const hooks = `import { registerHooks } from 'node:module'
registerHooks({ resolve: (name, context, next) => {
  if (/^@(aws-sdk|smithy)[/]/.test(name)) process.stderr.write('loads ' + name + '\\n')
  return next(name, context)
} })`

/** @returns names of modules of the SDK that a program loads, however it ends */
const loadedBy = (program: string, ...args: readonly string[]): Promise<readonly string[]> =>
  new Promise((resolve) => {
    const watched = ['--import', `data:text/javascript,${encodeURIComponent(hooks)}`, join(root, program)]
    execFile(
      process.execPath,
      [...watched, ...args],
      { env: { PATH: process.env['PATH'] } },
      (_error, _out, said) => resolve([...said.matchAll(/^loads (\S+)$/gm)].map(([, name = '']) => name)),
    )
  })

test('the SDK of AWS is loaded by an import from s3:// and by nothing else', async () => {
  const folder = temporaryFolder()
  const importing = (source: string, ...more: readonly string[]) =>
    loadedBy('inference-server/src/main.ts', 'import', '--source', source, '--models', folder.path, ...more)
  try {
    const [server, operator, other, s3] = await Promise.all([
      loadedBy('inference-server/src/main.ts', 'serve', '--help'),
      loadedBy('operator/src/main.ts'),
      importing(`file://${folder.path}/none`),
      importing('s3://models/none', '--s3-endpoint', 'http://127.0.0.1:9'), // loopback is refused at once
    ])
    assert.deepEqual([server, operator, other], [[], [], []])
    assert.ok(s3?.includes('@aws-sdk/client-s3'))
  } finally {
    folder.remove()
  }
})
