import type { Command } from '../command-line/command.ts'
import { exitCodes } from '../failure.ts'
import { version } from '../version.ts'

export const versionCommand: Command = {
  name: 'version',
  summary: 'prints the version of this program',
  about: 'The version of the operator is a line of `gantry doctor`.',
  arguments: [],
  options: {},
  usesCluster: false,
  hasDocument: true,
  run: async ({ form, print, printDocument }) => {
    if (form) await printDocument({ version, node: process.versions.node })
    else print(`gantry ${version}`)
    return exitCodes.done
  },
}
