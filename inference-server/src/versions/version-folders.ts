/** The versions of a model that a folder holds: of a volume that imports write, or laid out by hand as NUMBER/model.onnx. */
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { metadataFile, versionIdPattern } from '@gantry/contract/versions.ts'
import type { ServerConfig } from '../config/server-config.ts'
import { StartError } from '../failures/errors.ts'
import { holdsGraph } from './folder.ts'
import { recordedVersion } from './model.ts'

export interface VersionFolder {
  /** Name of the version in requests. */
  readonly version: string
  /** Absolute. */
  readonly dir: string
}

const { compare } = new Intl.Collator('en', { numeric: true })

/** Older first: 2 before 10, v_20261123_101500 before v_20261123_101500_2. */
export const compareVersions = (a: VersionFolder, b: VersionFolder): number => compare(a.version, b.version)

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** What an import has not finished, or the file system keeps for itself, is no version. */
const isVersion = async ({ version, dir }: VersionFolder): Promise<boolean> => {
  if (version.startsWith('.')) return false
  if (versionIdPattern.test(version)) return isThere(join(dir, metadataFile))
  return holdsGraph(dir)
}

/** @throws StartError where the folder is missing or holds no version */
const readVersionFolders = async (dir: string): Promise<readonly VersionFolder[]> => {
  let names: readonly string[]
  try {
    names = await readdir(dir)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read: ${message}`
    throw new StartError(`the repository ${dir} ${reason}; give a folder of versions with --repository`)
  }
  const folders = names.map((version) => ({ version, dir: join(dir, version) }))
  const found = await Promise.all(folders.map(isVersion))
  const versions = folders.filter((_, index) => found[index]).sort(compareVersions)
  if (versions.length > 0) return versions
  if (await holdsGraph(dir))
    throw new StartError(`${dir} is the folder of one model and not of its versions; give it with --model`)
  throw new StartError(
    `${dir} holds no version of a model; a version is a folder such as ${join(dir, '1')} with model.onnx in it`,
  )
}

/**
 * Changes whenever a file of the folder does; cheap, since it reads no file.
 * @returns '' where the folder is gone
 */
export const fingerprint = async (dir: string): Promise<string> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch((): Dirent[] => [])
  const lines = entries.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name)
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }))
    return `${path} ${size} ${mtimeMs}`
  })
  return (await Promise.all(lines)).sort().join('\n')
}

/** Reads what there is to serve, each time anew. */
export const versionFolders = (
  config: Pick<ServerConfig, 'dir' | 'version' | 'repository'>,
): (() => Promise<readonly VersionFolder[]>) => {
  const { dir, version, repository } = config
  if (repository) return () => readVersionFolders(dir)
  return async () => [{ version: version ?? (await recordedVersion(dir)), dir }]
}

/**
 * The `folders` that `--versions` names, and the default.
 * @throws StartError where one of them is not there
 */
export const wantedFolders = (
  folders: readonly VersionFolder[],
  { dir, repository }: Pick<ServerConfig, 'dir' | 'repository'>,
): readonly VersionFolder[] => {
  if (!repository) return folders
  const { versions, defaultVersion } = repository
  const named = Array.isArray(versions) ? versions : []
  const asked = new Set(defaultVersion === undefined ? named : [...named, defaultVersion])
  const missing = [...asked].find((name) => !folders.some(({ version }) => version === name))
  if (missing !== undefined) {
    const there = folders.map(({ version }) => version).join(', ')
    throw new StartError(`there is no version "${missing}" in ${dir}; it has ${there}`)
  }
  const latest = folders.at(-1)
  return folders.filter(
    (folder) =>
      versions === 'all' || (versions === 'latest' && folder === latest) || asked.has(folder.version),
  )
}
