/** The response to bytes that are not an HTTP request. */
import { maxHeaderSize, STATUS_CODES } from 'node:http'

/** Status and sentence by the code of the error that Node gives such a connection. */
const known: Readonly<Record<string, readonly [status: number, sentence: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    `the headers are larger than ${maxHeaderSize} bytes; send fewer or shorter ones`,
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not arrive in time; send it at once, or less of it'],
}

/** @param code of the error @returns the whole answer, after which the connection ends */
export const unreadable = (code: string | undefined): string => {
  const [status, sentence] = known[code ?? ''] ?? [400, 'this is not an HTTP request that can be read']
  const body = JSON.stringify({ error: sentence })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
    'connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
