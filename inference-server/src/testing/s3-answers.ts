/** A server that answers as a store of S3 might: wrongly, slowly, or with what no real one can be made to say. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type S3Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

export interface ListedObject {
  /** Key as it stands in the listing, percent-encoded. */
  readonly key: string
  readonly size?: number | string
  readonly etag?: string
}

/** @param next token of the page after this one */
export const listing = (
  objects: readonly ListedObject[],
  next?: string,
): string => `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${next !== undefined}</IsTruncated>${
  next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`
}${objects
  .map(
    ({ key, size = 5, etag = '"e"' }) =>
      `<Contents><Key>${escaped(key)}</Key><Size>${size}</Size><ETag>${escaped(etag)}</ETag></Contents>`,
  )
  .join('')}</ListBucketResult>`

/** @param more further elements, such as the region */
const errorText = (code: string, more = ''): string =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>words of the server</Message>${more}</Error>`

export const answerError =
  (status: number, code: string, headers: Record<string, string> = {}, more = ''): S3Answer =>
  (request, response) =>
    void response
      .writeHead(status, headers)
      .end(request.method === 'HEAD' ? undefined : errorText(code, more))

export interface S3Stand {
  readonly url: string
  readonly requests: IncomingMessage[]
  readonly close: () => void
}

/** Starts it on a free port of loopback. */
export const startS3Answers = async (answer: S3Answer): Promise<S3Stand> => {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response, new URL(request.url ?? '', 'http://localhost'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close }
}
