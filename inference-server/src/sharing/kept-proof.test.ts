import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  linkSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { KeptProof } from '@gantry/contract/versions.ts'
import { proofVersion } from '../rows/proof.ts'
import { mlp, modelFolder } from '../testing/models.ts'
import { keptProof, proofOf, weakest } from './kept-proof.ts'

/** Says what no proof of the model in the folder would, so that a test sees where it came from. */
const kept: KeptProof = { proofVersion, verdict: 'unbatchable', reason: 'as kept', node: 'n', operator: 'Op' }

/** A folder as an import leaves it. */
const importedFolder = async (over: object = {}) => {
  const folder = await modelFolder(mlp())
  const metadata = { task: 'tensor', rows: { 'model.onnx': kept }, ...over }
  const path = join(folder.dir, 'metadata.json')
  const graph = statSync(join(folder.dir, 'model.onnx'))
  // An import takes longer than a tick of the file system's clock.
  do writeFileSync(path, JSON.stringify(metadata))
  while (statSync(path).ctimeMs <= graph.ctimeMs)
  const proof = (task: 'tensor' | 'fill-mask' = 'tensor') =>
    proofOf({ dir: folder.dir, task }, join(folder.dir, 'model.onnx'))
  return { ...folder, proof, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] }
}

test('a proof that the import kept is not repeated', async () => {
  await using folder = await importedFolder()
  const { proofVersion: _, ...proof } = kept
  assert.deepEqual(await folder.proof(), proof)
})

const renewed: Readonly<Record<string, object>> = {
  'where other rules made it': { rows: { 'model.onnx': { ...kept, proofVersion: proofVersion - 1 } } },
  'where none was kept': { rows: undefined },
  'where it is of another file': { rows: { 'other.onnx': kept } },
  'where it is nonsense': { rows: { 'model.onnx': { ...kept, verdict: 'sure' } } },
}
for (const [when, over] of Object.entries(renewed)) {
  test(`it is made anew ${when}`, async () => {
    await using folder = await importedFolder(over)
    assert.deepEqual(await folder.proof(), { verdict: 'independent' })
  })
}

test('it is made anew for another task, and where the graph was changed after its import', async () => {
  await using folder = await importedFolder()
  assert.deepEqual(await folder.proof('fill-mask'), { verdict: 'independent' })
  // An old modification time is easily kept, the change time is not.
  const [path, metadata] = [join(folder.dir, 'model.onnx'), join(folder.dir, 'metadata.json')]
  do utimesSync(path, new Date(0), new Date(0))
  while (statSync(path).ctimeMs <= statSync(metadata).ctimeMs)
  assert.deepEqual(await folder.proof(), { verdict: 'independent' })
})

test('it stays where another version with the same graph came or went, and the digest says that it is the same', async () => {
  await using plain = await importedFolder()
  const graph = readFileSync(join(plain.dir, 'model.onnx'))
  const sha256 = createHash('sha256').update(graph).digest('hex')
  await using folder = await importedFolder({
    files: [{ path: 'model.onnx', sizeBytes: graph.length, sha256 }],
  })
  const [path, metadata] = [join(folder.dir, 'model.onnx'), join(folder.dir, 'metadata.json')]
  do {
    linkSync(path, `${path}.other`)
    unlinkSync(`${path}.other`)
  } while (statSync(path).ctimeMs <= statSync(metadata).ctimeMs)
  const { proofVersion: _, ...proof } = kept
  assert.deepEqual(await folder.proof(), proof)
  writeFileSync(path, Buffer.concat([graph, Buffer.alloc(0)]).fill(0, 0, 1))
  assert.notDeepEqual(await folder.proof(), proof)
})

test('it is made anew where the graph is a link, which may have led to another graph when it was imported', async () => {
  await using folder = await importedFolder()
  const [path, elsewhere] = [join(folder.dir, 'model.onnx'), join(folder.dir, 'older.onnx')]
  renameSync(path, elsewhere)
  symlinkSync(elsewhere, path)
  const metadata = join(folder.dir, 'metadata.json')
  do writeFileSync(metadata, JSON.stringify({ task: 'tensor', rows: { 'model.onnx': kept } }))
  while (statSync(metadata).ctimeMs <= statSync(path).ctimeMs)
  assert.deepEqual(await folder.proof(), { verdict: 'independent' })
})

test('what is kept is short, and reads back as it was', () => {
  const reason = 'x'.repeat(1000)
  const short = keptProof({ verdict: 'unproven', reason, node: 'n', operator: 'Op' })
  assert.equal(short.reason?.length, 300)
  assert.deepEqual(keptProof({ verdict: 'independent' }), { proofVersion, verdict: 'independent' })
})

test('graphs that work together allow what the weakest of them does', () => {
  const scaled = { verdict: 'scaled', reason: 'r' } as const
  const unproven = { verdict: 'unproven', reason: 'r' } as const
  assert.equal(weakest([{ verdict: 'independent' }, scaled]), scaled)
  assert.equal(weakest([unproven, scaled, { verdict: 'independent' }]), unproven)
})
