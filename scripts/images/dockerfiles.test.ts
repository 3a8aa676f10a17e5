import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { dockerfiles } from './bases.ts'

const root = join(import.meta.dirname, '../..')
const lastStage = (path: string): string => {
  const text = readFileSync(join(root, path), 'utf8')
  return text.slice(text.lastIndexOf('\nFROM ') + 1)
}
/** The image with CUDA only adds files to the plain one. */
const plain = dockerfiles.filter((path) => !path.endsWith('.cuda'))

test('every image begins with nothing, has files copied into it, and runs as user 10001', () => {
  for (const path of dockerfiles) {
    const stage = lastStage(path)
    assert.doesNotMatch(stage, /^(RUN|ADD)\b/m, path)
  }
  for (const path of plain) {
    assert.match(lastStage(path), /^FROM scratch\n/, path)
    assert.match(lastStage(path), /^USER 10001:10001$/m, path)
  }
  assert.match(lastStage('inference-server/Dockerfile.cuda'), /^FROM server\n/)
})

test('the server of the image listens on every address, though one on a laptop does not', () => {
  assert.match(lastStage('inference-server/Dockerfile'), /\bGANTRY_HOST=all\b/)
})
