import type { Model } from '../cluster/resources.ts'
import type { Invocation } from '../command-line/command.ts'
import { gitOpsName, gitOpsOf } from './gitops.ts'

/** A change by hand does not last where something else applies the object. @param field that is set */
export const warnOfGitOps = ({ note, noteStyle }: Invocation, model: Model, field: string): void => {
  const manager = gitOpsOf(model)
  if (!manager) return
  const when = manager.tool === 'Helm' ? 'its next upgrade may set' : 'its next sync sets'
  note(
    `${noteStyle('yellow', 'warning:')} ${gitOpsName(manager)} manages ${model.metadata.name}: ${when} ${field} back. Change it in its repository too.`,
  )
}
