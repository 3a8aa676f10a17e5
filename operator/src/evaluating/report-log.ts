/** The whole report of an evaluation, read from the log of its pod. */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { isCandidateReports } from '@gantry/contract/documents.ts'
import {
  type CandidateReports,
  maxEvaluationReportBytes,
  type ReportLocation,
  reportLine,
} from '@gantry/contract/evaluation.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import { TooLarge } from '@gantry/kube/transport.ts'

/** A report that is larger once unpacked was not written by our program. */
const mostUnpackedBytes = 16 * 1024 * 1024
/** Lines after those of the report, and more room for each line than its data take. */
const otherLines = 100
const otherBytes = 64 * 1024
const bytesBesideData = 256

interface ReportPart {
  readonly message: typeof reportLine
  readonly part: number
  readonly data: string
}

const isPart = (value: unknown): value is ReportPart => {
  if (typeof value !== 'object' || value === null) return false
  const { message, part, data } = value as Partial<Record<keyof ReportPart, unknown>>
  return message === reportLine && typeof part === 'number' && typeof data === 'string'
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // other lines of the log
  }
}

/** The gzipped bytes. @returns undefined where a part is missing or the digest differs, as in a log that was turned over */
const reportBytesOf = (log: string, { sha256, sizeBytes, parts }: ReportLocation): Buffer | undefined => {
  if (sizeBytes > maxEvaluationReportBytes) return undefined
  const data = new Map<number, string>()
  for (const line of log.split('\n')) {
    const entry = line.includes(reportLine) ? parsed(line) : undefined
    if (isPart(entry)) data.set(entry.part, entry.data)
  }
  const texts = Array.from({ length: Math.min(parts, data.size) }, (_, index) => data.get(index + 1))
  if (texts.length < parts || texts.includes(undefined)) return undefined
  const bytes = Buffer.concat(texts.map((text) => Buffer.from(text ?? '', 'base64')))
  return createHash('sha256').update(bytes).digest('hex') === sha256 ? bytes : undefined
}

interface Unpacked {
  readonly reports: CandidateReports
  readonly sizeBytes: number
}

/** @returns undefined for bytes that are no report, or a larger one than there is room for */
const unpackedWithin = (gzipped: Uint8Array, maxOutputLength: number): Unpacked | undefined => {
  if (maxOutputLength < 1) return undefined
  try {
    const bytes = gunzipSync(gzipped, { maxOutputLength })
    const reports: unknown = JSON.parse(bytes.toString('utf8'))
    return isCandidateReports(reports) ? { reports, sizeBytes: bytes.length } : undefined
  } catch {
    return undefined
  }
}

/** @returns undefined for bytes that are no report */
export const unpackedReports = (gzipped: Uint8Array): CandidateReports | undefined =>
  unpackedWithin(gzipped, mostUnpackedBytes)?.reports

/** The first ones that take no more memory together than one alone may take: nothing else goes on in the operator while they are read. */
export const unpackedTogether = (all: Iterable<Uint8Array>): readonly CandidateReports[] => {
  const found: CandidateReports[] = []
  let room = mostUnpackedBytes
  for (const gzipped of all) {
    const unpacked = unpackedWithin(gzipped, room)
    if (!unpacked) break
    room -= unpacked.sizeBytes
    found.push(unpacked.reports)
  }
  return found
}

/** The gzipped report, or why there is none. */
export type ReadReport = { readonly bytes: Buffer } | { readonly missing: string }

const foundIn = (log: string, location: ReportLocation): ReadReport => {
  const bytes = reportBytesOf(log, location)
  return bytes && unpackedReports(bytes)
    ? { bytes }
    : { missing: 'the log of its pod does not have it whole' }
}

/** The report of a pod that has ended. It is read once: a log that cannot be read must not hold up the measurement. */
export const readReportLog = async (
  kube: Pick<Kube, 'log'>,
  pod: { readonly namespace: string; readonly name: string },
  location: ReportLocation,
): Promise<ReadReport> => {
  const tailLines = location.parts + otherLines
  const limitBytes = 2 * maxEvaluationReportBytes + otherBytes + tailLines * bytesBesideData // base64 takes four bytes for three
  try {
    const log = await kube.log(pod.namespace, pod.name, { tailLines, limitBytes })
    return foundIn(log, location)
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof TooLarge)) throw error // no answer: the pass is made again
    return { missing: `the log of its pod could not be read: ${quoted(error.message)}` }
  }
}
