/** The folder of a candidate after a recipe: made once by the optimizer, and kept for the next run of the same search. */
import { createHash } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commands, optimizerArguments, requestArguments } from '@gantry/contract/commands.ts'
import type { EvaluationCandidate } from '@gantry/contract/evaluation.ts'
import {
  type OptimizationRecipe,
  recipeOptions,
  type SamplesRequest,
  writingTasks,
} from '@gantry/contract/optimizing.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { metadataFile } from '@gantry/contract/versions.ts'
import { recipeName } from '@gantry/evaluation/variants.ts'
import { CandidateError } from '../accuracy/candidate-error.ts'
import { type CandidateFolder, existingFolder } from './candidate-folder.ts'
import type { Evaluation } from './evaluation.ts'
import { isMade, refusal } from './made-folder.ts'
import { type ProgramEnd, runProgram } from './program.ts'

/** What the recipes of all candidates share. */
export interface Optimizing {
  readonly evaluation: Evaluation
  /** Words of the command that starts the optimizer. */
  readonly optimizer: readonly string[]
  /** Absolute folder in which what is made stays. */
  readonly work: string
  /** Digest of the data set. */
  readonly dataset: string
  /** What a step aims at; the variant is judged by the search. */
  readonly maxAccuracyDrop: number
  /** Most time for one recipe, in milliseconds. */
  readonly limitMs: number
}

/** A fetched candidate, and the recipe for it. */
export interface Wanted {
  readonly candidate: EvaluationCandidate
  readonly folder: CandidateFolder
  readonly recipe: OptimizationRecipe
}

const samplesFile = 'samples.safetensors'
const reportOf = (dir: string): string => join(dir, 'report.json')
const main = fileURLToPath(new URL('../main.ts', import.meta.url))

const failed = (
  what: string,
  { code, signal, words, isLate }: ProgramEnd,
  limitMs: number,
): CandidateError => {
  if (isLate)
    return new CandidateError(
      'OutOfTime',
      `${what} took longer than ${Math.round(limitMs / 1000)} s; give a longer timeBudget`,
    )
  if (signal === 'SIGKILL')
    return new CandidateError(
      'OutOfMemory',
      `${what} was killed, as the kernel does where memory is short; give the evaluation more memory`,
    )
  const how = code === null ? 'did not start' : `ended with exit code ${code}`
  return new CandidateError(
    'RecipeFailed',
    `${what} ${how}: ${words === '' ? 'it says nothing' : quoted(words)}`,
  )
}

/** @returns the file with the tensors of the samples; undefined for a task whose inputs are generated */
const writeSamples = async (
  { evaluation, limitMs }: Optimizing,
  { candidate, folder }: Wanted,
  workspace: string,
): Promise<string | undefined> => {
  const { dataset, metric, output } = evaluation.request
  const { task, labels } = candidate
  if (writingTasks.includes(task)) return undefined
  const request: SamplesRequest = {
    ...{ folder: folder.dir, task, dataset: { ...dataset, calibration: 'only' }, metric },
    ...(labels && { labels }),
    ...(output !== undefined && { output }),
  }
  const samples = join(workspace, samplesFile)
  const options = requestArguments({ request: JSON.stringify(request), output: samples, models: workspace })
  const command = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    main,
    commands.samples,
    ...options,
  ]
  const end = await runProgram(command, { ...evaluation, limitMs })
  if (end.code !== 0) throw failed('the samples that calibrate', end, limitMs)
  return samples
}

/** Everything that decides what a recipe makes of a candidate, after the names by which a user finds the folder to serve. */
const nameOf = (
  { evaluation, dataset, maxAccuracyDrop }: Optimizing,
  { candidate, folder, recipe }: Wanted,
): string => {
  const { split, sample } = evaluation.request.dataset
  const { metric, output } = evaluation.request
  const { task, labels } = candidate
  const all = {
    digest: folder.digest,
    recipe,
    task,
    labels,
    dataset,
    split,
    sample,
    metric,
    output,
    maxAccuracyDrop,
  }
  const key = createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16)
  return `${candidate.name}.${recipeName(recipe)}.${key}`
}

/** @param dir an empty folder @throws CandidateError */
const make = async (optimizing: Optimizing, wanted: Wanted, dir: string): Promise<void> => {
  const { evaluation, optimizer, limitMs, maxAccuracyDrop } = optimizing
  const args = optimizerArguments({
    ...{ model: wanted.folder.dir, output: join(dir, 'model'), replace: true },
    ...recipeOptions(wanted.recipe),
    ...{ 'max-accuracy-drop': maxAccuracyDrop, 'judge-later': true },
    dataset: await writeSamples(optimizing, wanted, dir),
    report: reportOf(dir),
  })
  const env = { ...evaluation.env, ORT_DISABLE_TELEMETRY: '1', PYTHONDONTWRITEBYTECODE: '1' }
  const end = await runProgram([...optimizer, ...args], { ...evaluation, env, limitMs })
  if (end.code !== 0 || !(await isMade(reportOf(dir))))
    throw (await refusal(reportOf(dir))) ?? failed('the optimizer', end, limitMs)
  // What a version's metadata say of the graph is not true of another one.
  await rm(join(dir, 'model', metadataFile), { force: true })
  await rm(join(dir, samplesFile), { force: true })
}

/**
 * Makes the folder unless it is there. A run that is killed leaves nothing that the next one would take for a model.
 * @throws CandidateError
 */
export const optimizedFolder = async (optimizing: Optimizing, wanted: Wanted): Promise<CandidateFolder> => {
  const all = join(optimizing.work, 'optimized')
  const dir = join(all, nameOf(optimizing, wanted))
  if (!(await isMade(reportOf(dir)))) {
    const making = `${dir}.making`
    await rm(making, { recursive: true, force: true })
    await mkdir(making, { recursive: true })
    try {
      await make(optimizing, wanted, making)
      await rm(dir, { recursive: true, force: true })
      await rename(making, dir)
    } finally {
      await rm(making, { recursive: true, force: true })
    }
  }
  return existingFolder(join(dir, 'model'))
}
