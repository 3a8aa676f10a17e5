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
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limitBytes) {
        request.pause()
        reject(tooLarge(limitBytes))
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    request.on('error', () => reject(new Failure('cancelled', 'the caller left while it was sending')))
  })

const inflate = async (body: Buffer, encoding: string, limitBytes: number): Promise<Buffer> => {
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

const unpacked = async (request: IncomingMessage, limitBytes: number, encoding: string): Promise<Buffer> => {
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new Failure(
      'unsupported-media-type',
      `content-encoding ${encoding} is not known; use gzip, deflate or none`,
    )
  }
  return inflate(await collect(request, limitBytes), encoding, limitBytes)
}

const kept = async (body: Promise<Buffer>, exchange: Exchange): Promise<Buffer> => {
  exchange.body = await body
  return exchange.body
}

/**
 * The whole body, unpacked where it came as gzip or deflate. No step of it is async that need not be: each costs as much as
 * reading a small body does.
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
