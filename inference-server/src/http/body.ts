import type { IncomingMessage, ServerResponse } from 'node:http'
import { Failure } from '../failures/errors.ts'
import type { Bodies } from '../requests/bodies.ts'
import { type Hold, partBytes } from '../requests/bytes-in-flight.ts'
import { type Coding, tooLarge } from '../requests/unpacking.ts'
import { exchangeOf, type HttpExchange } from './exchange.ts'

const response = Symbol('response')
type Answered = IncomingMessage & { [response]?: ServerResponse }

/** A body counts as in flight until its request has been answered. */
export const answeredBy = (request: IncomingMessage, answer: ServerResponse): void => {
  ;(request as Answered)[response] = answer
}

/** Bodies up to this size are not counted: as many as there may be connections are little, and counting takes time. */
const uncountedBytes = 64 * 1024

/** Bodies may come byte by byte: so many parts become one, since the heap for objects is smaller than the memory for bytes. */
const mostParts = 1024

/** Counts the bytes of a body until its response was sent, or the connection closed. */
const holdFor = (
  request: IncomingMessage,
  { inFlight }: Bodies,
  giveUp: (failure: Failure) => void,
): Hold => {
  const hold = inFlight.hold(giveUp)
  const answer = (request as Answered)[response]
  if (answer && !answer.closed) answer.once('close', hold.release)
  return hold
}

const collect = (request: IncomingMessage, bodies: Bodies): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const { limitBytes } = bodies
    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > limitBytes) {
      reject(tooLarge(limitBytes))
      return
    }
    const chunks: Buffer[] = []
    let joined = 0
    let size = 0
    let takenBytes = 0
    let hold: Hold | undefined
    const refuse = (error: unknown): void => {
      request.pause().off('data', take)
      chunks.length = 0
      hold?.release()
      reject(error)
    }
    const count = (bytes: number): void => {
      takenBytes += bytes
      if (hold) hold.add(bytes)
      else if (takenBytes > uncountedBytes) {
        hold = holdFor(request, bodies, refuse)
        hold.add(takenBytes)
      }
    }
    const take = (chunk: Buffer): void => {
      size += chunk.length
      try {
        if (size > limitBytes) throw tooLarge(limitBytes)
        if (chunks.push(chunk) - joined > mostParts)
          joined = chunks.push(Buffer.concat(chunks.splice(joined)))
        count(partBytes(chunk))
      } catch (error) {
        refuse(error)
      }
    }
    request.on('data', take)
    request.on('end', () => {
      hold?.arriving(false)
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))
    })
    request.on('error', () => reject(new Failure('cancelled', 'the caller left while it was sending')))
  })

/** Content codings by their names in lower case; x-gzip is the old name of gzip (RFC 9110, 8.4.1). */
const codings = new Map<string, Coding>([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
])
/** Most content codings of one body, since each unpacks the whole body once more. */
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

/** The body without its codings; the one that was applied last is removed first. */
const unpacked = async (request: IncomingMessage, bodies: Bodies, header: string): Promise<Buffer> => {
  const applied = codingsOf(header)
  const hold = holdFor(request, bodies, () => {})
  hold.arriving(false)
  const isGone = (): boolean => (request as Answered)[response]?.closed ?? false
  let body = await collect(request, bodies)
  for (const coding of applied.toReversed()) {
    body = await bodies.unpack(body, coding, bodies.limitBytes, isGone)
    hold.add(body.length)
  }
  return body
}

const kept = async (body: Promise<Buffer>, exchange: HttpExchange): Promise<Buffer> => {
  exchange.body = await body
  return exchange.body
}

/**
 * The whole body, unpacked where it came as gzip or deflate, or in several of them one around the other. No step of it is
 * async that need not be: each costs as much as reading a small body does.
 * @throws Failure too-large, bodies-full, unsupported-media-type, malformed, cancelled
 */
export const readBody = (request: IncomingMessage, bodies: Bodies): Promise<Buffer> => {
  const { 'content-encoding': encoding = 'identity' } = request.headers
  const body =
    encoding === 'identity' || encoding === ''
      ? collect(request, bodies)
      : unpacked(request, bodies, encoding)
  const exchange = exchangeOf(request)
  return exchange?.logged ? kept(body, exchange) : body
}
