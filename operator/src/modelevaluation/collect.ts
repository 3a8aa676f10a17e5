/** Takes the results of Jobs that have ended into the ConfigMap with the reports. */
import { createHash } from 'node:crypto'
import { isMeasurement, reportKey, reportMapName } from '@gantry/contract/evaluation.ts'
import type { Ranking } from '@gantry/evaluation/evaluation.ts'
import { reportMarkdown } from '@gantry/evaluation/report/markdown.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import { isOwnedBy, type LiveConfigMap } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ConfigMap } from '@gantry/kube/resources.ts'
import { readReportLog, unpackedTogether } from '../evaluating/report-log.ts'
import type { ModelEvaluation } from './model-evaluation.ts'
import { identity } from './objects.ts'
import type { Observed } from './observe.ts'
import { type NamedSheet, pricingOf } from './pricing.ts'
import { type CandidateRecord, markdownKey, recordKey, writtenRecord } from './record.ts'
import { datasetOf, rankingOf } from './results.ts'
import { mostMapBytes } from './run.ts'
import { type Due, endedResult } from './standing.ts'
import { rankedSpec } from './subjects.ts'
import type { World } from './world.ts'

/** Annotation of the ConfigMap: fingerprint of the ranking that report.md tells. */
const rankingAnnotation = 'gantry.dev/ranking'
/** Longer ones are left out of the ConfigMap: `gantry report` makes them from the reports. */
const mostMarkdownBytes = 64 * 1024

/** The reports by candidate, gzipped. */
type Reports = ReadonlyMap<string, Buffer>

