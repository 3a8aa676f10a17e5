import { addVersion, type Imported, type Staged, type VersionOptions } from './add-version.ts'
import { stageInput, suggestExport } from './export-input.ts'
import { type FetchOptions, fetchSource } from './fetch-source.ts'
import { selectingFor } from './hub-files.ts'
import type { HubAccess } from './resolve-source.ts'
import { stageModel } from './staged-model.ts'
import type { Staging } from './staging.ts'
import { checkAssumptions } from './strict.ts'

export interface ImportOptions extends Omit<FetchOptions, 'hub'>, VersionOptions {
  /** Where models of hf:// are. */
  readonly hub?: Omit<HubAccess, 'selecting'> | undefined
  /** Whether a folder that leaves open what its task needs is refused. */
  readonly strict: boolean
  /** The graph that the user chose; relative to the model's folder. */
  readonly file: string | undefined
  readonly label: string | undefined
}

/**
 * Brings a model from its source to the volume as a new version: whole, or not at all.
 * @throws ImportError
 */
export const importModel = (options: ImportOptions): Promise<Imported> =>
  addVersion(options, (staging) => stageSource(options, staging))

const hubOf = ({ hub, task, file, export: isExported = false }: ImportOptions): HubAccess | undefined =>
  hub && { ...hub, selecting: selectingFor({ task, file, export: isExported, whole: false }) }

const stageSource = async (options: ImportOptions, staging: Staging): Promise<Staged> => {
  const { task, strict, file, label, shownAs, log } = options
  const { revision } = await fetchSource({ ...options, hub: hubOf(options) }, staging)
  const sourceRevision = revision === undefined ? {} : { sourceRevision: revision }
  const named = { ...(label === undefined ? {} : { label }), source: shownAs, ...sourceRevision }
  if (options.export) {
    const input = await stageInput(staging, file)
    log.info('the source is a model of another library', input)
    return { graphs: [], version: { ...named, input } }
  }
  await suggestExport(staging)
  const { summary, changes, graphs } = await stageModel(staging, { task, file })
  const { inputs, outputs, opsets, irVersion, external } = summary
  const graph = { inputs, outputs, opsets, irVersion, external: external.length }
  log.info('the source is a model', { ...graph, ...changes })
  const assumptions = await checkAssumptions(staging.dir, task, strict)
  if (assumptions.length > 0) log.warn('the source leaves open what the task needs', { assumptions })
  return { graphs, version: { ...named, ...changes } }
}
