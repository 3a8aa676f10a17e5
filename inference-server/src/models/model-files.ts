/** What the folder of a model says, for all code that serves it. */
import type { Task } from '@gantry/contract/server.ts'
import type { ClassNames } from '../onnx/class-names.ts'
import type { OnnxSummary } from '../onnx/onnx-file.ts'
import type { Signature } from '../tensors/tensor.ts'

/** Parsed config.json or preprocessor_config.json of a Hugging Face model folder; {} where the file is missing. */
export type ModelConfig = Readonly<Record<string, unknown>>

/** What the folder of a model says before its graph is loaded. */
export interface ModelFiles {
  /** Absolute. */
  readonly dir: string
  /** Name in URLs. */
  readonly name: string
  readonly task: Task
  /** What the user can do where the task is not known; part of a message. */
  readonly taskHint?: string
  /** What nothing in the folder says and the task takes for granted; sentences without a full stop. */
  readonly assumptions?: readonly string[]
  readonly version: string
  /** Class names in output order from the settings; without them the tasks read files of the folder. */
  readonly labels?: readonly string[]
  /** Reply template per category, `default` for all others. */
  readonly responses?: Readonly<Record<string, string>>
  readonly config: ModelConfig
  readonly preprocessorConfig: ModelConfig
  /** Absolute path of the graph. */
  readonly onnxPath: string
  /** Absolute path of the encoder's graph, where `onnxPath` is a decoder with cross-attention. */
  readonly encoderPath?: string
  /** Summary of the graph's operators and outputs. */
  readonly graph?: GraphSummary
  /** Names of the classes that an output has a column for, by output, where the graph says them. */
  readonly classes?: ReadonlyMap<string, ClassNames>
}

/** The parts of a graph's summary that decide how a task reads its outputs. */
export type GraphSummary = Pick<OnnxSummary, 'operators' | 'endings'>

/** A model folder whose graph has been loaded. */
export type ModelFolder = ModelFiles & Signature

/** What a task reads of a model folder before a session exists. */
export type TaskFiles = Pick<ModelFiles, 'dir' | 'labels' | 'config' | 'preprocessorConfig' | 'graph'> & {
  /** Ends the processes that the task has started. */
  readonly signal?: AbortSignal
  /** Tells the operators of the server something about the model: it is logged. */
  readonly notice?: (message: string, reason: string) => void
}
