/**
 * `node judge.ts REQUEST FOLDER VERDICT`: the optimizer calls it with the new folder before that folder has its name. `evaluate` measures the
 * original and the new model as the server serves them, and the verdict is written for the optimizer.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Metric } from '../../contract/evaluation.ts'
import { candidates, type EvaluationResults, servedVerdict } from './final-numbers.ts'

/** What is judged, beside the new folder. */
export interface JudgeRequest {
  /** Absolute folder of the original. */
  readonly model: string
  readonly task: string
  /** Path of the graph in both folders, where they have several. */
  readonly file?: string
  readonly labels?: readonly string[]
  readonly metric: Metric
  /** The form is that of spec.dataset of a ModelEvaluation. */
  readonly dataset: {
    readonly uri: string
    readonly split: { readonly share: number; readonly part: string }
  }
  readonly maxAccuracyDrop: number
}

const server = join(import.meta.dirname, '../../inference-server/src/main.ts')

/** Stands above the table of `evaluate`, whose speed is another one than that of the steps. */
const tableRemark =
  'Both models as the server serves them; `after` is the new one. Speed has HTTP in it here, and a large SPREAD says that the machine was busy. SCORE and winner weigh accuracy and cost, not size, and decide nothing here; the sentence below the table does:'

/** The ModelEvaluation of both folders. */
export const evaluationOf = (request: JudgeRequest, folder: string) => {
  const { model, task, file, labels, metric, dataset } = request
  const candidate = (name: string, uri: string) => ({
    ...{ name, task, source: { uri, ...(file !== undefined && { file }) } },
    ...(labels !== undefined && { labels }),
  })
  return {
    ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelEvaluation', metadata: { name: 'optimized' } },
    spec: {
      candidates: [candidate(candidates.before, model), candidate(candidates.after, folder)],
      ...{ dataset, metric },
    },
  }
}

const resultsOf = (path: string): EvaluationResults =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as EvaluationResults) : {}

const judge = (requestFile: string, folder: string, verdictFile: string): void => {
  const request = JSON.parse(readFileSync(requestFile, 'utf8')) as JudgeRequest
  const work = mkdtempSync(join(tmpdir(), 'gantry-judge-'))
  try {
    const file = join(work, 'evaluation.json')
    writeFileSync(file, JSON.stringify(evaluationOf(request, folder)))
    process.stdout.write(`\n${tableRemark}\n\n`)
    const options = ['--file', file, '--report', work, '--compare-with', candidates.before]
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', server, 'evaluate', ...options], {
      stdio: 'inherit',
    })
    const verdict = servedVerdict(
      resultsOf(join(work, 'report.json')),
      request.metric,
      request.maxAccuracyDrop,
    )
    writeFileSync(verdictFile, JSON.stringify(verdict))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const [requestFile = '', folder = '', verdictFile = ''] = process.argv.slice(2)
  judge(requestFile, folder, verdictFile)
}
