/** The part of a registry's API that pulls from one repository. */
import { createHash } from 'node:crypto'
import { ImportError } from '../../failures/import-error.ts'
import type { Credentials } from '../sources/credentials.ts'
import { type Answer, ask, readBody } from '../sources/http-request.ts'
import { Passing } from '../sources/passing.ts'
import type { Access, Download, Resume } from '../sources/remote.ts'
import { loginFor } from './login.ts'
import type { Descriptor, Index, Manifest } from './manifest.ts'
import { maxManifestBytes, readManifest } from './manifest.ts'
import { indexTypes, manifestTypes } from './media-types.ts'
import { apiOf, type OciReference } from './reference.ts'
import { refusalOf } from './refusal.ts'

export interface Registry {
  /**
   * @param name tag or digest
   * @throws ImportError DigestMismatch where the answer is not what the digest says
   */
  readonly manifest: (name: string) => Promise<Manifest | Index>
  /** A small blob, whole and checked. */
  readonly document: (blob: Descriptor) => Promise<Buffer>
  /** A blob as it arrives; who reads it checks it. */
  readonly download: (blob: Descriptor, resume: Resume | undefined) => Promise<Download>
}

const accepted = [...manifestTypes, ...indexTypes].join(', ')

const mismatch = (what: string, { digest }: { readonly digest: string }): ImportError =>
  new ImportError(
    'DigestMismatch',
    `the registry answered with ${what} that does not have its digest; it was changed or damaged, so push the model again`,
    'never',
    { detail: `the digest is ${digest}` },
  )

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

const tooLarge = (what: string): ImportError =>
  new ImportError(
    'SourceUnsupported',
    `${what} of the artifact has more than ${maxManifestBytes / 2 ** 20} MiB; push the model in fewer layers, or as an archive`,
  )

/** @param isPlain asks over http */
export const openRegistry = (reference: OciReference, isPlain: boolean, access: Access): Registry => {
  const api = apiOf(reference, isPlain)
  const login = loginFor(reference, api, access)
  let credentials: Credentials | undefined = login.first

  /** Tokens live for some minutes, so an answer of 401 in the middle of an import asks for a new one. */
  const get = async (
    path: string,
    what: 'manifest' | 'blob',
    headers: Record<string, string>,
  ): Promise<Answer> => {
    const url = new URL(path, api)
    const first = await ask({ url, headers, credentials }, access)
    const answer = first.status === 401 ? await again(first, { url, headers }) : first
    if (answer.status === 200 || (answer.status === 206 && headers['range'] !== undefined)) return answer
    throw await refusalOf(answer, { reference, what, isAnonymous: login.isAnonymous })
  }

  const again = async (
    refused: Answer,
    question: { url: URL; headers: Record<string, string> },
  ): Promise<Answer> => {
    const found = await login.answer(refused.headers['www-authenticate'])
    if (found === undefined) return refused
    refused.discard()
    credentials = found
    return ask({ ...question, credentials }, access)
  }

  const manifest: Registry['manifest'] = async (name) => {
    const answer = await get(`manifests/${name}`, 'manifest', { accept: accepted })
    if (Number(answer.headers['content-length']) > maxManifestBytes) {
      answer.discard()
      throw tooLarge('the manifest')
    }
    const bytes = await readBody(answer, maxManifestBytes).catch((error: unknown) => {
      throw error instanceof ImportError && error.reason === 'SourceUnsupported'
        ? tooLarge('the manifest')
        : error
    })
    if (name.includes(':') && sha256(bytes) !== name) throw mismatch('a manifest', { digest: name })
    return readManifest(bytes, answer.headers['content-type'] ?? '')
  }

  const document: Registry['document'] = async (blob) => {
    if (blob.sizeBytes > maxManifestBytes) throw tooLarge('the configuration')
    const bytes = await readBody(await get(`blobs/${blob.digest}`, 'blob', {}), maxManifestBytes)
    if (bytes.length === blob.sizeBytes && sha256(bytes) === blob.digest) return bytes
    throw mismatch('a configuration', blob)
  }

  const download: Registry['download'] = async (blob, resume) => {
    const headers: Record<string, string> = resume ? { range: `bytes=${resume.offset}-` } : {}
    const answer = await get(`blobs/${blob.digest}`, 'blob', headers)
    const length = Number(answer.headers['content-length'])
    const offset = answer.status === 206 ? startOf(answer) : 0
    const sizeBytes = Number.isSafeInteger(length) ? offset + length : undefined
    return { chunks: answer.chunks, offset, sizeBytes, validator: blob.digest }
  }
  return { manifest, document, download }
}

/** @throws Passing for a part that does not say where it begins */
const startOf = (answer: Answer): number => {
  const [, first] = /^bytes (\d{1,15})-/i.exec(answer.headers['content-range'] ?? '') ?? []
  if (first !== undefined) return Number(first)
  answer.discard()
  throw new Passing('the registry answered with a part of a layer that does not say where it begins')
}
