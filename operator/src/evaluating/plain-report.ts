/** The report of an evaluation without what nobody declared: any container may write one, and a status takes no field that its CRD does not know. */
import {
  type Comparison,
  type EvaluatedDataset,
  type EvaluationReport,
  isMeasurement,
  type Measurement,
  type MeasuringHardware,
  type PerformanceMeasurement,
  type Unmeasured,
} from '@gantry/contract/evaluation.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { longestMessage } from '../jobs/report.ts'

export type Measured = Extract<EvaluationReport, { outcome: 'measured' }>

/** The result with the node of the pod that has measured: what the report says of it, any container may have made up. */
export const measuredIn = (
  pod: LivePod | undefined,
  result: Measurement | Unmeasured,
): Measurement | Unmeasured => {
  if (!isMeasurement(result)) return result
  const { node: _, ...hardware } = result.hardware
  const node = pod?.spec?.nodeName
  return { ...result, hardware: { ...hardware, ...(node === undefined ? {} : { node }) } }
}

/** The CRD's limit of the address of a source. */
const longestSource = 2048
/** Longer names of processors, GPUs, nodes and versions are cut. */
const longestName = 256

const name = (text: string): string => plainText(text, longestName)

const performanceOf = (given: PerformanceMeasurement): PerformanceMeasurement => {
  const { meanMs, p50Ms, p95Ms, p99Ms, throughputPerSecond, loadMs, peakMemoryBytes } = given
  return {
    ...{ meanMs, p50Ms, p95Ms, p99Ms, throughputPerSecond, loadMs, peakMemoryBytes },
    ...(given.joulesPerInference === undefined ? {} : { joulesPerInference: given.joulesPerInference }),
    byConcurrency: given.byConcurrency.map((one) => ({
      ...{ concurrency: one.concurrency, requests: one.requests, spread: one.spread },
      ...{ meanMs: one.meanMs, p50Ms: one.p50Ms, p95Ms: one.p95Ms, p99Ms: one.p99Ms },
      throughputPerSecond: one.throughputPerSecond,
    })),
  }
}

const hardwareOf = (given: MeasuringHardware): MeasuringHardware => {
  const { processor, cores, memoryBytes, accelerator, gpu, node, onnxruntime, server } = given
  return {
    ...{ processor: name(processor), cores, memoryBytes, accelerator, onnxruntime: name(onnxruntime) },
    ...(gpu === undefined ? {} : { gpu: name(gpu) }),
    ...(node === undefined ? {} : { node: name(node) }),
    ...(server === undefined ? {} : { server: name(server) }),
  }
}

export const plainResult = (given: Measurement | Unmeasured): Measurement | Unmeasured => {
  if (!isMeasurement(given)) {
    const { reason, message, retry } = given
    return {
      ...{ name: name(given.name), reason, message: plainText(message, longestMessage) },
      ...(retry === undefined ? {} : { retry }),
    }
  }
  const { task, digest, sizeBytes, metrics, intervals, performance, hardware } = given
  return {
    ...{ name: name(given.name), task, digest, sizeBytes, metrics, intervals },
    performance: performanceOf(performance),
    hardware: hardwareOf(hardware),
  }
}

export const plainDataset = ({ source, digest, samples, total }: EvaluatedDataset): EvaluatedDataset => ({
  ...{ source: plainText(source, longestSource), digest, samples, total },
})

export const plainComparison = (given: Comparison): Comparison => ({
  ...{ name: name(given.name), with: name(given.with), metric: given.metric, samples: given.samples },
  ...{ difference: given.difference, interval: given.interval, pValue: given.pValue },
})

export const plainReport = ({ outcome, candidates, dataset, comparisons, report }: Measured): Measured => ({
  outcome,
  candidates: candidates.map(plainResult),
  dataset: plainDataset(dataset),
  ...(comparisons
    ? {
        comparisons: comparisons.map(plainComparison),
      }
    : {}),
  ...(report ? { report } : {}),
})
