import { accelerators, httpPort, type ServedModel, servedModelMember } from '@gantry/contract/server.ts'

const patienceMs = 2_000

const isServedModel = (value: unknown): value is ServedModel => {
  const { version, device } = (value ?? {}) as Partial<ServedModel>
  return typeof version === 'string' && device !== undefined && accelerators.includes(device.active)
}

const hostOf = (podIp: string): string => (podIp.includes(':') ? `[${podIp}]` : podIp)

/**
 * Asks one pod what it serves, by the model metadata of the Open Inference Protocol.
 * @returns undefined when it does not answer, or answers something else
 */
export const served = async (
  podIp: string,
  model: string,
  signal: AbortSignal,
  port = httpPort,
): Promise<ServedModel | undefined> => {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const response = await fetch(`http://${hostOf(podIp)}:${port}/v2/models/${model}`, { signal: deadline })
    const metadata = (await response.json()) as Record<string, unknown>
    const answer = metadata[servedModelMember]
    return response.ok && isServedModel(answer) ? answer : undefined
  } catch {
    return undefined
  }
}
