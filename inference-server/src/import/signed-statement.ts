/**
 * What a key says of the files of a model: OpenSSF model signing v1.0 (github.com/sigstore/model-transparency). A Sigstore bundle holds a DSSE
 * envelope, that an in-toto statement, and that the digest of every file.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { ImportError } from '../failures/import-error.ts'
import { quotedText } from '../failures/shown-text.ts'
import { isObject } from '../json/json-object.ts'
import { mostFiles } from './sources/remote.ts'

/** A file as the statement describes it. */
export interface SignedFile {
  /** Relative to the folder of the model. */
  readonly path: string
  readonly sha256: string
}

export interface Statement {
  readonly files: readonly SignedFile[]
  /** Paths that the signer left out. */
  readonly ignored: readonly string[]
  /** sha256:… over the digests of all files, in their order. */
  readonly digest: string
}

export interface VerificationKey {
  readonly key: KeyObject
  /** The hash that goes with its curve. */
  readonly hash: 'sha256' | 'sha384' | 'sha512'
  /** Hexadecimal sha256 over the key as PEM, the hint by which a bundle names its key. */
  readonly fingerprint: string
}

const payloadType = 'application/vnd.in-toto+json'
const statementType = 'https://in-toto.io/Statement/v1'
const predicateType = 'https://model_signing/signature/v1.0'

const hashes: Readonly<Record<string, VerificationKey['hash']>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
}

/** @param message what is wrong, and what to do about it @param detail names out of the source, for the log */
export const invalidSignature = (message: string, detail?: string): ImportError =>
  new ImportError('SignatureInvalid', message, 'never', { detail })

const parsedKey = (pem: string): KeyObject | undefined => {
  if (/PRIVATE KEY/.test(pem)) return undefined
  try {
    return createPublicKey(pem)
  } catch {
    return undefined
  }
}

/**
 * @param pem a public key as PEM
 * @throws ImportError SignatureInvalid where it is none, or on another curve
 */
export const verificationKey = (pem: string): VerificationKey => {
  const key = parsedKey(pem)
  const hash = hashes[key?.asymmetricKeyDetails?.namedCurve ?? '']
  if (key?.asymmetricKeyType !== 'ec' || hash === undefined)
    throw invalidSignature(
      'the public key of spec.model.source.signature is no EC key on P-256, P-384 or P-521 as PEM; give the one that openssl ec -pubout writes, which begins with -----BEGIN PUBLIC KEY-----',
    )
  const fingerprint = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'pem' }))
    .digest('hex')
  return { key, hash, fingerprint }
}

