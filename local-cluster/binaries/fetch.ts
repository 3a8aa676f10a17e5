import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../machine/command.ts'
import { during, type Progress } from '../progress.ts'
import { type BinaryName, unfinishedPrefix } from './build.ts'
import { type Download, download, type Limits, type Refusal } from './download.ts'
import { addressAt, type DownloadSource, type Release } from './releases.ts'

export interface Fetching {
  readonly releases: readonly Release[]
  readonly source: DownloadSource
  readonly env: NodeJS.ProcessEnv
  readonly progress: Progress
  readonly limits?: Limits
}

/** A program that lies in the folder now, and the digest of the archive that it is from. */
export interface Fetched {
  readonly name: BinaryName
  readonly digest: string
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)}`

const amount = (received: number, total: number | undefined): string =>
  total === undefined ? `${megabytes(received)} MB` : `${megabytes(received)} of ${megabytes(total)} MB`

/** What is said of a download that brought nothing. */
const refusalLine = (project: string, url: string, { kind, why }: Refusal): string => {
  const what = `${project} from ${url}`
  switch (kind) {
    case 'wrong':
      return (
        `REFUSED: ${what} is not what the project published: ${why}. Nothing of it is used; it is built from source instead. ` +
        'Find out who changed it before you download it by hand'
      )
    case 'incomplete':
    case 'slow':
    case 'absent':
    case 'unreachable':
      return `${what} … not downloaded (${why}); it is built from source instead`
  }
}

const publishedOf = (release: Release, names: readonly BinaryName[]): readonly BinaryName[] =>
  names.filter((name) => release.members[name] !== undefined)

/** Takes programs out of a verified archive. Each appears whole or not at all. */
const unpack = async (
  archive: string,
  scratch: string,
  release: Release,
  names: readonly BinaryName[],
  folder: string,
): Promise<void> => {
  const members = names.flatMap((name) => release.members[name] ?? [])
  await run('tar', ['-xzf', archive, '-C', scratch, '--no-same-owner', ...members])
  for (const name of names) {
    const file = join(scratch, release.members[name] ?? name)
    await chmod(file, 0o755)
    await rename(file, join(folder, name))
  }
}

/** Removes what a download or a build left that was killed. No other one may be running in the folder. */
export const removeUnfinished = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder)) {
    if (entry.startsWith(unfinishedPrefix)) await rm(join(folder, entry), { recursive: true, force: true })
  }
}

const fetchRelease = async (
  release: Release,
  url: string,
  names: readonly BinaryName[],
  folder: string,
  { env, progress, limits }: Fetching,
): Promise<Download> => {
  const scratch = await mkdtemp(join(folder, unfinishedPrefix))
  const start = performance.now()
  let bytes = ''
  const onBytes = (received: number, total: number | undefined): void => {
    bytes = amount(received, total)
  }
  const archive = join(scratch, 'archive')
  try {
    const result = await during(
      progress,
      `downloading ${release.project} ${release.version}`,
      () => download({ ...release, url }, archive, { env, onBytes, ...(limits ? { limits } : {}) }),
      () => bytes,
    )
    if (result.kind === 'done') {
      await during(progress, `unpacking ${release.project}`, () =>
        unpack(archive, scratch, release, names, folder),
      )
      const seconds = Math.round((performance.now() - start) / 1000)
      progress.line(`${names.join(', ')} … downloaded in ${seconds} s`)
    }
    return result
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/**
 * Downloads what is published of `needed` into `folder`, and what else is missing of the same archives. What cannot be downloaded is told in one line and left to be built;
 * after one server was out of reach, no other one is tried.
 */
export const fetchPublished = async (
  { needed, missing }: { readonly needed: readonly BinaryName[]; readonly missing: readonly BinaryName[] },
  folder: string,
  fetching: Fetching,
): Promise<readonly Fetched[]> => {
  const fetched: Fetched[] = []
  for (const release of fetching.releases) {
    const url = addressAt(fetching.source, release.url)
    if (url === undefined || publishedOf(release, needed).length === 0) continue
    const names = publishedOf(release, missing)
    const result = await fetchRelease(release, url, names, folder, fetching)
    if (result.kind === 'done') {
      fetched.push(...names.map((name) => ({ name, digest: release.digest })))
      continue
    }
    fetching.progress.line(refusalLine(release.project, url, result))
    if (result.kind === 'unreachable') break
  }
  return fetched
}
