/** What a hub keeps: repositories with commits, and names of commits that move. */
import { createHash } from 'node:crypto'

export type Files = Readonly<Record<string, string | Buffer>>

/** A file as the listing of a commit has it. */
export interface Blob {
  readonly path: string
  readonly content: Buffer
  /** Object id of git: sha1 of the content, or of the pointer where the content is in LFS. */
  readonly oid: string
  /** sha256 of the content, where it is in LFS. */
  readonly lfs: string | undefined
}

export interface Commit {
  readonly sha: string
  readonly blobs: ReadonlyMap<string, Blob>
}

export interface Repository {
  /** ORGANISATION/NAME. */
  readonly id: string
  /** Whether tokens have to name it in order to see it. */
  readonly isPrivate: boolean
  /** Whether everybody sees it, and those whom its owner has let in get its files. */
  readonly isGated: boolean
  readonly commits: Map<string, Commit>
  /** Branches, tags and refs/pr/N. */
  readonly names: Map<string, string>
}

const sha = (algorithm: 'sha1' | 'sha256', ...parts: readonly (string | Buffer)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest('hex')

const gitId = (content: Buffer): string => sha('sha1', `blob ${content.length}\0`, content)

/** What the .gitattributes of model repositories puts into LFS. */
const isLarge = (path: string): boolean =>
  /\.(onnx|onnx_data(_\d+)?|onnx\.data|safetensors|bin|pt|pkl|h5|model|npz|weights)$/.test(path)

const pointerOf = (content: Buffer): Buffer =>
  Buffer.from(
    `version https://git-lfs.github.com/spec/v1\noid sha256:${sha('sha256', content)}\nsize ${content.length}\n`,
  )

const pointerBytes = (content: Buffer): number => pointerOf(content).length

const blobOf = (path: string, given: string | Buffer): Blob => {
  const content = Buffer.from(given)
  if (!isLarge(path)) return { path, content, oid: gitId(content), lfs: undefined }
  return { path, content, oid: gitId(pointerOf(content)), lfs: sha('sha256', content) }
}

export const commitOf = (files: Files): Commit => {
  const blobs = Object.entries(files).map(([path, content]) => blobOf(path, content))
  const text = blobs.map(({ path, oid }) => `${oid} ${path}\n`).join('')
  return { sha: sha('sha1', text), blobs: new Map(blobs.map((blob) => [blob.path, blob])) }
}

/** A commit by its own name, or by one that leads to it. */
export const commitNamed = ({ names, commits }: Repository, revision: string): Commit | undefined =>
  commits.get(names.get(revision) ?? revision)

/** Entries of a listing: folders, then files, each by its path. @param under the folder that is listed; '' for all */
export const entriesOf = (
  { blobs }: Commit,
  under: string,
  isRecursive: boolean,
): readonly Readonly<Record<string, unknown>>[] => {
  const prefix = under === '' ? '' : `${under}/`
  const inside = [...blobs.values()].filter(({ path }) => path.startsWith(prefix))
  const folders = new Set<string>()
  for (const { path } of inside)
    for (let at = path.indexOf('/', prefix.length); at > 0; at = path.indexOf('/', at + 1))
      folders.add(path.slice(0, at))
  const isListed = (path: string): boolean => isRecursive || !path.slice(prefix.length).includes('/')
  const directories = [...folders].map((path) => ({
    ...{ type: 'directory', oid: sha('sha1', path), size: 0, path },
  }))
  const files = inside.map(({ path, content, oid, lfs }) => ({
    ...{ type: 'file', oid, size: content.length, path },
    ...(lfs && {
      lfs: { oid: lfs, size: content.length, pointerSize: pointerBytes(content) },
      xetHash: sha('sha256', 'xet', content),
    }),
  }))
  return [...directories.sort(byPath), ...files.sort(byPath)].filter(({ path }) => isListed(path))
}

const byPath = (one: { path: string }, other: { path: string }): number => (one.path < other.path ? -1 : 1)
