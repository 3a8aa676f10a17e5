/**
 * The story of an evaluation: each candidate is fetched and served by the real server, answers every sample, and is then loaded in turn
 * with the others. What one candidate fails with is its own result.
 */
import type {
  CandidateReport,
  EvaluationCandidate,
  EvaluationRequest,
  Unmeasured,
} from '@gantry/contract/evaluation.ts'
import type { Task } from '@gantry/contract/server.ts'
import { CandidateError } from '../accuracy/candidate-error.ts'
import { ascending } from '../datasets/order.ts'
import type { Dataset } from '../datasets/sample.ts'
import { type Answered, answerAll, reportOf } from './answered.ts'
import { attempt, type Known } from './attempt.ts'
import { type CandidateFolder, openCandidate } from './candidate-folder.ts'
import { comparisonsOf } from './comparisons.ts'
import { evaluatedDataset, readDatasets } from './datasets.ts'
import type { Evaluated, Evaluation } from './evaluation.ts'
import type { LoadFigures } from './load/figures.ts'
import { createLoad } from './load/load.ts'
import { measureLoad } from './load/turns.ts'
import { openEnergyMeter } from './machine/energy.ts'
import { usualDriver } from './machine/gpus.ts'
import { createRoom } from './serving/server-lease.ts'

/** Candidates by name that will not change any more. */
type Results = Map<string, CandidateReport | Unmeasured>
type Fetched = readonly [candidate: EvaluationCandidate, folder: CandidateFolder]

const usualConcurrencies = [1, 8]
/** Time for each candidate where the request does not say it. */
const usualBudgetSeconds = 600

const fetchAll = async (evaluation: Evaluation, results: Results): Promise<readonly Fetched[]> => {
  const { request, volume, fetching, onProgress } = evaluation
  const fetched: Fetched[] = []
  for (const [done, candidate] of request.candidates.entries()) {
    onProgress({ candidate: candidate.name, step: 'fetching', done, all: request.candidates.length })
    const opened = await attempt(candidate, evaluation, () => openCandidate(candidate, volume, fetching))
    if ('value' in opened) fetched.push([candidate, opened.value])
    else results.set(candidate.name, opened.unmeasured)
  }
  return fetched
}

/** @param into gets the candidates one by one, so that their servers are known whatever happens */
const askAll = async (
  evaluation: Evaluation,
  fetched: readonly Fetched[],
  datasets: ReadonlyMap<Task, Dataset>,
  results: Results,
  into: Answered[],
): Promise<void> => {
  const { request, machine } = evaluation
  const { timeBudgetSeconds = usualBudgetSeconds * request.candidates.length } = request
  const room = createRoom(machine.hardware.memoryBytes)
  const budgetMs = (timeBudgetSeconds * 1000) / Math.max(1, fetched.length)
  for (const [candidate, folder] of fetched) {
    const given = { dataset: datasets.get(candidate.task) as Dataset, room, budgetMs }
    const answered = await attempt(candidate, evaluation, () =>
      answerAll(evaluation, candidate, folder, given),
    )
    if ('value' in answered) into.push(answered.value)
    else results.set(candidate.name, answered.unmeasured)
  }
}

/** What is only compared has done its part once it has answered. */
const isLoaded = ({ candidate }: Answered): boolean => !candidate.onlyCompared

/** 1 is always measured. */
const concurrenciesOf = ({ concurrencies = usualConcurrencies }: EvaluationRequest): readonly number[] =>
  [...new Set([1, ...concurrencies])].sort(ascending)

const loadAll = async (
  evaluation: Evaluation,
  answered: readonly Answered[],
): Promise<readonly Known<LoadFigures>[]> => {
  const { request, pace, env, signal, nowMs, onProgress } = evaluation
  await using load = createLoad()
  const runners = answered.map(({ requests, leftMs, lease: { server, rest } }) => ({
    ...{ requests, budgetMs: leftMs, server, rest },
  }))
  const isOnGpu = answered.some(({ accelerator }) => accelerator === 'cuda')
  const energy = await openEnergyMeter(isOnGpu ? usualDriver(env) : undefined, nowMs)
  const outcomes = await measureLoad(runners, {
    ...{ load, pace, signal, nowMs, energy },
    concurrencies: concurrenciesOf(request),
    onProgress: (done, all) => onProgress({ candidate: undefined, step: 'load', done, all }),
  }).finally(() => energy?.close())
  const known = outcomes.map((outcome, index) =>
    attempt((answered[index] as Answered).candidate, evaluation, async () => {
      if (outcome instanceof CandidateError) throw outcome
      return outcome
    }),
  )
  return Promise.all(known)
}

/**
 * Measures all candidates of a request.
 * @throws DatasetError where no candidate could be measured on the data set; AbortError where the signal says so
 */
export const evaluate = async (evaluation: Evaluation): Promise<Evaluated> => {
  const { request, workspace, datasetFetching, mostSamples } = evaluation
  const datasets = await readDatasets(request, workspace, datasetFetching, mostSamples)
  const results: Results = new Map()
  const answered: Answered[] = []
  try {
    await askAll(evaluation, await fetchAll(evaluation, results), datasets, results, answered)
    const loading = answered.filter(isLoaded)
    for (const [index, loaded] of (await loadAll(evaluation, loading)).entries()) {
      const one = loading[index] as Answered
      const result = 'value' in loaded ? await reportOf(evaluation, one, loaded.value) : loaded.unmeasured
      results.set(one.candidate.name, result)
    }
  } finally {
    await Promise.all(answered.map(({ lease: { close } }) => close()))
  }
  const [first] = datasets.values()
  const isMeasured = (one: Answered): boolean =>
    !isLoaded(one) || 'measurement' in (results.get(one.candidate.name) ?? {})
  const reported = request.candidates.filter(({ onlyCompared }) => !onlyCompared)
  return {
    dataset: evaluatedDataset(request, first as Dataset),
    candidates: reported.map(({ name }) => results.get(name) as CandidateReport | Unmeasured),
    comparisons: comparisonsOf(request, answered.filter(isMeasured), evaluation.log),
    references: new Map(
      answered.flatMap(({ candidate: { name }, reference }) =>
        reference ? [[name, reference] as const] : [],
      ),
    ),
  }
}
