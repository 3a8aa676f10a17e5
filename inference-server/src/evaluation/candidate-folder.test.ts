import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { importModel } from '../import/import-model.ts'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { openCandidate } from './candidate-folder.ts'

const folder = temporaryFolder()
after(folder.remove)

test('a version is measured only where its metadata.json describes the digest that the operator names', async () => {
  const volume = mkdtempSync(join(folder.path, 'volume-'))
  const source = join(folder.path, 'model.onnx')
  await writeFile(source, model)
  const options = importOptions({ source, volume })
  const { version } = await importModel(options)
  const open = (digest: string) =>
    openCandidate(
      { name: version.id, task: 'tensor', folder: join(volume, version.id), digest },
      volume,
      options,
    )
  assert.equal((await open(version.digest)).digest, version.digest)
  await assert.rejects(
    open(`sha256:${'0'.repeat(64)}`),
    failing('DigestMismatch', /is not the version that was imported.*gantry fsck/),
  )
})