interface Collected {
  readonly records: readonly CandidateRecord[]
  readonly fresh: Reports
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The record of a Job that has ended, with the whole report from the log of its pod where it can be read. */
const recordEnded = async (
  { kube }: Pick<World, 'kube'>,
  { pods }: Observed,
  due: Due,
): Promise<{ record: CandidateRecord; bytes?: Buffer } | undefined> => {
  const ended = endedResult(due, pods)
  if (!ended) return undefined
  const { result, report } = ended
  const comparison = report?.comparisons?.find(({ name }) => name === result.name)
  const record = {
    ...{ inputs: due.inputs, job: due.jobName, result },
    ...(report ? { dataset: report.dataset } : {}),
    ...(comparison ? { comparison } : {}),
  }
  const pod = pods.find((one) => isOwnedBy(one, due.job?.metadata.uid))
  if (!report?.report || !pod) return { record }
  const { namespace = '', name } = pod.metadata
  const read = await readReportLog(kube, { namespace, name }, report.report)
  return 'bytes' in read
    ? { record: { ...record, report: report.report.sha256 }, bytes: read.bytes }
    : { record: { ...record, missing: read.missing } }
}

/** The record with the node's labels and capacity, which prices are made from. */
const withNode = async (
  { costs }: Pick<World, 'costs'>,
  { spec }: ModelEvaluation,
  record: CandidateRecord,
): Promise<CandidateRecord> => {
  const { result, node: known } = record
  const name = isMeasurement(result) ? result.hardware.node : undefined
  if (known || name === undefined || !spec.costModel?.prices) return record
  const node = await costs.node(name)
  return 'unknown' in node ? record : { ...record, node }
}

const collectEnded = async (world: Pick<World, 'kube' | 'costs'>, observed: Observed): Promise<Collected> => {
  const found = await Promise.all(
    observed.standings.map(async (standing) => {
      if (standing.kind === 'lacking') return undefined
      const found =
        standing.kind === 'known' ? { record: standing.record } : await recordEnded(world, observed, standing)
      return found && { ...found, record: await withNode(world, observed.evaluation, found.record) }
    }),
  )
  const ended = found.filter((one) => one !== undefined)
  return {
    records: ended.map(({ record }) => record),
    fresh: new Map(ended.flatMap(({ record, bytes }) => (bytes ? [[record.result.name, bytes]] : []))),
  }
}

type BinaryMap = LiveConfigMap & { readonly binaryData?: Readonly<Record<string, string>> }

/** The reports that are in the ConfigMap, and those that are new. The cache does not keep them, so that the API server is asked. */
const allReports = async (
  { kube }: Pick<World, 'kube'>,
  { evaluation }: Observed,
  { records, fresh }: Collected,
): Promise<Reports> => {
  const { namespace, name } = evaluation.metadata
  const live = await kube.get<BinaryMap>(ConfigMap, namespace, reportMapName(name))
  return new Map(
    records.flatMap(({ result, report }) => {
      const text = live?.binaryData?.[reportKey(result.name)]
      const bytes = fresh.get(result.name) ?? (text === undefined ? undefined : Buffer.from(text, 'base64'))
      return bytes && digestOf(bytes) === report ? [[result.name, bytes] as const] : []
    }),
  )
}

const total = (reports: Reports): number => [...reports.values()].reduce((sum, { length }) => sum + length, 0)

/** Reports of measurements with fewer candidates beside may be larger than their share now: the largest give way. */
const fitting = (reports: Reports, room: number): Reports => {
  const kept = new Map([...reports].sort(([, a], [, b]) => a.length - b.length))
  for (const name of [...kept.keys()].reverse()) if (total(kept) > room) kept.delete(name)
  return kept
}

const explained = (record: CandidateRecord, kept: Reports): CandidateRecord => {
  const { report, missing, ...rest } = record
  if (kept.has(record.result.name)) return { ...rest, ...(report === undefined ? {} : { report }) }
  if (report === undefined) return record
  return { ...rest, missing: missing ?? 'it is not in the ConfigMap any more, or had no room there' }
}

const markdownOf = (
  evaluation: ModelEvaluation,
  ranking: Ranking,
  records: readonly CandidateRecord[],
  reports: Reports,
): Readonly<Record<string, string>> => {
  const { name, namespace } = evaluation.metadata
  const dataset = datasetOf(records)
  const { winner, chosen, results, ineligible, pareto } = ranking
  const status = {
    ...(winner === undefined ? {} : { winner }),
    ...(chosen ? { chosen } : {}),
    ...(dataset ? { dataset } : {}),
    ...{ results, ineligible, pareto },
  }
  const text = reportMarkdown({
    name,
    namespace,
    spec: rankedSpec(evaluation),
    status,
    reports: unpackedTogether(reports.values()),
  })
  return Buffer.byteLength(text) > mostMarkdownBytes ? {} : { [markdownKey]: text }
}

const mapOf = (
  evaluation: ModelEvaluation,
  ranking: Ranking,
  records: readonly CandidateRecord[],
  reports: Reports,
): KubernetesObject => {
  const texts = Object.fromEntries(records.map((one) => [recordKey(one.result.name), writtenRecord(one)]))
  const data = { ...texts, ...markdownOf(evaluation, ranking, records, reports) }
  return {
    ...identity.identity(ConfigMap, evaluation, {
      name: reportMapName(evaluation.metadata.name),
      annotations: { [rankingAnnotation]: rankingHash(ranking) },
    }),
    data,
    binaryData: Object.fromEntries(
      [...reports].map(([name, bytes]) => [reportKey(name), bytes.toString('base64')]),
    ),
  }
}

const rankingHash = (ranking: Ranking): string => fingerprint(ranking, 16)

/** Whether the live ConfigMap says all of it already. */
const isTold = ({ map }: Observed, records: readonly CandidateRecord[], ranking: Ranking): boolean => {
  if (!map) return records.length === 0
  const keys = Object.keys(map.data ?? {}).filter((key) => key !== markdownKey)
  const isSame =
    keys.length === records.length &&
    records.every((one) => map.data?.[recordKey(one.result.name)] === writtenRecord(one))
  const isRanked = map.metadata.annotations?.[rankingAnnotation] === rankingHash(ranking)
  return isSame && isRanked
}

/** @returns the ConfigMap to apply; undefined where nothing is new */
export const collect = async (
  world: Pick<World, 'kube' | 'config' | 'costs'>,
  observed: Observed,
  sheet: NamedSheet,
): Promise<KubernetesObject | undefined> => {
  const { evaluation } = observed
  const collected = await collectEnded(world, observed)
  const { costOf } = await pricingOf(world, evaluation, sheet, collected.records)
  const ranking = rankingOf(evaluation, collected.records, costOf)
  if (isTold(observed, collected.records, ranking)) return undefined
  const reports = await allReports(world, observed, collected)
  const texts = collected.records.map((one) => Buffer.byteLength(writtenRecord(one)))
  const room = mostMapBytes - mostMarkdownBytes - texts.reduce((sum, length) => sum + length, 0)
  const kept = fitting(reports, room)
  const records = collected.records.map((record) => explained(record, kept))
  return mapOf(evaluation, ranking, records, kept)
}
