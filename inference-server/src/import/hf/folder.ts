/** A model on a hub as a folder of files: one commit of it, and only what the model needs. */
import { posix } from 'node:path'
import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { insidePath } from '../sources/entry-path.ts'
import { download, rangeOf } from '../sources/http.ts'
import { ask } from '../sources/http-request.ts'
import type { HubAddress } from '../sources/hub-address.ts'
import type { Download, RemoteFile, RemoteFolder, Resume } from '../sources/remote.ts'
import { askedOf, commitOf, type HubClient, type HubFile, hubUrl, listFiles } from './hub.ts'
import { hubRefusal } from './refusals.ts'

/** Which files of a listing come. */
export interface Selection {
  readonly paths: readonly string[]
  /** Graphs among them, which may name further files once they are read. */
  readonly graphs: readonly string[]
}

/** Decides which files come. Paths are relative to the folder that the address names. */
export interface Selecting {
  /** @throws ImportError where the files are no model */
  readonly select: (paths: readonly string[]) => Selection
  /** Files that the graph in this folder names and the listing has. @param dir absolute, with what was selected */
  readonly dataOf: (dir: string, graph: string, paths: ReadonlySet<string>) => readonly string[]
}

interface Listing {
  readonly commit: string
  /** The folder that paths are relative to. */
  readonly base: string
  /** Keys are paths in that folder. */
  readonly files: ReadonlyMap<string, HubFile>
  /** The one file that the address names, where it names a file. */
  readonly only: string | undefined
}

const isNotFound = (error: unknown): boolean =>
  error instanceof ImportError && error.reason === 'SourceNotFound'

/** A listing of the path, and where that is no folder, of the folder that it is in. */
const list = async (client: HubClient, address: HubAddress, commit: string): Promise<Listing> => {
  const { path } = address
  const parent = posix.dirname(path) === '.' ? '' : posix.dirname(path)
  const inside = await listFiles(client, address, { commit, folder: path }).catch((error: unknown) => {
    if (path === '' || !isNotFound(error)) throw error
    return []
  })
  const isFolder = path === '' || inside.some((file) => file.path.startsWith(`${path}/`))
  const files = isFolder ? inside : await listFiles(client, address, { commit, folder: parent })
  const base = isFolder ? path : parent
  const prefix = base === '' ? '' : `${base}/`
  const named = files.filter((file) => file.path.startsWith(prefix))
  const relative = new Map(named.map((file) => [file.path.slice(prefix.length), file]))
  const only = isFolder ? undefined : path.slice(prefix.length)
  if (only !== undefined && !relative.has(only)) throw noEntry(address)
  return { commit, base, files: relative, only }
}

const noEntry = ({ repository, path }: HubAddress): ImportError =>
  new ImportError('SourceNotFound', `${repository} has no such file or folder at this revision`, 'never', {
    detail: `its path is ${quotedText(path)}`,
  })

/** One file of the hub. Each attempt asks the hub anew, since the addresses that it redirects to expire. */
const remoteFile = (
  client: HubClient,
  address: HubAddress,
  { commit, base, files }: Listing,
  path: string,
): RemoteFile => {
  insidePath(path, 'a file of the repository')
  const file = files.get(path)
  const parts = [...(base === '' ? [] : base.split('/')), ...path.split('/')]
  const url = hubUrl(client, [...address.repository.split('/'), 'resolve', commit, ...parts])
  const open = async (resume: Resume | undefined): Promise<Download> => {
    const headers = resume ? rangeOf(resume) : {}
    const answer = await ask({ url, headers, credentials: client.credentials }, client.access)
    const isContent =
      answer.status === 200 || (resume !== undefined && [206, 412, 416].includes(answer.status))
    if (!isContent) throw hubRefusal(answer, askedOf(client, address))
    return download(answer, resume)
  }
  return {
    ...{ path, form: 'file', open, sizeBytes: file?.sizeBytes },
    ...(file && { digest: { ...file.digest, namedBy: `commit ${commit.slice(0, 12)} of the hub` } }),
  }
}

const selectionOf = ({ files, only }: Listing, { select }: Selecting): Selection => {
  const paths = [...files.keys()].sort()
  if (only === undefined) return select(paths)
  if (!only.endsWith('.onnx')) return { paths: [only], graphs: [] }
  const data = paths.filter((path) => path.startsWith(`${only}_data`) || path === `${only}.data`)
  return { paths: [only, ...data], graphs: [only] }
}

/** What the graphs turn out to keep elsewhere, once they are here. */
const moreFiles = (
  dir: string,
  { paths, graphs }: Selection,
  { files }: Listing,
  { dataOf }: Selecting,
): readonly string[] => {
  const known = new Set(files.keys())
  const named = new Set(graphs.flatMap((graph) => dataOf(dir, graph, known)))
  return [...named].filter((path) => !paths.includes(path))
}

/**
 * @param selecting decides which files come
 * @throws ImportError
 */
export const hubFolder = async (
  address: HubAddress,
  selecting: Selecting,
  client: HubClient,
): Promise<RemoteFolder> => {
  const commit = await commitOf(client, address)
  const listing = await list(client, address, commit)
  const selection = selectionOf(listing, selecting)
  const fileAt = (path: string): RemoteFile => remoteFile(client, address, listing, path)
  const files = selection.paths.map(fileAt)
  const isArchive = listing.only !== undefined && !listing.only.endsWith('.onnx')
  return {
    revision: commit,
    form: isArchive ? 'file' : 'folder',
    files: isArchive ? files.map((file) => ({ ...file, form: 'payload' as const })) : files,
    more: (dir) => moreFiles(dir, selection, listing, selecting).map((path) => fileAt(path)),
  }
}
