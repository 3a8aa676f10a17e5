/** The conditions of the measurement: data, hardware, versions, and what the figures mean. */
import { bytes } from './quantities.ts'
import { paragraph, type Section, table } from './section.ts'
import { datasets, type EvaluationSummary, measurements } from './summary.ts'

export const datasetSection = (summary: EvaluationSummary): Section => {
  const rows = datasets(summary).map(({ source, samples, total, digest }) => [
    source,
    String(samples),
    String(total),
    digest,
  ])
  return {
    heading: 'Data set',
    blocks: rows.length === 0 ? [] : [table(['Source', 'Samples#', 'Of#', 'Digest'], rows)],
  }
}

export const hardwareSection = (summary: EvaluationSummary): Section => {
  const all = measurements(summary)
  const rows = all.map(({ name, hardware, digest }) => [
    name,
    hardware.processor,
    String(hardware.cores),
    bytes(hardware.memoryBytes),
    [hardware.accelerator, hardware.gpu].filter((text) => text !== undefined).join(', '),
    hardware.node ?? '–',
    hardware.onnxruntime,
    hardware.server ?? '–',
    digest,
  ])
  const columns = [
    'Candidate',
    'Processor',
    'Cores#',
    'Memory#',
    'Ran on',
    'Node',
    'onnxruntime',
    'Server',
    'Digest of the model',
  ]
  return { heading: 'Hardware and versions', blocks: rows.length === 0 ? [] : [table(columns, rows)] }
}

export const spreadSection = (): Section => ({
  heading: 'What the figures mean',
  blocks: [
    paragraph(
      'An interval in parentheses is a 95 % bootstrap interval: of the intervals that are made this way, 95 in 100 hold the value that all samples of the kind would give. Candidates whose intervals overlap are told apart by a paired test, or by more samples.',
    ),
    paragraph(
      'The rounds of the candidates of one run alternate. A throughput is the median of its rounds, and the spread is half the distance between their quartiles, as a share of the median. Throughputs that differ by less than their spreads are the same.',
    ),
  ],
})
