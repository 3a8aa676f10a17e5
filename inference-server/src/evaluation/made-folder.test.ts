/** What is believed of a folder that an optimizer has made. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { OptimizedReport } from '@gantry/contract/optimizing.ts'
import { checkMade } from './made-folder.ts'

const total: OptimizedReport['total'] = {
  sizeBytes: { before: 2, after: 1 },
  agreement: { inputs: 'generated', samples: 1, largestDifference: 0, meanDifference: 0, sameAnswers: 1 },
  latency: { beforeMs: 2, afterMs: 1, speedup: 2, spread: 0.1, rows: 1, threads: 1 },
}
const report = JSON.stringify({
  ...{ outcome: 'optimized', recipe: { quantize: 'fp16' }, model: 'model.onnx', steps: [], versions: {} },
  total,
})

test('a folder that is a link, and a report that is a pipe or endless, are refused', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-made-'))
  const [folder, made] = [join(dir, 'model'), join(dir, 'made.json')]
  try {
    await mkdir(folder)
    await writeFile(made, report)
    await checkMade(folder, made)

    await symlink(folder, join(dir, 'linked'))
    await assert.rejects(checkMade(join(dir, 'linked'), made), /wrote linked, which is no folder/)
    await assert.rejects(checkMade(join(dir, 'nowhere'), made), /wrote no folder/)

    execFileSync('mkfifo', [join(dir, 'pipe.json')])
    await writeFile(join(dir, 'long.json'), report + ' '.repeat(16 * 2 ** 20))
    for (const name of ['pipe.json', 'long.json'])
      await assert.rejects(checkMade(folder, join(dir, name)), /without a report/)
  } finally {
    await rm(dir, { recursive: true })
  }
})
