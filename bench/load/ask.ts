/** One request of a caller. */
import { request as send } from 'node:http'
import type { Request } from './request.ts'

/** @returns the status and, where that is not 200, what the server says */
export const ask = (
  base: string,
  { path, headers, body }: Request,
): Promise<{ readonly status: number; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) }
    const call = send(
      `${base}${path}`,
      { method: 'POST', headers: { ...headers, ...length } },
      (response) => {
        const { statusCode: status = 0 } = response
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => {
          if (status !== 200) chunks.push(chunk)
        })
        response.on('end', () => resolve({ status, text: Buffer.concat(chunks).toString().slice(0, 500) }))
        response.on('error', reject)
      },
    )
    call.on('error', reject)
    call.end(body)
  })
