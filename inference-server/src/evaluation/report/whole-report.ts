/** The whole report in the log: gzipped JSON in base64, in lines. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import {
  type CandidateReport,
  type CandidateReports,
  isCandidateReport,
  maxEvaluationReportBytes,
  type ReportLocation,
} from '@gantry/contract/evaluation.ts'

/** A line of a log that a container runtime does not cut: it divides those above 16 KiB. */
const partCharacters = 12 * 1024

export interface PackedReports {
  readonly location: ReportLocation
  /** Base64, in order. */
  readonly parts: readonly string[]
  /** What was left out, in words; empty where nothing was. */
  readonly cut: readonly string[]
}

interface Cut {
  readonly what: string
  readonly apply: (report: CandidateReport) => CandidateReport
}

const without =
  (...members: readonly (keyof CandidateReport)[]) =>
  (report: CandidateReport): CandidateReport => {
    const left = Object.entries(report).filter(([name]) => !members.includes(name as keyof CandidateReport))
    return Object.fromEntries(left) as CandidateReport
  }

/** What is given up first is what a reader misses least. */
const cuts: readonly Cut[] = [
  {
    what: 'wrong answers beyond the first ten',
    apply: (report) => ({ ...report, mistakes: report.mistakes?.slice(0, 10) ?? [] }),
  },
  { what: 'the confusion matrix', apply: without('confusion') },
  { what: 'the figures of each class', apply: without('perClass') },
  { what: 'all wrong answers', apply: without('mistakes') },
  { what: 'the throughput of each round', apply: without('rounds') },
  { what: 'the distribution of latencies', apply: without('latencies') },
]

const packed = (reports: CandidateReports): Buffer => gzipSync(JSON.stringify(reports), { level: 9 })

const cutReports = (reports: CandidateReports, { apply }: Cut): CandidateReports => ({
  ...reports,
  candidates: reports.candidates.map((one) => (isCandidateReport(one) ? apply(one) : one)),
})

/** @param mostBytes of each candidate's part, gzipped */
export const packReports = (reports: CandidateReports, mostBytes: number): PackedReports => {
  const most = Math.min(maxEvaluationReportBytes, mostBytes * reports.candidates.length)
  let left = reports
  let bytes = packed(left)
  const cut: string[] = []
  for (const one of cuts) {
    if (bytes.length <= most) break
    left = cutReports(left, one)
    bytes = packed(left)
    cut.push(one.what)
  }
  const text = bytes.toString('base64')
  const parts = Array.from({ length: Math.ceil(text.length / partCharacters) }, (_, index) =>
    text.slice(index * partCharacters, (index + 1) * partCharacters),
  )
  return {
    location: {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: bytes.length,
      parts: parts.length,
    },
    parts,
    cut,
  }
}
