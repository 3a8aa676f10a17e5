import { resolve } from 'node:path'
import { isOptimizationRecipe } from '@gantry/contract/documents.ts'
import type { OptimizationRecipe } from '@gantry/contract/optimizing.ts'
import type { VersionOptions } from '../add-version.ts'
import { isVersionId } from '../volume/version-id.ts'

export interface CommitOptions extends VersionOptions {
  /** Absolute path of the folder that the optimizer has made. */
  readonly folder: string
  /** Id of the version that it was made from. */
  readonly parent: string
  /** sha256:… that the parent has to have; undefined: what its metadata.json says. */
  readonly parentDigest?: string | undefined
  /** What the optimizer was asked for. */
  readonly recipe: OptimizationRecipe
  /** The drop of accuracy that it aimed at; undefined where nobody says. */
  readonly aim: number | undefined
  /** Absolute path of its report. */
  readonly optimizationReport: string
  /** Absolute path of the file of samples that both graphs are run on; undefined: inputs are generated. */
  readonly samples: string | undefined
}

/** The options of the command line that only a commit has. */
interface Given {
  readonly commit: string
  readonly parent?: string | undefined
  readonly 'parent-digest'?: string | undefined
  readonly recipe?: string | undefined
  readonly 'optimization-report'?: string | undefined
  readonly samples?: string | undefined
  readonly 'max-accuracy-drop'?: string | undefined
}

const recipeOf = (text: string, wrong: (problem: string) => Error): OptimizationRecipe => {
  try {
    const recipe: unknown = JSON.parse(text)
    if (isOptimizationRecipe(recipe)) return recipe
  } catch {
    // the sentence is the same
  }
  throw wrong('--recipe is no recipe such as {"quantize":"int8-dynamic"}')
}

const aimOf = (text: string | undefined, wrong: (problem: string) => Error): number | undefined => {
  if (text === undefined) return undefined
  const aim = Number(text)
  if (text.trim() !== '' && aim >= 0 && aim <= 1) return aim
  throw wrong(`--max-accuracy-drop ${text} is no number from 0 to 1`)
}

/** @param wrong makes the error of a wrong command line */
export const readCommit = (
  { commit, parent, recipe, samples, ...given }: Given,
  shared: Omit<VersionOptions, 'log' | 'signal' | 'now'>,
  wrong: (problem: string) => Error,
): Omit<CommitOptions, 'log' | 'signal' | 'now'> => {
  const { 'optimization-report': report, 'max-accuracy-drop': aim, 'parent-digest': parentDigest } = given
  if (parent === undefined || !isVersionId(parent))
    throw wrong('--commit needs --parent with the id of the version that the folder was made from')
  if (parentDigest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(parentDigest))
    throw wrong('--parent-digest is no digest of a version; it begins with sha256:')
  if (recipe === undefined) throw wrong('--commit needs --recipe with what the optimizer was asked for')
  if (report === undefined)
    throw wrong('--commit needs --optimization-report with the report of the optimizer')
  return {
    ...shared,
    folder: resolve(commit),
    parent,
    parentDigest,
    recipe: recipeOf(recipe, wrong),
    aim: aimOf(aim, wrong),
    optimizationReport: resolve(report),
    samples: samples === undefined ? undefined : resolve(samples),
  }
}
