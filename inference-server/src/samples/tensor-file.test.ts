/** The file of samples is whole, or it is not there. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { NamedTensors } from '../tensors/tensor.ts'
import { writeTensors } from './tensor-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'gantry-tensor-file-'))
after(() => rmSync(folder, { recursive: true }))

const tensors: NamedTensors = new Map([
  ['x', { dtype: 'FP32', shape: [1 << 16], data: new Float32Array(1 << 16) }],
])

test('a disk that fills up in the middle of a tensor leaves no file, and the error says so', () => {
  const path = join(folder, 'full.safetensors')
  // A limit on the size of files cuts a write short, as a full disk does.
  const script = `import { writeTensors } from ${JSON.stringify(join(import.meta.dirname, 'tensor-file.ts'))}
    const data = new Float32Array(1 << 16)
    await writeTensors(${JSON.stringify(path)}, new Map([['x', { dtype: 'FP32', shape: [1 << 16], data }]]), {})`
  const limited = `trap '' XFSZ; ulimit -f 100; exec "$0" --input-type=module-typescript -e "$1"`
  const { status, stderr } = spawnSync('bash', ['-c', limited, process.execPath, script], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  assert.equal(status, 1)
  assert.match(stderr, /there is no room for .*full\.safetensors \(EFBIG\); free some/)
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('full')),
    [],
  )
})

test('what a killed run left is written anew, and a link in its place is not followed', async () => {
  const [path, other] = [join(folder, 'a.safetensors'), join(folder, 'other')]
  writeFileSync(other, 'mine')
  symlinkSync(other, `${path}.part`)
  await writeTensors(path, tensors, {})
  assert.equal(readFileSync(other, 'utf8'), 'mine')
  assert.equal(existsSync(`${path}.part`), false)
})
