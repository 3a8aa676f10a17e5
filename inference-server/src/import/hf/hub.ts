/** The requests to a hub: which commit a revision names, and which files that commit has. */
import { ImportError } from '../../failures/import-error.ts'
import type { Credentials } from '../sources/credentials.ts'
import { type Answer, ask, readBody } from '../sources/http-request.ts'
import type { HubAddress } from '../sources/hub-address.ts'
import type { Access } from '../sources/remote.ts'
import { type Asked, hubRefusal } from './refusals.ts'

export interface HubClient {
  readonly endpoint: URL
  readonly credentials: Credentials | undefined
  readonly access: Access
}

/** A file of a commit. */
export interface HubFile {
  /** Relative to the repository, as the hub has it. */
  readonly path: string
  readonly sizeBytes: number
  /** Object id of git, or sha256 of a file in LFS; hexadecimal. */
  readonly digest: { readonly algorithm: 'sha256' | 'git-sha1'; readonly hex: string }
}

/** Bodies are read whole: a page of a listing has a thousand entries, each with a path and a few numbers. */
const longestBodyBytes = 8 * 2 ** 20
/** Entries of a listing, folders among them. A model has a few dozen; a listing of more would take minutes. */
const mostEntries = 20_000
const mostPages = 1000

export const askedOf = ({ endpoint, credentials }: HubClient, address: HubAddress): Asked => ({
  ...{ endpoint, address, hasToken: credentials !== undefined },
})

/** An address below the endpoint, which may have a path of its own. @param parts each is one segment */
export const hubUrl = ({ endpoint }: HubClient, parts: readonly string[]): URL => {
  const url = new URL(endpoint.href)
  url.pathname = [url.pathname.replace(/\/+$/, ''), ...parts.map(encodeURIComponent)].join('/')
  return url
}

/** @throws ImportError for any status but 200 */
const askHub = async (url: URL, client: HubClient, address: HubAddress): Promise<Answer> => {
  const answer = await ask({ url, credentials: client.credentials }, client.access)
  if (answer.status === 200) return answer
  throw hubRefusal(answer, askedOf(client, address))
}

const noHub = ({ endpoint }: HubClient, detail: string): ImportError =>
  new ImportError(
    'SourceUnsupported',
    `${endpoint.host} does not answer as a hub of Hugging Face does; check its address (chart value imports.huggingFaceEndpoint, on a command line HF_ENDPOINT)`,
    'never',
    { detail },
  )

const readJson = async (answer: Answer, client: HubClient): Promise<unknown> => {
  const body = await readBody(answer, longestBodyBytes)
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw noHub(client, `its answer is no JSON: ${(error as Error).message.slice(0, 100)}`)
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hex = (value: unknown, pattern: RegExp): string | undefined =>
  typeof value === 'string' && pattern.test(value) ? value : undefined

const commitPattern = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/

/** The commit that the address names now. A branch may move later; what is read is read of this commit. */
export const commitOf = async (client: HubClient, address: HubAddress): Promise<string> => {
  const { repository, revision = 'main' } = address
  const url = hubUrl(client, ['api', 'models', ...repository.split('/'), 'revision', revision])
  const info = await readJson(await askHub(url, client, address), client)
  const commit = isObject(info) ? hex(info['sha'], commitPattern) : undefined
  if (commit === undefined) throw noHub(client, 'its answer about the revision has no commit')
  return commit
}

/** @returns undefined for a folder */
const fileOf = (entry: unknown, client: HubClient): HubFile | undefined => {
  if (!isObject(entry) || typeof entry['path'] !== 'string')
    throw noHub(client, 'an entry of its listing has no path')
  const { path, type, size, oid, lfs } = entry
  if (type !== 'file') return undefined
  const large = isObject(lfs) ? lfs : undefined
  const sizeBytes = large ? large['size'] : size
  const sha256 = hex(large?.['oid'], /^[0-9a-f]{64}$/)
  const sha1 = large ? undefined : hex(oid, /^[0-9a-f]{40}$/)
  const known = sha256 ?? sha1
  if (!Number.isSafeInteger(sizeBytes) || Number(sizeBytes) < 0 || known === undefined)
    throw noHub(client, 'a file of its listing has no size or no digest')
  const algorithm = sha256 === undefined ? 'git-sha1' : 'sha256'
  return { path, sizeBytes: Number(sizeBytes), digest: { algorithm, hex: known } }
}

/**
 * Parameters of the next page. Its address is the hub's word, and a mirror passes on that of another host: only its query is taken, so that the
 * token is sent nowhere else.
 */
const nextPage = (link: string, url: URL): URL | undefined => {
  const [, target = ''] = /<([^>]*)>\s*;\s*rel="?next"?/i.exec(link) ?? []
  const next = target === '' ? null : URL.parse(target, url.href)
  if (!next) return undefined
  const following = new URL(url.href)
  following.search = next.search
  return following
}

/**
 * All files of a folder of a commit, and of the folders in it.
 * @param folder relative to the repository; '' for all
 * @throws ImportError SourceNotFound where there is no such folder
 */
export const listFiles = async (
  client: HubClient,
  address: HubAddress,
  { commit, folder }: { readonly commit: string; readonly folder: string },
): Promise<readonly HubFile[]> => {
  const under = folder === '' ? [] : folder.split('/')
  const parts = ['api', 'models', ...address.repository.split('/'), 'tree', commit, ...under]
  let url: URL | undefined = hubUrl(client, parts)
  url.search = 'recursive=true&expand=false'
  const files: HubFile[] = []
  let entries = 0
  for (let pages = 0; url; pages++) {
    const answer: Answer = await askHub(url, client, address)
    const page = await readJson(answer, client)
    if (!Array.isArray(page)) throw noHub(client, 'its listing is no list')
    entries += page.length
    if (entries > mostEntries || pages > mostPages) throw tooMany()
    files.push(...page.flatMap((entry) => fileOf(entry, client) ?? []))
    url = nextPage(String(answer.headers['link'] ?? ''), url)
  }
  return files
}

const tooMany = (): ImportError =>
  new ImportError(
    'SourceUnsupported',
    `the repository has more than ${mostEntries} files; name the folder of the model: hf://ORGANISATION/NAME@REVISION/FOLDER`,
  )