/** DSSE's pre-authentication encoding: what is signed in place of the payload alone. */
const encoded = (payload: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `),
    payload,
  ])

const objectIn = (text: string, what: string): Readonly<Record<string, unknown>> => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (isObject(value)) return value
  throw invalidSignature(`${what} is no JSON object, so it is no signature of a model; sign the model again`)
}

const noSignature = (why: string): ImportError =>
  invalidSignature(
    `model.sig is not the signature of a model: ${why}; sign the model with model_signing sign key`,
  )

/** The one signature, and what it signs. */
const envelopeIn = (bundle: Readonly<Record<string, unknown>>): { payload: Buffer; signature: Buffer } => {
  const envelope = bundle['dsseEnvelope']
  if (!isObject(envelope)) throw noSignature('it has no DSSE envelope')
  const { payload, signatures, payloadType: type } = envelope
  if (type !== payloadType) throw noSignature('its payload is no in-toto statement')
  if (typeof payload !== 'string' || !Array.isArray(signatures))
    throw noSignature('its envelope is not whole')
  if (signatures.length !== 1)
    throw noSignature(`it has ${signatures.length} signatures, and exactly one is verified`)
  const [first]: readonly unknown[] = signatures
  if (!isObject(first) || typeof first['sig'] !== 'string') throw noSignature('its envelope is not whole')
  return { payload: Buffer.from(payload, 'base64'), signature: Buffer.from(first['sig'], 'base64') }
}

/** The bundle says which key it was made with; a certificate is another method. */
const checkMaterial = (bundle: Readonly<Record<string, unknown>>, { fingerprint }: VerificationKey): void => {
  const material = bundle['verificationMaterial']
  const named = isObject(material) ? material['publicKey'] : undefined
  if (!isObject(named))
    throw noSignature('it was made with a certificate or without a key, and only keys are supported')
  const { hint } = named
  if (typeof hint === 'string' && hint !== '' && hint !== fingerprint)
    throw invalidSignature(
      `model.sig was made with another key than the one of spec.model.source.signature, whose fingerprint is ${fingerprint}; give the key of who publishes the model, or have it signed with this one`,
      `the signature names the key ${quotedText(hint)}`,
    )
}

const isVerified = (payload: Buffer, signature: Buffer, { key, hash }: VerificationKey): boolean => {
  try {
    return verify(hash, encoded(payload), key, signature)
  } catch {
    return false
  }
}

const pathOf = (name: unknown): string => {
  if (typeof name !== 'string' || name === '' || name === '.')
    throw noSignature('it signs a single file and not the folder of a model')
  const isInside = name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  if (!isInside) throw noSignature('it names a file outside of the folder')
  return name
}

const fileIn = (resource: unknown): SignedFile => {
  if (!isObject(resource)) throw noSignature('its list of files is not whole')
  const { name, algorithm, digest } = resource
  if (algorithm !== 'sha256')
    throw invalidSignature(
      'model.sig has digests of another kind than sha256; sign the model with the usual hash of model_signing',
      `the algorithm is ${quotedText(String(algorithm))}`,
    )
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) throw noSignature('a digest is none')
  return { path: pathOf(name), sha256: digest }
}

const filesIn = (resources: unknown): readonly SignedFile[] => {
  if (!Array.isArray(resources) || resources.length === 0) throw noSignature('it names no file')
  if (resources.length > mostFiles) throw noSignature(`it names more than ${mostFiles} files`)
  const files = resources.map(fileIn)
  if (new Set(files.map(({ path }) => path)).size !== files.length) throw noSignature('it names a file twice')
  return files
}

const ignoredIn = (serialization: unknown): readonly string[] => {
  if (!isObject(serialization)) throw noSignature('it does not say how the files were hashed')
  const { method, ignore_paths: ignored = [] } = serialization
  if (method !== 'files')
    throw invalidSignature(
      'model.sig signs files in pieces (shards), which is not supported; sign the model with one digest for each file, which is the usual way of model_signing',
    )
  if (!Array.isArray(ignored) || !ignored.every((path) => typeof path === 'string'))
    throw noSignature('its list of ignored paths is none')
  return ignored
}

/** The digest of the subject has to be that of the list. */
const digestIn = (statement: Readonly<Record<string, unknown>>, files: readonly SignedFile[]): string => {
  const hash = createHash('sha256')
  for (const { sha256 } of files) hash.update(Buffer.from(sha256, 'hex'))
  const digest = hash.digest('hex')
  const subjects: unknown = statement['subject']
  const [subject]: readonly unknown[] = Array.isArray(subjects) && subjects.length === 1 ? subjects : []
  const named = isObject(subject) && isObject(subject['digest']) ? subject['digest']['sha256'] : undefined
  if (named !== digest) throw noSignature('its subject is not the list of its files')
  return `sha256:${digest}`
}

/**
 * Reads nothing of a statement before its signature is verified.
 * @param text of model.sig
 * @throws ImportError SignatureInvalid
 */
export const verifiedStatement = (text: string, key: VerificationKey): Statement => {
  const bundle = objectIn(text, 'model.sig')
  checkMaterial(bundle, key)
  const { payload, signature } = envelopeIn(bundle)
  if (!isVerified(payload, signature, key))
    throw invalidSignature(
      'model.sig does not fit its own statement: the statement or the signature was altered, or another key has made it; sign the model again',
      `the key that was asked for is ${key.fingerprint}`,
    )
  const statement = objectIn(payload.toString('utf8'), 'the statement of model.sig')
  if (statement['_type'] !== statementType || statement['predicateType'] !== predicateType)
    throw invalidSignature(
      'model.sig is signed, but as a statement of another kind than OpenSSF model signing v1.0; sign the model with model_signing sign key',
      `its predicate is ${quotedText(String(statement['predicateType']))}`,
    )
  const predicate = statement['predicate']
  if (!isObject(predicate)) throw noSignature('its statement is empty')
  const ignored = ignoredIn(predicate['serialization'])
  const files = filesIn(predicate['resources'])
  return { files, ignored, digest: digestIn(statement, files) }
}
