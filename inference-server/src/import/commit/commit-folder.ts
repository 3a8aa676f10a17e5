/** `import --commit`: the folder that the optimizer has made of a version becomes a version of its own. */

import { join } from 'node:path'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { addVersion, type Imported, type Staged } from '../add-version.ts'
import { copyLocal } from '../local-source.ts'
import { provenanceOf } from '../provenance.ts'
import { stageModel } from '../staged-model.ts'
import type { Staging } from '../staging.ts'
import { differencesIn, foundFiles, isListOf, sayDifferences } from '../version-check.ts'
import { readVersion } from '../volume/volume.ts'
import { type Exported, stageExport } from './commit-export.ts'
import type { CommitOptions } from './commit-options.ts'
import { measuredAgreement } from './measured-agreement.ts'
import { optimizationOf, readOptimizationReport } from './optimization-report.ts'
import { checkOtherFiles } from './parent-files.ts'

/**
 * Checks the folder as an import checks its source, its other files against the parent's, and its answers. The folder stays.
 * @throws ImportError
 */
export const commitFolder = (options: CommitOptions): Promise<Imported> =>
  addVersion(options, async (staging) => {
    try {
      return { ...(await stageFolder(options, staging)), stands: () => parentOf(options) }
    } finally {
      await parentOf(options) // A parent that was pruned meanwhile explains what went wrong.
    }
  })

const stageFolder = async (options: CommitOptions, staging: Staging): Promise<Staged> => {
  const parent = await parentOf(options)
  await checkParent(options, parent)
  checkKind(options, parent)
  const made = await (parent.input ? stageExport : stageOptimized)(options, staging, parent)
  const { optimization } = made
  const { changes, graphs } = made.staged
  options.log.info('the folder of the optimizer is a model', { ...optimization, ...changes })
  const { label, source } = parent
  return {
    graphs,
    version: {
      ...(label === undefined ? {} : { label }),
      source,
      ...changes,
      parent: parent.id,
      optimization,
      ...provenanceOf(options, made.optimizer),
    },
  }
}

/**
 * What the optimizer has read is what was imported.
 * @throws ImportError DigestMismatch
 */
const checkParent = async (
  { volume, parentDigest }: CommitOptions,
  { id, digest, files }: VersionMetadata,
): Promise<void> => {
  const dir = join(volume, id)
  const isListed = isListOf({ files }, parentDigest ?? digest)
  const differences = isListed ? await differencesIn(dir, { files }, await foundFiles(dir)) : []
  if (isListed && differences.length === 0) return
  const what = isListed ? sayDifferences(differences) : 'metadata.json does not describe its digest'
  throw new ImportError(
    'DigestMismatch',
    `the files of the parent ${id} are not those that were imported: ${what}; look at the volume with \`gantry fsck\`, and import the model again with another spec.model.version`,
    'never',
    { detail: differences.map(({ kind, path }) => `${kind}: ${quotedText(path)}`).join(', ') },
  )
}

/** @throws ImportError where the recipe begins from another kind of version */
const checkKind = ({ recipe }: CommitOptions, { id, input }: VersionMetadata): void => {
  if ((input !== undefined) === (recipe.export !== undefined)) return
  throw new ImportError(
    'ImportFailed',
    input
      ? `the parent ${id} is a model of ${input.format} and has no graph; export it before other steps`
      : `the parent ${id} has a graph, so nothing is exported of it`,
  )
}

const stageOptimized = async (
  options: CommitOptions,
  staging: Staging,
  parent: VersionMetadata,
): Promise<Exported> => {
  const { volume, folder, task, recipe, aim, samples, log, signal } = options
  const report = await readOptimizationReport(options.optimizationReport, recipe)
  await copyLocal({ path: folder, shownAs: "the optimizer's folder", exclude: volume }, staging)
  const staged = await stageModel(staging, { task, file: parent.file }, 'version')
  const { graphs } = staged
  const dir = join(volume, parent.id)
  checkOtherFiles(staging, dir, parent)
  const measured = await measuredAgreement({
    ...{ graphs, samples, log, signal },
    parent: { dir, files: parent.files },
    made: { dir: staging.dir, files: staging.files() },
  })
  return {
    staged,
    optimizer: report.versions['gantry-optimizer'],
    optimization: optimizationOf(report, { ...(aim === undefined ? {} : { aim }), ...measured }),
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
