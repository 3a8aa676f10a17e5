/** `import --commit`: the folder that the optimizer has made of a version becomes a version of its own. */

import { join } from 'node:path'
import type { OptimizationRecipe } from '@gantry/contract/optimizing.ts'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { ImportError } from '../failures/import-error.ts'
import { addVersion, type Imported, type Staged, type VersionOptions } from './add-version.ts'
import { copyLocal } from './local-source.ts'
import { measuredAgreement } from './measured-agreement.ts'
import { optimizationOf, readOptimizationReport } from './optimization-report.ts'
import { checkOtherFiles, shareFiles } from './parent-files.ts'
import { stageModel } from './staged-model.ts'
import type { Staging } from './staging.ts'
import { readVersion } from './volume.ts'

export interface CommitOptions extends VersionOptions {
  /** Absolute path of the folder that the optimizer has made. */
  readonly folder: string
  /** Id of the version that it was made from. */
  readonly parent: string
  /** What the optimizer was asked for. */
  readonly recipe: OptimizationRecipe
  /** The drop of accuracy that it aimed at; undefined where nobody says. */
  readonly aim: number | undefined
  /** Absolute path of its report. */
  readonly optimizationReport: string
  /** Absolute path of the file of samples that both graphs are run on; undefined: inputs are generated. */
  readonly samples: string | undefined
}

/**
 * Checks the folder as an import checks its source, its other files against the parent's, and its answers. The folder stays.
 * @throws ImportError
 */
export const commitFolder = (options: CommitOptions): Promise<Imported> =>
  addVersion(options, async (staging) => {
    try {
      return { ...(await stageFolder(options, staging)), stands: () => parentOf(options) }
    } finally {
      await parentOf(options) // pruned meanwhile: that explains what went wrong, and nothing may go on from it
    }
  })

const stageFolder = async (options: CommitOptions, staging: Staging): Promise<Staged> => {
  const { volume, folder, task, recipe, aim, samples, log, signal } = options
  const parent = await parentOf(options)
  const report = await readOptimizationReport(options.optimizationReport, recipe)
  await copyLocal(
    { path: folder, shownAs: "the optimizer's folder", exclude: volume, hash: undefined },
    staging,
  )
  const { changes, graphs } = await stageModel(staging, { task, file: parent.file }, 'version')
  const dir = join(volume, parent.id)
  checkOtherFiles(staging, dir, parent)
  await shareFiles(staging, dir, parent)
  const measured = await measuredAgreement({
    ...{ graphs, samples, log, signal },
    parent: { dir, files: parent.files },
    made: { dir: staging.dir, files: staging.files() },
  })
  const optimization = optimizationOf(report, { ...(aim === undefined ? {} : { aim }), ...measured })
  log.info('the folder of the optimizer is a model', { ...optimization, ...changes })
  const { label, source } = parent
  return {
    graphs,
    version: {
      ...(label === undefined ? {} : { label }),
      source,
      ...changes,
      parent: parent.id,
      optimization,
    },
  }
}

const parentOf = async ({ volume, parent, task }: CommitOptions): Promise<VersionMetadata> => {
  const found = await readVersion(volume, parent)
  if (found?.task === task) return found
  const why = found ? `was imported for the task ${found.task}` : 'is not on the volume'
  throw new ImportError(
    'ImportFailed',
    `the parent ${parent} ${why}; optimize a version that is there for ${task}`,
  )
}
