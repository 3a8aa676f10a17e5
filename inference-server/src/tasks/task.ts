import type { Tensor } from '../tensor.ts'

/** Tensors by the name of the model's input or output; the first axis counts rows. */
export type NamedTensors = Readonly<Record<string, Tensor>>

/** One item as a person has it, before it becomes tensors. */
export type TaskInput =
  | { readonly kind: 'text'; readonly text: string }
  /** An encoded picture: PNG, JPEG, WebP, GIF or TIFF. */
  | { readonly kind: 'image'; readonly bytes: Uint8Array }

/** A model input or output: Open Inference Protocol datatype, and shape with -1 for a free axis. */
export interface TensorInfo {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
}

/** What the session says about the model's inputs and outputs. */
export interface Signature {
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
}

/** What a task reads of a model folder before a session exists. */
export interface TaskFolder {
  /** Absolute path of the version's folder. */
  readonly dir: string
  /** Class names given by the settings; labels.json, then config.json answer where there are none. */
  readonly labels?: readonly string[]
  /** Parsed config.json; `{}` where the folder has none. */
  readonly config: Readonly<Record<string, unknown>>
  /** Parsed preprocessor_config.json, where the folder has one. */
  readonly preprocessorConfig?: Readonly<Record<string, unknown>>
}

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
   * @throws InputError when the item cannot be read
   */
  readonly preprocess: (input: TaskInput) => Promise<NamedTensors> | NamedTensors
  /** The model's output tensors for n rows -> one result per row, in order. */
  readonly postprocess: (outputs: NamedTensors) => readonly Classification[]
  /** Input tensors of one plain item: what a warm-up runs. */
  readonly warmup: () => Promise<NamedTensors> | NamedTensors
}

/** How an item can be wrong; the server answers 400, 413, 415 or 422. */
export type InputProblem = 'malformed' | 'too-large' | 'unsupported-media' | 'invalid'

/** The caller's item cannot be used. Its message is a sentence for the caller. */
export class InputError extends Error {
  readonly problem: InputProblem
  /** Name of the field that is wrong, where there is one. */
  readonly field: string | undefined

  constructor(problem: InputProblem, message: string, field?: string) {
    super(message)
    this.name = 'InputError'
    this.problem = problem
    this.field = field
  }
}

/** The model folder does not fit its task. Its message is a sentence for whoever owns the model. */
export class TaskLoadError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TaskLoadError'
  }
}
