/** The connections of the AWS SDK: each is made by `ask`, and so are guarded addresses, proxies, authorities and timeouts those of every import. */
import { Readable } from 'node:stream'
import type { S3ClientConfig } from '@aws-sdk/client-s3'
import { ImportError } from '../../failures/import-error.ts'
import { type Answer, ask } from '../sources/http-request.ts'
import type { Connecting } from '../sources/remote.ts'

/** A page of 1,000 keys of 1,024 bytes, each byte of which may be written in three letters, is smaller. */
const mostTextBytes = 8 * 2 ** 20

/** The part of a request of the SDK that goes over the wire. */
interface SignedRequest {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number | undefined
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

export type Handler = Extract<NonNullable<S3ClientConfig['requestHandler']>, { handle: unknown }>

/** @param admit throws for a host that must not be asked */
export const guardedHandler = (connecting: Connecting, admit: (url: URL) => void): Handler => {
  const handle = async (request: SignedRequest) => {
    const url = addressOf(request)
    admit(url)
    const method = methodOf(request.method)
    const body =
      typeof request.body === 'string' || request.body instanceof Uint8Array ? request.body : undefined
    const question = { url, method, headers: request.headers, body, redirects: 'return' as const }
    const answer = await ask(question, connecting)
    const chunks = isObject(request, answer) ? answer.chunks : bounded(answer, url)
    return {
      response: { statusCode: answer.status, headers: headersOf(answer), body: Readable.from(chunks) },
    }
  }
  return { handle, destroy: () => undefined } as unknown as Handler
}

const methodOf = (method: string): 'GET' | 'HEAD' | 'POST' => {
  if (method === 'GET' || method === 'HEAD' || method === 'POST') return method
  throw new Error(`an import makes no ${method}`)
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const addressOf = ({ protocol, hostname, port, path, query = {} }: SignedRequest): URL => {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    const values = value === null ? [''] : typeof value === 'string' ? [value] : value
    return values.map((one) => `${encode(name)}=${encode(one)}`)
  })
  const search = pairs.length > 0 ? `?${pairs.join('&')}` : ''
  return new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}${search}`)
}

const headersOf = ({ headers }: Answer): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value = '']) => [
      name,
      typeof value === 'string' ? value : value.join(','),
    ]),
  )

/** Bytes of an object may be any number; everything else is a short text, be it a page of a listing or an error. */
const isObject = ({ query }: SignedRequest, { status }: Answer): boolean =>
  query?.['x-id'] === 'GetObject' && (status === 200 || status === 206)

const bounded = async function* ({ chunks }: Answer, { host }: URL): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > mostTextBytes)
      throw new ImportError(
        'SourceUnsupported',
        `${host} answers with more than ${mostTextBytes} bytes where S3 answers with a short text; check spec.model.source.s3.endpoint`,
      )
    yield chunk
  }
}
