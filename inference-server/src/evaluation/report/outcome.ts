/** The termination message of an evaluation. */
import {
  type EvaluationReport,
  isMeasurement,
  type Measurement,
  type Unmeasured,
} from '@gantry/contract/evaluation.ts'
import { maxReportBytes } from '@gantry/contract/importing.ts'
import { plainText } from '@gantry/contract/plain-text.ts'

type Measured = Extract<EvaluationReport, { outcome: 'measured' }>

/** Digits that a reader can use; a throughput is known to two of them. */
const digits = 6
const rounded = (value: number): number => Number(value.toPrecision(digits))

const roundedMembers = <Values extends object>(values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? rounded(value) : value]),
  ) as Values

/** The values of metrics keep all digits: limits are compared with them. */
const shorter = (candidate: Measurement | Unmeasured): Measurement | Unmeasured => {
  if (!isMeasurement(candidate)) return candidate
  const { performance, intervals } = candidate
  const bounds = Object.entries(intervals).map(([name, [low, high]]) => [name, [rounded(low), rounded(high)]])
  return {
    ...candidate,
    intervals: Object.fromEntries(bounds),
    performance: {
      ...roundedMembers(performance),
      byConcurrency: performance.byConcurrency.map(roundedMembers),
    },
  }
}

const withoutConcurrencies = (candidate: Measurement | Unmeasured): Measurement | Unmeasured =>
  isMeasurement(candidate)
    ? { ...candidate, performance: { ...candidate.performance, byConcurrency: [] } }
    : candidate

/** @param most characters */
const withShortTexts =
  (most: number) =>
  (candidate: Measurement | Unmeasured): Measurement | Unmeasured =>
    isMeasurement(candidate) ? candidate : { ...candidate, message: plainText(candidate.message, most) }

const fits = (text: string): boolean => Buffer.byteLength(text) <= maxReportBytes

const textOf = (report: Measured): string => {
  const { candidates, dataset } = report
  const rounded = candidates.map(shorter)
  for (let most = 2048; most >= 64; most /= 2) {
    const short = rounded.map(withShortTexts(most))
    const named = { ...dataset, source: plainText(dataset.source, most) }
    // The figures by concurrency are in the whole report, too.
    for (const list of most > 256 ? [short] : [short, short.map(withoutConcurrencies)]) {
      const text = JSON.stringify({ ...report, dataset: named, candidates: list })
      if (fits(text)) return text
    }
  }
  const failed: EvaluationReport = {
    outcome: 'failed',
    reason: 'EvaluationFailed',
    message: `the result of ${candidates.length} candidates does not fit into ${maxReportBytes} bytes; evaluate fewer at a time`,
    retry: 'never',
  }
  return JSON.stringify(failed)
}

/** A report as JSON of at most `maxReportBytes`: sentences are cut, and then what the whole report has, too, is left out. */
export const outcomeText = (report: EvaluationReport): string => {
  if (report.outcome === 'measured') return textOf(report)
  let text = JSON.stringify(report)
  for (let most = 2048; !fits(text) && most >= 64; most /= 2)
    text = JSON.stringify({ ...report, message: plainText(report.message, most) })
  return text
}
