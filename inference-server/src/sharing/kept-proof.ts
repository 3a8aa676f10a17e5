/** The proof of a graph's rows, as the import kept it with the version, or made anew. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import type { Task } from '@gantry/contract/server.ts'
import { type KeptProof, metadataFile } from '@gantry/contract/versions.ts'
import { isObject } from '../json/json-object.ts'
import { proofVersion, type RowProof } from '../rows/proof.ts'
import { sealedPath } from '../sealing/sealed-folders.ts'

/** Longer reasons are cut: they name shapes, which grow with the graph. */
const longestReason = 300

/** @returns what metadata.json keeps of a proof */
export const keptProof = (proof: RowProof): KeptProof => ({
  proofVersion,
  ...proof,
  ...('reason' in proof && { reason: proof.reason.slice(0, longestReason) }),
})

/** Verdicts, the one that allows most first. */
const verdicts: readonly RowProof['verdict'][] = ['independent', 'scaled', 'unproven', 'unbatchable']

/** The proof that allows least, of graphs that work together. */
export const weakest = (proofs: readonly [RowProof, ...RowProof[]]): RowProof =>
  proofs.reduce((weak, proof) =>
    verdicts.indexOf(proof.verdict) > verdicts.indexOf(weak.verdict) ? proof : weak,
  )

const readKept = (kept: unknown): RowProof | undefined => {
  if (!isObject(kept) || kept['proofVersion'] !== proofVersion) return undefined
  const { proofVersion: _, verdict, reason = '', ...blamed } = kept as unknown as KeptProof
  if (!verdicts.includes(verdict)) return undefined
  return verdict === 'independent' ? { verdict } : { verdict, reason, ...blamed }
}

/** @param path relative to the version's folder, as metadata.json has it */
const recordedDigest = (metadata: object, path: string): unknown => {
  const files: unknown = 'files' in metadata ? metadata.files : undefined
  return Array.isArray(files)
    ? files.find((file) => isObject(file) && file['path'] === path)?.sha256
    : undefined
}

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/**
 * A graph that was changed after its import is not the one that was proven. The change time of a file cannot be set, unlike its
 * modification time. It moves as well where a version with the same graph comes or goes, since both are names of one file, and where a
 * whole folder was copied: then the digest decides. A graph that a link leads to is proven anew, since the link may have led to another.
 * @param recorded digest of the graph in metadata.json
 */
const isUnchanged = async (graph: string, metadata: string, recorded: unknown): Promise<boolean> => {
  const [folder, target] = await Promise.all([realpath(dirname(metadata)), realpath(graph)])
  if (target !== join(folder, relative(dirname(metadata), graph))) return false
  // The key of an encrypted version covers its proofs and its files.
  if (sealedPath(graph)) return true
  const [{ ctimeMs: changedMs }, { ctimeMs: importedMs }] = await Promise.all([stat(graph), stat(metadata)])
  // Clocks of file systems tick in milliseconds: what is as old as the import may have changed after it.
  return changedMs < importedMs || (recorded !== undefined && (await digestOf(graph)) === recorded)
}

interface Folder {
  /** Absolute. */
  readonly dir: string
  readonly task: Task
}

/** @returns undefined where no import kept one for this task, or the file has changed since */
const keptIn = async ({ dir, task }: Folder, onnxPath: string): Promise<RowProof | undefined> => {
  const path = join(dir, metadataFile)
  const metadata: unknown = JSON.parse(await readFile(path, 'utf8'))
  if (!isObject(metadata) || metadata['task'] !== task || !isObject(metadata['rows'])) return undefined
  const inside = relative(dir, onnxPath).split(sep).join('/')
  const kept = readKept(metadata['rows'][inside])
  return kept && (await isUnchanged(onnxPath, path, recordedDigest(metadata, inside))) ? kept : undefined
}

/** Texts that are written share steps, in which a graph is used in another way than for one answer. */
const writingTasks: ReadonlySet<Task> = new Set([
  'text-generation',
  'code-generation',
  'translation',
  'image-to-text',
])

/**
 * The rules are loaded here and not with this file: a start whose proofs were kept has no use for them.
 * @param onnxPath absolute @throws MalformedMessage
 */
export const proveFor = async (task: Task, onnxPath: string): Promise<RowProof> =>
  writingTasks.has(task)
    ? (await import('./step-proof.ts')).proveSteps(onnxPath)
    : (await import('../rows/prove.ts')).proveFile(onnxPath)

/** What cannot be read proves nothing; the session says what is wrong with it. */
const provenAnew = async (task: Task, onnxPath: string): Promise<RowProof> => {
  try {
    return await proveFor(task, onnxPath)
  } catch (error) {
    return { verdict: 'unproven', reason: `the file cannot be read: ${(error as Error).message}` }
  }
}

/** @param onnxPath absolute, below the folder */
export const proofOf = async (folder: Folder, onnxPath: string): Promise<RowProof> =>
  (await keptIn(folder, onnxPath).catch(() => undefined)) ?? provenAnew(folder.task, onnxPath)
