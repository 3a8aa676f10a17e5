import { constants, type Dirent } from 'node:fs'
import { type FileHandle, open, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { codeOf, ImportError } from '../failures/import-error.ts'
import { quotedText } from '../failures/shown-text.ts'
import { isClutter, maxDepth } from './folder-listing.ts'
import { stagePayload } from './payload.ts'
import { countProgress, type Progress } from './sources/progress.ts'
import type { Staging } from './staging.ts'

/** Bytes read at a time. */
const chunkBytes = 1024 * 1024

/** A file to copy. */
interface Found {
  /** Relative to the source. */
  readonly path: string
  /** Absolute, links followed. */
  readonly real: string
  readonly sizeBytes: number
}

export interface LocalSource {
  /** Absolute. */
  readonly path: string
  /** Name of the source in messages. */
  readonly shownAs: string
  /** Absolute folder that is not copied: the model volume, should it lie in the source. */
  readonly exclude: string
  /** Whether there is a digest to check, which only a single file has. */
  readonly isFile?: boolean
  /** Name of a source with a single file on the volume; undefined: that of a graph. */
  readonly name?: string | undefined
  readonly progress?: Progress
}

/**
 * Stages a folder, or one file as a download would be.
 * @returns sha256 of the one file, undefined for a folder
 * @throws ImportError also where there is a digest to check and the source is a folder
 */
export const copyLocal = async (
  { path, shownAs, exclude, isFile = false, name, progress = countProgress() }: LocalSource,
  staging: Staging,
): Promise<string | undefined> => {
  const root = await realpath(path).catch((error: unknown) => {
    throw sourceError(error, shownAs)
  })
  const stats = await stat(root)
  if (stats.isFile()) {
    progress.begin(stats.size)
    return stagePayload(counted(read(root, shownAs), progress), staging, { sizeBytes: stats.size, name })
  }
  if (!stats.isDirectory())
    throw new ImportError(
      'SourceUnsupported',
      `${shownAs} is neither a folder nor a file; give the model's folder`,
    )
  if (isFile)
    throw new ImportError(
      'SourceUnsupported',
      `${shownAs} is a folder, but sha256 is the digest of one file; remove sha256, or give one file`,
    )
  const files = await list(root, { root, shownAs, exclude: await realpath(exclude).catch(() => exclude) })
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  await staging.reserve(totalBytes)
  progress.begin(totalBytes)
  for (const file of files)
    await staging.add(file.path, counted(read(file.real, shownAs, file.path), progress), file.sizeBytes)
  return undefined
}

const counted = async function* (
  chunks: AsyncIterable<Uint8Array>,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    progress.came(chunk.length)
    yield chunk
  }
}

const read = async function* (path: string, shownAs: string, inside = ''): AsyncGenerator<Uint8Array> {
  let handle: FileHandle | undefined
  try {
    handle = await openSame(path, shownAs, inside)
    yield* handle.createReadStream({ highWaterMark: chunkBytes, autoClose: false })
  } catch (error) {
    throw error instanceof ImportError ? error : sourceError(error, shownAs, inside)
  } finally {
    await handle?.close()
  }
}

/** Opening a pipe without a writer would block. */
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Opens the file that was looked at, and no other: who may write to the source may put a link there in between, and the import reads
 * more than he does.
 * @param path absolute, without links
 */
const openSame = async (path: string, shownAs: string, inside: string): Promise<FileHandle> => {
  const handle = await open(path, openFlags).catch((error: unknown) => {
    throw codeOf(error) === 'ELOOP' ? changed(shownAs, inside) : error
  })
  const opened = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => realpath(path)) // not every system has /proc
  if (opened === path && (await handle.stat()).isFile()) return handle
  await handle.close()
  throw changed(shownAs, inside)
}

const changed = (shownAs: string, inside: string): ImportError =>
  new ImportError('UnsafePath', `${shownAs} was changed while it was read; import it again`, 'backoff', {
    detail: detailOf(inside),
  })

/**
 * @param shownAs name of the source in messages
 * @param inside path of the file in it, '' for the source itself
 */
const sourceError = (error: unknown, shownAs: string, inside = ''): ImportError => {
  const code = codeOf(error) ?? ''
  const options = { cause: error, detail: detailOf(inside) }
  const what = inside === '' ? shownAs : `a file of ${shownAs}`
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new ImportError('SourceNotFound', `${what} does not exist; check its path`, 'never', options)
  if (code === 'EACCES' || code === 'EPERM')
    return new ImportError(
      'SourceForbidden',
      `${what} may not be read (${code}); make its files readable`,
      'never',
      options,
    )
  if (code === 'ELOOP')
    return new ImportError(
      'UnsafePath',
      `${shownAs} holds a link that leads to itself; remove it`,
      'never',
      options,
    )
  return new ImportError('SourceUnreachable', `${what} cannot be read (${code})`, 'backoff', options)
}

const detailOf = (inside: string): string | undefined =>
  inside === '' ? undefined : `its path is ${quotedText(inside)}`

interface Walk {
  readonly root: string
  readonly shownAs: string
  readonly exclude: string
}

const list = async (folder: string, walk: Walk, prefix = '', depth = 0): Promise<Found[]> => {
  if (depth > maxDepth)
    throw new ImportError(
      'UnsafePath',
      `${walk.shownAs} has folders more than ${maxDepth} deep; give the model's own folder`,
      'never',
      { detail: detailOf(prefix) },
    )
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw sourceError(error, walk.shownAs, prefix)
  })
  const found: Found[] = []
  for (const entry of entries.sort(byName)) {
    if (isClutter(entry.name, prefix)) continue
    found.push(...(await visit(join(folder, entry.name), walk, `${prefix}${entry.name}`, depth)))
  }
  return found
}

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : 1)

const visit = async (path: string, walk: Walk, inside: string, depth: number): Promise<Found[]> => {
  const { shownAs } = walk
  const detail = { detail: detailOf(inside) }
  const real = await realpath(path).catch((error: unknown) => {
    throw codeOf(error) === 'ENOENT' ? dangling(shownAs, inside, error) : sourceError(error, shownAs, inside)
  })
  if (real === walk.exclude) return []
  if (real !== walk.root && !real.startsWith(walk.root.endsWith(sep) ? walk.root : walk.root + sep))
    throw new ImportError(
      'UnsafePath',
      `${shownAs} holds a link that leaves its folder; put the file itself there`,
      'never',
      detail,
    )
  const stats = await stat(real)
  if (stats.isDirectory()) return list(real, walk, `${inside}/`, depth + 1)
  if (stats.isFile()) return [{ path: inside, real, sizeBytes: stats.size }]
  throw new ImportError(
    'UnsafePath',
    `${shownAs} holds something that is neither a file nor a folder; give the model's own files only`,
    'never',
    detail,
  )
}

const dangling = (shownAs: string, inside: string, cause: unknown): ImportError =>
  new ImportError(
    'ModelIncomplete',
    `${shownAs} holds a link to a file that does not exist; put the file itself there`,
    'never',
    { cause, detail: detailOf(inside) },
  )
