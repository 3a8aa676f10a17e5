import type { Command } from '../command-line/command.ts'
import { suggestion } from '../command-line/suggestions.ts'
import { overview, usageOf } from '../command-line/usage.ts'
import { exitCodes, wrongUsage } from '../failure.ts'

/** @param all the commands, this one among them; they are read when it runs */
export const helpOf = (all: () => readonly Command[]): Command => ({
  name: 'help',
  summary: 'lists the commands, or describes one',
  arguments: [{ name: 'COMMAND', required: false, about: 'name of a command', completes: 'commands' }],
  options: {},
  usesCluster: false,
  run: async ({ given, program, stdout }) => {
    const [name] = given.arguments
    if (name === undefined) {
      stdout.write(overview(all(), program))
      return exitCodes.done
    }
    const command = all().find((one) => one.name === name)
    const names = all().map((one) => one.name)
    if (!command) throw wrongUsage(`There is no command ${name}.`, suggestion(name, names))
    stdout.write(usageOf(command, program))
    return exitCodes.done
  },
})
