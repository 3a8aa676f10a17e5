import type { IncomingMessage } from 'node:http'
import { Failure } from '../errors.ts'
import { type Exchange, exchangeOf } from './exchange.ts'

const tooLarge = (limitBytes: number): Failure =>
  new Failure(
    'too-large',
    `the body is larger than the limit of ${limitBytes} bytes; send less, or raise --max-body-mib`,
  )

const collect = (request: IncomingMessage, limitBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > limitBytes) {
      reject(tooLarge(limitBytes))
      return
    }
    const chunks: Buffer[] = []
    let size = 0
    const take = (chunk: Buffer): void => {
      size += chunk.length
      if (size > limitBytes) {
        request.pause().off('data', take)
        chunks.length = 0
        reject(tooLarge(limitBytes))
      } else chunks.push(chunk)
    }
    request.on('data', take)
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    request.on('error', () => reject(new Failure('cancelled', 'the caller left while it was sending')))
  })

type Coding = 'gzip' | 'deflate'

/** By their names in lower case; x-gzip is the old name of the same (RFC 9110, 8.4.1). */
const codings = new Map<string, Coding>([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
])
/** Each unpacks the whole body once more. */
const mostCodings = 4

/** @returns codings in the order in which they were applied; none for a body as it is @throws Failure */
const codingsOf = (header: string): readonly Coding[] => {
  const names = header
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  if (names.length > mostCodings)
    throw new Failure(
      'unsupported-media-type',
      `content-encoding names ${names.length} codings; send at most ${mostCodings}`,
    )
  return names.map((name) => {
    const coding = codings.get(name)
    if (coding) return coding
    throw new Failure(
      'unsupported-media-type',
      `content-encoding ${name} is not known; use gzip, deflate or none`,
    )
  })
}

const inflate = async (body: Buffer, encoding: Coding, limitBytes: number): Promise<Buffer> => {
  const { gunzip, inflate: unzip } = await import('node:zlib')
  const unpack = encoding === 'gzip' ? gunzip : unzip
  return new Promise((resolve, reject) => {
    unpack(body, { maxOutputLength: limitBytes }, (error, result) => {
      if (!error) resolve(result)
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge(limitBytes))
      else reject(new Failure('malformed', `the body is not ${encoding}: ${error.message}`))
    })
  })
}

/** What was applied last is taken off first. */
const unpacked = async (request: IncomingMessage, limitBytes: number, header: string): Promise<Buffer> => {
  const applied = codingsOf(header)
  let body = await collect(request, limitBytes)
  for (const coding of applied.toReversed()) body = await inflate(body, coding, limitBytes)
  return body
}

const kept = async (body: Promise<Buffer>, exchange: Exchange): Promise<Buffer> => {
  exchange.body = await body
  return exchange.body
}

/**
 * The whole body, unpacked where it came as gzip or deflate, or in several of them one around the other. No step of it is
 * async that need not be: each costs as much as reading a small body does.
 * @throws Failure too-large, unsupported-media-type, malformed, cancelled
 */
export const readBody = (request: IncomingMessage, limitBytes: number): Promise<Buffer> => {
  const { 'content-encoding': encoding = 'identity' } = request.headers
  const body =
    encoding === 'identity' || encoding === ''
      ? collect(request, limitBytes)
      : unpacked(request, limitBytes, encoding)
  const exchange = exchangeOf(request)
  return exchange?.logged ? kept(body, exchange) : body
}
