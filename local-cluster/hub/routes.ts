/** Which request to a hub gets which answer. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuse, sendBytes, sendJson } from './answers.ts'
import { type Blob, type Commit, commitNamed, entriesOf, type Repository } from './repositories.ts'

/** What a hub has, and where its two servers are. */
export interface World {
  readonly repositories: Map<string, Repository>
  readonly tokens: Map<string, Set<string>>
  readonly pageSize: number
  readonly cdn: () => string
  readonly endpoint: () => string
}

const tokenOf = ({ headers: { authorization } }: IncomingMessage): string | undefined =>
  /^Bearer (.+)$/.exec(authorization ?? '')?.[1]

export type Send = (request: IncomingMessage, response: ServerResponse) => void

/** Why a caller does not get to a repository. Without a token the hub answers 401 to what it hides. */
const refusalFor = (
  repository: Repository | undefined,
  needsFiles: boolean,
  isLetIn: boolean,
): 'RepoNotFound' | 'GatedRepo' | undefined => {
  if (!repository || (repository.isPrivate && !isLetIn)) return 'RepoNotFound'
  return needsFiles && repository.isGated && !isLetIn ? 'GatedRepo' : undefined
}

/** Answers with what is found in a repository that the caller may see. @param needsFiles whether its files are asked for */
const withRepository =
  (world: World, id: string, needsFiles: boolean, send: (repository: Repository) => Send): Send =>
  (request, response) => {
    const token = tokenOf(request)
    const granted = token === undefined ? undefined : world.tokens.get(token)
    if (token !== undefined && !granted) return refuse(response, 'Unauthorized')
    const repository = world.repositories.get(id)
    const refused = refusalFor(repository, needsFiles, granted?.has(id) ?? false)
    if (refused) return refuse(response, refused, {}, granted ? undefined : 401)
    if (repository) send(repository)(request, response)
  }

const withCommit =
  (revision: string, send: (commit: Commit) => Send) =>
  (repository: Repository): Send =>
  (request, response) => {
    const commit = commitNamed(repository, revision)
    if (commit) send(commit)(request, response)
    else refuse(response, 'RevisionNotFound')
  }

const info =
  ({ id, isPrivate, isGated }: Repository) =>
  (commit: Commit): Send =>
  (_, response) => {
    const siblings = [...commit.blobs.keys()].map((rfilename) => ({ rfilename }))
    const gated = isGated ? 'manual' : false
    sendJson(response, { _id: '0', id, modelId: id, sha: commit.sha, private: isPrivate, gated, siblings })
  }

/** One page of a listing; the address of the next one is in the header Link. */
const listing =
  ({ pageSize, endpoint }: World, under: string) =>
  (commit: Commit): Send =>
  (request, response) => {
    const url = new URL(request.url ?? '', endpoint())
    const entries = entriesOf(commit, under, /^(true|1)$/i.test(url.searchParams.get('recursive') ?? ''))
    if (entries.length === 0) return refuse(response, 'EntryNotFound')
    const start = Number(Buffer.from(url.searchParams.get('cursor') ?? '', 'base64').toString() || 0)
    url.searchParams.set('cursor', Buffer.from(`${start + pageSize}`).toString('base64'))
    const hasMore = entries.length > start + pageSize
    const link: Record<string, string> = hasMore ? { link: `<${url.href}>; rel="next"` } : {}
    sendJson(response, entries.slice(start, start + pageSize), link)
  }

/** Small files are sent by the hub, at another path of it; large ones by the store that an address with a signature leads to. */
const resolution =
  ({ cdn }: World, id: string, path: string) =>
  (commit: Commit): Send =>
  (_, response) => {
    const blob = commit.blobs.get(path)
    const headers = { 'x-repo-commit': commit.sha, vary: 'Origin, Accept' }
    if (!blob) return refuse(response, 'EntryNotFound', headers)
    const { content, oid, lfs } = blob
    const linked = {
      ...headers,
      'x-linked-size': `${content.length}`,
      'x-linked-etag': `"${lfs ?? oid}"`,
      'accept-ranges': 'bytes',
    }
    const inside = path.split('/').map(encodeURIComponent).join('/')
    if (lfs === undefined) {
      const location = `/api/resolve-cache/models/${id}/${commit.sha}/${inside}?etag=${encodeURIComponent(`"${oid}"`)}`
      return void response.writeHead(307, { ...linked, location }).end()
    }
    const xet = {
      'x-xet-hash': lfs,
      link: `</api/models/${id}/xet-read-token/${commit.sha}>; rel="xet-auth"`,
    }
    const location = `${cdn()}/repos/${id}/${lfs}?Signature=secret-of-the-address`
    response.writeHead(302, { ...linked, ...xet, location }).end()
  }

const cached =
  (path: string) =>
  (commit: Commit): Send =>
  (request, response) => {
    const blob = commit.blobs.get(path)
    if (!blob) return refuse(response, 'EntryNotFound')
    const headers = { etag: `"${blob.oid}"`, 'x-repo-commit': commit.sha, 'content-type': 'text/plain' }
    sendBytes(request, response, blob.content, headers)
  }

const decoded = (text = ''): string => text.split('/').map(decodeURIComponent).join('/')

/** ORGANISATION/NAME in a path. */
const repo = '([^/]+/[^/]+)'
const routes: readonly (readonly [RegExp, (world: World, ...parts: string[]) => Send])[] = [
  [
    RegExp(`^/api/models/${repo}(?:/revision/([^/]+))?$`),
    (world, id = '', revision = 'main') =>
      withRepository(world, id, false, (found) => withCommit(decoded(revision), info(found))(found)),
  ],
  [
    RegExp(`^/api/models/${repo}/tree/([^/]+)(?:/(.+))?$`),
    (world, id = '', revision = '', under = '') =>
      withRepository(world, id, false, withCommit(decoded(revision), listing(world, decoded(under)))),
  ],
  [
    RegExp(`^/api/resolve-cache/models/${repo}/([^/]+)/(.+)$`),
    (world, id = '', revision = '', path = '') =>
      withRepository(world, id, true, withCommit(revision, cached(decoded(path)))),
  ],
  [
    RegExp(`^/${repo}/resolve/([^/]+)/(.+)$`),
    (world, id = '', revision = '', path = '') =>
      withRepository(world, id, true, withCommit(decoded(revision), resolution(world, id, decoded(path)))),
  ],
]

/** The answers of the hub. */
export const answerOf =
  (world: World): Send =>
  (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://hub')
    for (const [pattern, send] of routes) {
      const match = pattern.exec(pathname)
      if (match) return send(world, ...match.slice(1))(request, response)
    }
    refuse(response, 'EntryNotFound')
  }

/** The answers of the store of large files, by their sha256. A request with credentials beside the signature is refused. */
export const storeOf =
  ({ repositories }: World): Send =>
  (request, response) => {
    const [, digest] = /\/([0-9a-f]{64})\?Signature=/.exec(request.url ?? '') ?? []
    const blobs = [...repositories.values()].flatMap(({ commits }) => [...commits.values()])
    const found = blobs.flatMap((commit): Blob[] => [...commit.blobs.values()]).find((b) => b.lfs === digest)
    if (request.headers.authorization !== undefined)
      response.writeHead(400).end('Only one auth mechanism allowed')
    else if (found) sendBytes(request, response, found.content, { etag: `"${found.lfs}"` })
    else response.writeHead(403).end()
  }
