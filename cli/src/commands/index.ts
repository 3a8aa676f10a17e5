/** All commands, in the order in which `help` lists them. A new one is a file of this folder and a line here. */
import type { Command } from '../command-line/command.ts'
import { compareCommand } from './compare.ts'
import { completeOf, completion } from './completion.ts'
import { describe } from './describe.ts'
import { doctor } from './doctor.ts'
import { evaluate } from './evaluate.ts'
import { fsck } from './fsck.ts'
import { get } from './get.ts'
import { helpOf } from './help.ts'
import { importModel } from './import.ts'
import { lineage } from './lineage.ts'
import { serve } from './local.ts'
import { logs } from './logs.ts'
import { open } from './open.ts'
import { predict } from './predict.ts'
import { report } from './report.ts'
import { rollback } from './rollback.ts'
import { abort, pause, promote, resume } from './rollout.ts'
import { versionCommand } from './version.ts'
import { versions } from './versions.ts'

export const commands: readonly Command[] = [
  get,
  describe,
  versions,
  lineage,
  rollback,
  promote,
  abort,
  pause,
  resume,
  predict,
  open,
  logs,
  evaluate,
  compareCommand,
  report,
  fsck,
  doctor,
  serve,
  importModel,
  completion,
  versionCommand,
  helpOf(() => commands),
  completeOf(() => commands),
]
