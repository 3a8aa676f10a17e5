import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isServedModel } from '@gantry/contract/documents.ts'
import { plainText, quoted } from '@gantry/contract/plain-text.ts'
import { httpPort, type ServedModel, servedModelMember } from '@gantry/contract/server.ts'
import { isObject } from '@gantry/kube/json-object.ts'

const patienceMs = 2_000

export interface PodAddress {
  readonly ip: string
  /** Whether it speaks TLS. */
  readonly secure: boolean
}

/** Most bytes of an answer. A server's own metadata is below 2 KiB, and that of a model with many inputs below this. */
const mostBytes = 64 * 1024

/** @throws Error for more than `mostBytes`: the response is destroyed then, and its connection with it */
const jsonOf = async (response: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > mostBytes) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

/** Reads an optional sentence. */
const reasonOf = ({ reason }: { readonly reason?: string }): { readonly reason?: string } =>
  reason === undefined ? {} : { reason: quoted(reason) }

/** The members of an answer that the operator reads, or undefined where one of them is not what it should be. */
const servedModelOf = (value: unknown): ServedModel | undefined => {
  if (!isServedModel(value)) return undefined
  const { version, device, batching } = value
  const { requested, active } = device
  return {
    version: plainText(version),
    device: { requested, active, ...reasonOf(device) },
    ...(batching
      ? { batching: { rows: batching.rows, batched: batching.batched, ...reasonOf(batching) } }
      : {}),
  }
}

const get = ({ ip, secure }: PodAddress, port: number, path: string, signal: AbortSignal) =>
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

/**
 * Asks one pod what it serves, by the model metadata of the Open Inference Protocol. Any user who may create pods may answer
 * here, so little is read, nothing is trusted, and unknown members are left out.
 * @returns undefined when it does not answer, or answers something else
 */
export const served = async (
  pod: PodAddress,
  model: string,
  signal: AbortSignal,
  port = httpPort,
): Promise<ServedModel | undefined> => {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const response = await get(pod, port, `/v2/models/${model}`, deadline)
    const metadata = await jsonOf(response)
    return response.statusCode === 200 && isObject(metadata)
      ? servedModelOf(metadata[servedModelMember])
      : undefined
  } catch {
    return undefined
  }
}
