import { findModel } from '../cluster/find.ts'
import type { Command } from '../command-line/command.ts'
import { exitCodes } from '../failure.ts'
import { versionColumns, versionRow } from '../models/rows.ts'
import { versionsOf } from '../models/versions.ts'
import { table } from '../terminal/table.ts'

export const versions: Command = {
  name: 'versions',
  summary: 'lists the versions of a model, the newest first',
  about: '`-o json` and `-o yaml` print status.versions of the ModelDeployment, the newest last.',
  arguments: [{ name: 'NAME', required: true, about: 'a model', completes: 'models' }],
  options: {},
  usesCluster: true,
  hasDocument: true,
  run: async ({ given, session, form, print, note, printDocument, style, now }) => {
    const model = await findModel(await session(), given.arguments[0] ?? '')
    const all = versionsOf(model)
    if (form) await printDocument(all)
    else if (all.length === 0) note(`${model.metadata.name} has no version on its volume yet.`)
    else print(...table(versionColumns, all.map((version) => versionRow(version, now())).reverse(), style))
    return exitCodes.done
  },
}
