/** Whether the files that a source has brought are those that were signed: all of them, and no other. */
import { join } from 'node:path'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { quotedList } from '../failures/shown-text.ts'
import { readModelFile } from '../sealing/model-file.ts'
import { insideTop, isClutter, topFolder } from './folder-listing.ts'
import { invalidSignature, type Statement, verificationKey, verifiedStatement } from './signed-statement.ts'
import type { StagedFile } from './staged-file.ts'
import type { Staging } from './staging.ts'

/** The file of the signature beside the model, as model_signing writes it unless told. */
const signatureFile = 'model.sig'
/** The digests of 10,000 files with long names. */
const mostBytes = 8 * 2 ** 20
/** What git keeps beside a model, and model_signing leaves out unless told: no server reads it. */
const gitPaths = ['.git', '.gitattributes', '.github', '.gitignore'] as const

/** The files as they were signed: an archive may have a folder around them. */
interface Brought {
  readonly top: string | undefined
  readonly files: ReadonlyMap<string, StagedFile>
}

const broughtBy = (staging: Pick<Staging, 'files'>): Brought => {
  const files = staging.files()
  const top = topFolder(
    files.map(({ path }) => path),
    'onnx',
  )
  return { top, files: new Map(files.map((file) => [insideTop(file.path, top), file])) }
}

const readSignature = async (dir: string, { files }: Brought): Promise<string> => {
  const file = files.get(signatureFile)
  if (!file)
    throw invalidSignature(
      'the source has no model.sig beside its model, and spec.model.source.signature asks for one; have the folder signed with model_signing sign key, and give the folder or an archive of it',
    )
  if (file.sizeBytes > mostBytes)
    throw invalidSignature('model.sig is larger than any signature; sign the model again')
  return (await readModelFile(join(dir, file.path))).toString('utf8')
}

const sayFiles = (count: number): string => (count === 1 ? '1 file' : `${count} files`)

const refuse = (paths: readonly string[], problem: string, next: string): void => {
  if (paths.length === 0) return
  throw invalidSignature(`${sayFiles(paths.length)} of the source ${problem}; ${next}`, quotedList(paths))
}

/** Nothing of such a path becomes a part of a version, whatever is in it. */
const isNeverKept = (path: string): boolean =>
  path.split('/').some((name, depth) => isClutter(name, depth === 0 ? '' : '/'))

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/** @returns files that nobody signed and no server reads */
const unsignedOf = ({ files }: Brought, statement: Statement): readonly string[] => {
  const signed = new Set(statement.files.map(({ path }) => path))
  const unsigned = [...files.keys()].filter((path) => path !== signatureFile && !signed.has(path))
  const isOfGit = (path: string): boolean =>
    gitPaths.some((name) => isBelow(path, name) && statement.ignored.includes(name))
  const isLeft = (path: string): boolean => isOfGit(path) || isNeverKept(path)
  const others = unsigned.filter((path) => !isLeft(path))
  const hidden = others.filter((path) => statement.ignored.some((ignored) => isBelow(path, ignored)))
  refuse(
    hidden,
    hidden.length === 1
      ? 'was left out of the signature (ignore_paths)'
      : 'were left out of the signature (ignore_paths)',
    'sign the model without ignoring anything, or remove from the source what does not belong to it',
  )
  refuse(
    others,
    others.length === 1 ? 'is not signed' : 'are not signed',
    'remove what does not belong to the model from the source, or have all of it signed',
  )
  return unsigned.filter(isLeft)
}

const checkSigned = ({ files }: Brought, statement: Statement): void => {
  const wanted = statement.files.filter(({ path }) => !isNeverKept(path))
  const missing = wanted.filter(({ path }) => !files.has(path)).map(({ path }) => path)
  refuse(
    missing,
    missing.length === 1 ? 'is signed and missing' : 'are signed and missing',
    'put it back, or have the model signed as it is now',
  )
  const changed = wanted.filter(({ path, sha256 }) => files.get(path)?.sha256 !== sha256)
  refuse(
    changed.map(({ path }) => path),
    changed.length === 1 ? 'was changed since it was signed' : 'were changed since they were signed',
    'find out who changed it, and import what was signed, or have it signed anew',
  )
}

/**
 * Verifies the signature beside the staged files, before anything is done to them. The signature stays with the version. What git keeps is
 * removed where nobody signed it.
 * @param publicKey PEM
 * @throws ImportError SignatureInvalid
 */
export const verifySource = async (
  staging: Pick<Staging, 'dir' | 'files' | 'remove'>,
  publicKey: string,
): Promise<NonNullable<VersionMetadata['signature']>> => {
  const key = verificationKey(publicKey)
  const brought = broughtBy(staging)
  const statement = verifiedStatement(await readSignature(staging.dir, brought), key)
  checkSigned(brought, statement)
  const unsigned = unsignedOf(brought, statement)
  await staging.remove(unsigned.flatMap((path) => brought.files.get(path)?.path ?? []))
  return { key: `sha256:${key.fingerprint}`, files: statement.files.length, digest: statement.digest }
}
