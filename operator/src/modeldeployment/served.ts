import { isServedModel } from '@gantry/contract/documents.ts'
import { plainText, quoted } from '@gantry/contract/plain-text.ts'
import { httpPort, type ServedModel, servedModelMember } from '@gantry/contract/server.ts'
import { isObject } from '@gantry/kube/json-object.ts'
import { askPod, type PodAddress } from '../runtime/pod-http.ts'

const patienceMs = 2_000

/** Most bytes of an answer. A server's own metadata is below 2 KiB, and that of a model with many inputs below this. */
const mostBytes = 64 * 1024

/** Characters of the name of a feature that the status has room for. */
const longestFeature = 200

/** Reads an optional sentence. */
const reasonOf = ({ reason }: { readonly reason?: string }): { readonly reason?: string } =>
  reason === undefined ? {} : { reason: quoted(reason) }

const driftOf = ({
  samples,
  enough,
  features,
  unusable,
}: NonNullable<ServedModel['drift']>): NonNullable<ServedModel['drift']> => ({
  ...{ samples, enough },
  features: features.map(({ name, statistic, value, since }) => ({
    name: plainText(name, longestFeature),
    ...{ statistic, value, since },
  })),
  ...(unusable === undefined ? {} : { unusable: quoted(unusable) }),
})

/** The members of an answer that the operator reads, or undefined where one of them is not what it should be. */
const servedModelOf = (value: unknown): ServedModel | undefined => {
  if (!isServedModel(value)) return undefined
  const { version, device, batching, drift, damage } = value
  const { requested, active } = device
  return {
    version: plainText(version),
    device: { requested, active, ...reasonOf(device) },
    ...(batching
      ? { batching: { rows: batching.rows, batched: batching.batched, ...reasonOf(batching) } }
      : {}),
    ...(drift ? { drift: driftOf(drift) } : {}),
    ...(damage === undefined ? {} : { damage: quoted(damage) }),
  }
}

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
    const text = await askPod(pod, { port, path: `/v2/models/${model}`, mostBytes }, deadline)
    const metadata: unknown = text === undefined ? undefined : JSON.parse(text)
    return isObject(metadata) ? servedModelOf(metadata[servedModelMember]) : undefined
  } catch {
    return undefined
  }
}
