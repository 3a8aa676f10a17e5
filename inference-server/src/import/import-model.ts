import { addVersion, type Imported, type Staged, type VersionOptions } from './add-version.ts'
import { stageInput, suggestExport } from './export-input.ts'
import { type FetchOptions, fetchSource } from './fetch-source.ts'
import { selectingFor } from './hub-files.ts'
import { checkAssumptions } from './model/strict.ts'
import { provenanceOf, sourceRevisionOf } from './provenance.ts'
import type { HubAccess } from './resolve-source.ts'
import { verifySource } from './source-signature.ts'
import { stageModel } from './staged-model.ts'
import type { Staging } from './staging.ts'

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

/** A signature is over all files of the source, so all of them come. */
const hubOf = (options: ImportOptions): HubAccess | undefined => {
  const { hub, task, file, export: isExported = false, publicKey } = options
  const wish = { task, file, export: isExported, whole: publicKey !== undefined }
  return hub && { ...hub, selecting: selectingFor(wish) }
}

/** The signature is over the source's files, before any of them is renamed or changed. */
const signatureOf = async (
  { publicKey, log }: ImportOptions,
  staging: Staging,
): Promise<Pick<Staged['version'], 'signature'>> => {
  if (publicKey === undefined) return {}
  const signature = await verifySource(staging, publicKey)
  log.info('the source is signed', signature)
  return { signature }
}

const stageSource = async (options: ImportOptions, staging: Staging): Promise<Staged> => {
  const { task, strict, file, label, shownAs, log } = options
  const { revision } = await fetchSource({ ...options, hub: hubOf(options) }, staging)
  const signed = await signatureOf(options, staging)
  const named = {
    ...(label === undefined ? {} : { label }),
    source: shownAs,
    ...sourceRevisionOf(revision),
    ...signed,
    ...provenanceOf(options),
  }
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
