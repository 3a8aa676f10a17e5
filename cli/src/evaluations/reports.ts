/** The reports of an evaluation, from the ConfigMap that the operator keeps beside it. */
import { gunzipSync } from 'node:zlib'
import { isCandidateReports } from '@gantry/contract/documents.ts'
import { type CandidateReports, reportMapName } from '@gantry/contract/evaluation.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ConfigMap } from '@gantry/kube/resources.ts'
import type { Session } from '../cluster/session.ts'
import { failed } from '../failure.ts'

/** Most bytes of all reports as JSON: sixty times what a ConfigMap may have. */
const mostBytes = 64 << 20

type ReportMap = KubernetesObject & { readonly binaryData?: Readonly<Record<string, string>> }

/** @param most bytes that may be unpacked */
const unpacked = (map: string, key: string, encoded: string, most: number) => {
  try {
    const bytes = gunzipSync(Buffer.from(encoded, 'base64'), { maxOutputLength: Math.max(most, 1) })
    return { value: JSON.parse(bytes.toString()) as unknown, length: bytes.length }
  } catch (error) {
    throw failed(`ConfigMap ${map} has no report in ${key}: ${plainText((error as Error).message)}.`)
  }
}

const checked = (map: string, key: string, value: unknown): CandidateReports => {
  if (isCandidateReports(value)) return value
  throw failed(
    `ConfigMap ${map} has a report in ${key} that this program does not read.`,
    'It may be of another version of Gantry: `gantry doctor` tells the versions.',
  )
}

/** Reports in the order of their keys; none where the ConfigMap is not there yet. @throws Failure for what is no report */
export const reportsOf = async (
  session: Session,
  evaluation: string,
): Promise<readonly CandidateReports[]> => {
  const name = reportMapName(evaluation)
  const map = await session.kube.get<ReportMap>(ConfigMap, session.namespace, name)
  let left = mostBytes
  return Object.entries(map?.binaryData ?? {})
    .filter(([key]) => key.endsWith('.json.gz'))
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, encoded]) => {
      const { value, length } = unpacked(name, key, encoded, left)
      left -= length
      return checked(name, key, value)
    })
}
