/** Shortcuts through a loaded task. */
import type { Members } from '../requests/members.ts'
import type { LoadedTask } from '../tasks/task.ts'
import type { NamedTensors } from '../tensors/tensor.ts'

/** Input tensors of an item that makes one row. */
export const firstRow = async (task: LoadedTask, members: Members): Promise<NamedTensors> => {
  const { rows } = await task.read(members, (name) => name)()
  return rows[0] as NamedTensors
}
