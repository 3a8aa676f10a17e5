/** All commands, in the order in which `help` lists them. A new one is a file of this folder and a line here. */
import type { Command } from '../command-line/command.ts'
import { describe } from './describe.ts'
import { get } from './get.ts'
import { helpOf } from './help.ts'
import { logs } from './logs.ts'
import { open } from './open.ts'
import { predict } from './predict.ts'
import { rollback } from './rollback.ts'
import { versionCommand } from './version.ts'
import { versions } from './versions.ts'

export const commands: readonly Command[] = [
  get,
  describe,
  versions,
  rollback,
  predict,
  open,
  logs,
  versionCommand,
  helpOf(() => commands),
]
