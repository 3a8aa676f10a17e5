import type { Task } from '@gantry/contract/server.ts'
import type { LoadedTask, Signature, TaskFolder } from './task.ts'

/**
 * Makes a task ready for one model; its files load only when they are needed and while the session still loads.
 * @param signature of the session; a promise, so that tokenizer and session load at the same time
 * @returns undefined for `tensor`, which passes raw tensors through
 * @throws TaskLoadError when the folder does not fit the task
 */
export const loadTask = async (
  task: Task,
  folder: TaskFolder,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask | undefined> => {
  switch (task) {
    case 'tensor':
      return undefined
    case 'text-classification':
      return (await import('./text-classification.ts')).textClassification(folder, signature)
    case 'image-classification':
      return (await import('./image-classification.ts')).imageClassification(folder, signature)
  }
}
