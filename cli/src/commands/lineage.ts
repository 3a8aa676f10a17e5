import { findModel } from '../cluster/find.ts'
import type { Command } from '../command-line/command.ts'
import { exitCodes } from '../failure.ts'
import { lineageOf } from '../models/lineage.ts'
import { lineagePage } from '../models/lineage-page.ts'
import { columnsOf } from '../terminal/output.ts'

export const lineage: Command = {
  name: 'lineage',
  summary:
    'shows where a version comes from: source, revision, digests, signature, parents, evaluation, rollout',
  about:
    'Everything comes from the status of the ModelDeployment, which the operator writes. What an older release has not recorded is said to be missing. metadata.json on the volume has the same of a version, with the digest of every file.',
  arguments: [{ name: 'NAME', required: true, about: 'a model', completes: 'models' }],
  options: {
    version: {
      type: 'string',
      value: 'ID',
      about: 'an id or a label, as `versions` lists them (default: the version that serves)',
      completes: 'versions',
    },
  },
  usesCluster: true,
  hasDocument: true,
  examples: [
    ['lineage support', 'the version that serves'],
    ['lineage support --version 2026-10 -o json', 'another one, for a record of a review'],
  ],
  run: async ({ given, session, form, print, printDocument, style, stdout }) => {
    const model = await findModel(await session(), given.arguments[0] ?? '')
    const found = lineageOf(model, given.text('version'))
    if (form) await printDocument(found)
    else {
      const { name, namespace } = model.metadata
      const head = `${style('bold', name)}  ${style('dim', `ModelDeployment in namespace ${namespace}`)}`
      print(...lineagePage(found, head, { style, columns: columnsOf(stdout) }))
    }
    return exitCodes.done
  },
}
