import type { Task } from '@gantry/contract/server.ts'
import { StartError } from '../failures/errors.ts'
import type { GeneratorOptions } from '../generation/generator.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { EncodedSignature } from './encoder-decoder.ts'
import type { LoadedTask } from './task.ts'

const needed = <Writing>(writing: Writing | undefined): Writing => {
  if (writing) return writing
  throw new Error('a task that writes texts needs workers to write them')
}

const taskOf = async (
  task: Task,
  files: TaskFiles,
  signature: Promise<EncodedSignature> | EncodedSignature,
  writing?: Omit<GeneratorOptions, 'decode'>,
): Promise<LoadedTask | undefined> => {
  switch (task) {
    case 'tensor':
      return undefined
    case 'text-classification':
      return (await import('./text-classification.ts')).textClassification(files, signature)
    case 'image-classification':
      return (await import('./image-classification.ts')).imageClassification(files, signature)
    case 'text-generation':
    case 'code-generation':
      return (await import('./text-generation.ts')).textGeneration(files, signature, needed(writing))
    case 'translation':
      return (await import('./translation.ts')).translation(files, signature, needed(writing))
    case 'image-to-text':
      return (await import('./image-to-text.ts')).imageToText(files, signature, needed(writing))
    case 'token-classification':
      return (await import('./token-classification.ts')).tokenClassification(files, signature)
    case 'question-answering':
      return (await import('./question-answering.ts')).questionAnswering(files, signature)
    case 'feature-extraction':
      return (await import('./feature-extraction.ts')).featureExtraction(files, signature)
    case 'zero-shot-classification':
      return (await import('./zero-shot-classification.ts')).zeroShotClassification(files, signature)
    case 'fill-mask':
      return (await import('./fill-mask.ts')).fillMask(files, signature)
    case 'zero-shot-image-classification':
      return (await import('./zero-shot-image-classification.ts')).zeroShotImageClassification(
        files,
        signature,
      )
  }
}

/**
 * Makes a task ready for one model; its code and files load only where they are needed, and while the session loads.
 * @param signature of the session; as a promise, so that tokenizer and session load at the same time
 * @param writing what tasks that write texts do so with
 * @returns undefined for `tensor`, which passes raw tensors through
 * @throws StartError when the folder does not fit the task
 */
export const loadTask = async (...args: Parameters<typeof taskOf>): Promise<LoadedTask | undefined> => {
  try {
    return await taskOf(...args)
  } catch (error) {
    if (error instanceof StartError) throw error
    // Files of strangers can say anything, and the libraries that read them check little of it.
    const [task] = args
    throw new StartError(
      `the files beside the model do not fit task ${task}: ${(error as Error).message}; save tokenizer and configuration again`,
      1,
      { cause: error },
    )
  }
}
