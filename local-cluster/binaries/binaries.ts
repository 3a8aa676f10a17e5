import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from '../machine/lock.ts'
import type { Paths } from '../paths.ts'
import type { Progress } from '../progress.ts'
import {
  allBinaries,
  type BinaryName,
  build,
  digestOf,
  knownBinaries,
  kubernetesVersion,
  requireGo,
} from './build.ts'
import { fetchPublished, removeUnfinished } from './fetch.ts'
import { downloadableOf, downloadSource, releasesFor } from './releases.ts'

/** Where the binaries lie, or will lie once they are there. */
export const binFolder = (paths: Paths): string => join(paths.cache, `kubernetes-${kubernetesVersion}`, 'bin')

const record = (folder: string, name: BinaryName): string => join(folder, `.${name}.digest`)

/** What a record says of a binary of the pinned versions: the digest of its archive, or that of its sources. */
const valid = async (name: BinaryName): Promise<readonly string[]> => {
  const archives = releasesFor(process.arch).filter(({ members }) => members[name] !== undefined)
  return [await digestOf(name), ...archives.map(({ digest }) => digest)]
}

const isThere = async (folder: string, name: BinaryName): Promise<boolean> => {
  const recorded = await readFile(record(folder, name), 'utf8').catch(() => '')
  const file = await stat(join(folder, name)).catch(() => undefined)
  return file !== undefined && (await valid(name)).includes(recorded)
}

const missingIn = async (folder: string, names: readonly BinaryName[]): Promise<readonly BinaryName[]> => {
  const there = await Promise.all(names.map((name) => isThere(folder, name)))
  return names.filter((_, index) => !there[index])
}

/** Which binaries are not there yet, or are of an earlier version. */
export const missingBinaries = (
  paths: Paths,
  names: readonly BinaryName[] = allBinaries,
): Promise<readonly BinaryName[]> => missingIn(binFolder(paths), names)

const buildMissing = async (
  folder: string,
  names: readonly BinaryName[],
  progress: Progress,
): Promise<void> => {
  if (names.length > 0) await requireGo()
  for (const name of names) {
    const start = performance.now()
    await build(name, join(folder, name), progress)
    await writeFile(record(folder, name), await digestOf(name))
    progress.line(`${name} … built in ${Math.round((performance.now() - start) / 1000)} s`)
  }
}

const bringMissing = async (
  folder: string,
  names: readonly BinaryName[],
  progress: Progress,
  env: NodeJS.ProcessEnv,
): Promise<void> => {
  await mkdir(folder, { recursive: true })
  await removeUnfinished(folder)
  const missing = await missingIn(folder, knownBinaries)
  const needed = names.filter((name) => missing.includes(name))
  for (const name of names) if (!missing.includes(name)) progress.line(`${name} … cached`)
  const source = downloadSource(env)
  // A machine without Go is told so before it waits for a download.
  if (needed.length > downloadableOf(needed, source, process.arch).length) await requireGo()
  const fetching = { releases: releasesFor(process.arch), source, env, progress }
  const fetched = await fetchPublished({ needed, missing }, folder, fetching)
  for (const { name, digest } of fetched) await writeFile(record(folder, name), digest)
  const rest = needed.filter((name) => !fetched.some((one) => one.name === name))
  await buildMissing(folder, rest, progress)
}

/**
 * Downloads or builds what is missing; a binary appears whole or not at all.
 * @returns the folder that holds the binaries
 */
export const ensureBinaries = async (
  paths: Paths,
  names: readonly BinaryName[],
  progress: Progress,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> => {
  const folder = binFolder(paths)
  const inOrder = knownBinaries.filter((name) => names.includes(name))
  if ((await missingIn(folder, inOrder)).length === 0) {
    for (const name of inOrder) progress.line(`${name} … cached`)
    return folder
  }
  // Two test files may ask at the same time: the second waits and then finds everything there.
  await withLock(
    folder,
    () => bringMissing(folder, inOrder, progress, env),
    () => progress.now('waiting for another process that builds the same programs'),
  )
  return folder
}
