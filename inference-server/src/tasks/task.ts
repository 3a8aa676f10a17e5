import type { ModelFiles } from '../model.ts'
import type { NamedTensors } from '../tensor.ts'

/** One item as a person has it, before it becomes tensors. */
export type TaskInput =
  | { readonly kind: 'text'; readonly text: string }
  /** An encoded picture: PNG, JPEG, WebP, GIF or TIFF. */
  | { readonly kind: 'image'; readonly bytes: Uint8Array }

/** What a task reads of a model folder before a session exists. */
export type TaskFiles = Pick<ModelFiles, 'dir' | 'labels' | 'config' | 'preprocessorConfig'>

/** What both classification tasks answer. */
export interface Classification {
  /** Name of the likeliest class; 未知 where the labels do not reach. */
  readonly label: string
  /** Its probability. */
  readonly score: number
  /** Softmax over all classes, in the order of the model's output. */
  readonly probabilities: Float32Array
  /** Class names in the same order, as many as there are probabilities. */
  readonly labels: readonly string[]
}

/** A task made ready for one model. */
export interface LoadedTask {
  /** What one item has to be. */
  readonly accepts: TaskInput['kind']
  /**
   * Item -> the model's input tensors, one row each: first axis 1.
   * @throws Failure when the item cannot be read
   */
  readonly preprocess: (input: TaskInput) => Promise<NamedTensors> | NamedTensors
  /** The model's output tensors for n rows -> one result per row, in order. */
  readonly postprocess: (outputs: NamedTensors) => readonly Classification[]
  /** Input tensors of one plain item: what a warm-up runs. */
  readonly warmup: () => Promise<NamedTensors> | NamedTensors
}
