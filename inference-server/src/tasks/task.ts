import type { Generator } from '../generation/generator.ts'
import type { TextModel } from '../generation/text-model.ts'
import type { Caller } from '../requests/caller.ts'
import type { Members, PathOf } from '../requests/members.ts'
import type { NamedTensors, TensorSpec } from '../tensors/tensor.ts'
import type { PictureView } from './picture/picture-input.ts'

/** What both classification tasks find. */
export interface Classification {
  /** Name of the likeliest class; 未知 where an index is left out between the labels. */
  readonly label: string
  /** Its probability. */
  readonly score: number
  /** Probabilities of all classes, in the order of the model's output; they add up to 1 unless several classes may hold. */
  readonly probabilities: Float32Array
  /** Class names in the same order, as many as there are probabilities. */
  readonly labels: readonly string[]
}

/** What a task found in one item. */
export interface TaskResult {
  /** The result as /predict answers it, for JSON. */
  readonly answer: () => unknown
  /** The result as the Open Inference Protocol answers it: the outputs that the task names, one row each. */
  readonly tensors: () => NamedTensors
  /** Set by tasks that serve /chat and /analyze. */
  readonly classification?: Classification
}

/** An item made ready to run. */
export interface Prepared {
  /** The model's input tensors, one row each: first axis 1, except where a model takes rows only together. */
  readonly rows: readonly NamedTensors[]
  /** How many tokens the model reads, where it reads any; padding does not count. */
  readonly tokens?: number
  /** How many pixels its picture had. */
  readonly pixels?: number
  /** Where the numbers of a picture come from; set by tasks whose answers are explained. */
  readonly view?: PictureView
  /** How large its result is, where a parameter makes it many times as large as the item. */
  readonly answer?: {
    /** Bytes as JSON, about. */
    readonly bytes: number
    /** Name of the parameter in the request. */
    readonly field: string
  }
  /** The model's output tensors for each of the rows, in order, which are gone afterwards -> the result. */
  readonly postprocess: (outputs: readonly NamedTensors[]) => Promise<TaskResult> | TaskResult
  /** Generates the text, token by token, before `postprocess`; only for tasks that generate text. */
  readonly write?: (caller: Caller) => Promise<void>
}

/** An item that has been read and checked, and waits for its tensors. @throws Failure when a file is broken */
export type TaskItem = () => Promise<Prepared> | Prepared

/** A tensor that a task answers with; the first axis counts the items, -1 is any length. */
export type TaskOutput = Pick<TensorSpec, 'name' | 'datatype' | 'shape'>

/** A task made ready for one model. */
export interface LoadedTask {
  /** What makes up an item, the main member first: texts, or `image` for an encoded picture. */
  readonly fields: readonly string[]
  /** Lists of texts beside them, which the items of a request share. */
  readonly lists: readonly string[]
  /** Numbers, switches and names that a request may set. */
  readonly parameters: readonly string[]
  /** The model's output that has a score for each class, float [rows, classes]; set by tasks that rank the model's own classes. */
  readonly classOutput?: string
  /** The endpoint besides /predict that speaks for this task. */
  readonly endpoint: 'chat' | 'analyze' | undefined
  /** The tensors that `TaskResult.tensors` gives, stacked over the items. */
  readonly outputs: readonly TaskOutput[]
  /** @throws Failure naming the member that is missing or wrong */
  readonly read: (members: Members, pathOf: PathOf) => TaskItem
  /**
   * Reads a text that the caller has cut into tokens of the model, without its special ones.
   * @param field its name, for the error @throws Failure for a number that is no token
   */
  readonly readTokens?: (ids: readonly number[], field: string) => TaskItem
  /** Text of the token that stands for a hidden word, where the tokenizer has one; set by tasks that weigh texts. */
  readonly maskText?: string | undefined
  /** Set by tasks that generate text. */
  readonly generator?: Generator
  /** Set by tasks that continue the caller's text. */
  readonly textModel?: TextModel
  /** Input tensors of one plain item: what a warm-up runs. */
  readonly warmup: () => Promise<NamedTensors> | NamedTensors
  /** What only its outputs tell. @throws StartError when the folder does not fit them */
  readonly checkWarmup?: (outputs: NamedTensors) => void
}
