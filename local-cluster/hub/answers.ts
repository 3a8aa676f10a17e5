/** The answers of a hub, with the status, headers and bodies that the clients of Hugging Face read. */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Why a request is refused, by the header X-Error-Code. */
export type Refused =
  | 'RepoNotFound'
  | 'RevisionNotFound'
  | 'EntryNotFound'
  | 'GatedRepo'
  | 'Unauthorized'
  | 'TooManyRequests'

const refusals: Readonly<Record<Refused, { status: number; message: string }>> = {
  // A repository that is not there and one that is hidden look the same to those without a token.
  RepoNotFound: { status: 404, message: 'Repository not found' },
  RevisionNotFound: { status: 404, message: 'Invalid rev id' },
  EntryNotFound: { status: 404, message: 'Entry not found' },
  GatedRepo: { status: 403, message: 'Access to this model is restricted; ask for access on its page.' },
  Unauthorized: { status: 401, message: 'Invalid credentials in Authorization header' },
  TooManyRequests: { status: 429, message: 'Too many requests' },
}

/** @param status in place of the usual one */
export const refuse = (
  response: ServerResponse,
  refused: Refused,
  headers: Readonly<Record<string, string>> = {},
  status = refusals[refused].status,
): void => {
  const { message } = refusals[refused]
  const isCoded = !['Unauthorized', 'TooManyRequests'].includes(refused)
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      ...(isCoded && { 'x-error-code': refused }),
      'x-error-message': message,
      ...headers,
    })
    .end(JSON.stringify({ error: message }))
}

export const sendJson = (
  response: ServerResponse,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response
    .writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body))
}

/** Sends a file, or the part of it that the request asks for. */
export const sendBytes = (
  { method, headers: { range } }: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  headers: Readonly<Record<string, string>>,
): void => {
  const [, from] = /^bytes=(\d+)-$/.exec(range ?? '') ?? []
  const start = Number(from ?? 0)
  if (start > content.length || (from !== undefined && start === content.length)) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    return
  }
  const part = content.subarray(start)
  response.writeHead(from === undefined ? 200 : 206, {
    ...headers,
    ...{ 'accept-ranges': 'bytes', 'content-length': `${part.length}` },
    ...(from !== undefined && {
      'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
    }),
  })
  response.end(method === 'HEAD' ? undefined : part)
}
