/** HTTP to single pods. Any user who may create pods may answer here, so little is read and nothing is trusted. */
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

export interface PodAddress {
  readonly ip: string
  /** Whether it speaks TLS. */
  readonly secure: boolean
}

export interface Question {
  readonly port: number
  readonly path: string
  /** Most bytes of an answer that are read. */
  readonly mostBytes: number
}

/** @throws Error for more than `mostBytes`: the response is destroyed then, and its connection with it */
const textOf = async (response: IncomingMessage, mostBytes: number): Promise<string> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > mostBytes) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const get = ({ ip, secure }: PodAddress, { port, path }: Question, signal: AbortSignal) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const options = { host: ip, port, path, signal, agent: false }
    const call = secure
      ? // The certificate speaks for the Service's name, not for a pod's address, and its authority lies in a Secret that
        // the operator cannot read. Nothing secret is sent, and what comes back is checked as any other answer.
        requestHttps({ ...options, rejectUnauthorized: false }, resolve)
      : requestHttp(options, resolve)
    call.on('error', reject)
    // An answer 101 switches protocols: the connection then closes without an answer and without an error.
    call.on('close', () => reject(new Error('the connection was closed without an answer')))
    call.end()
  })

/** @returns the body of an answer 200; undefined for another one. @throws Error where none comes, or a longer one */
export const askPod = async (
  pod: PodAddress,
  question: Question,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const response = await get(pod, question, signal)
  const text = await textOf(response, question.mostBytes)
  return response.statusCode === 200 ? text : undefined
}
