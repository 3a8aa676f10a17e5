import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { json } from 'node:stream/consumers'
import { accelerators, httpPort, type ServedModel, servedModelMember } from '@gantry/contract/server.ts'

const patienceMs = 2_000

export interface PodAddress {
  readonly ip: string
  /** Whether it speaks TLS. */
  readonly secure: boolean
}

const isServedModel = (value: unknown): value is ServedModel => {
  const { version, device } = (value ?? {}) as Partial<ServedModel>
  return typeof version === 'string' && device !== undefined && accelerators.includes(device.active)
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
    call.end()
  })

/**
 * Asks one pod what it serves, by the model metadata of the Open Inference Protocol.
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
    const metadata = (await json(response)) as Record<string, unknown>
    const answer = metadata[servedModelMember]
    return response.statusCode === 200 && isServedModel(answer) ? answer : undefined
  } catch {
    return undefined
  }
}
