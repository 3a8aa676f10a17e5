/** What the pool and its worker threads say to each other. */
import type { Accelerator, Device } from '@gantry/contract/server.ts'
import type { SentFolder } from '../sealing/sealed-folders.ts'
import type { NamedTensors, Signature } from '../tensors/tensor.ts'
import type { WritingSettings } from './writing-settings.ts'

/** Given to a worker when it starts. */
export interface SessionOptions {
  /** Absolute path of the graph. */
  readonly onnxPath: string
  /** Absolute path of the graph that reads what the first one writes about. */
  readonly encoderPath?: string
  /** The folder of the graphs, where its files are encrypted. */
  readonly sealed?: SentFolder | undefined
  readonly device: Device
  /** Intra-op threads of one run. */
  readonly threads: number
  /** Most tokens in the caches of the texts that are written side by side; default is what fits in a share of the memory. */
  readonly maxTokens?: number
}

/** What a session turned out to be. */
export interface LoadedSession extends Signature {
  /** Signature of the encoder, where there is one. */
  readonly encoder?: Signature
  readonly active: Accelerator
  /** Why the session is not on the device that was wished for. */
  readonly reason?: string
}

/** A text to write. */
export interface Writing {
  readonly id: number
  /** Token ids of the prompt; at least one. */
  readonly promptIds: readonly number[]
  readonly settings: WritingSettings
  /** What an encoder reads before: its inputs, one row. */
  readonly source?: NamedTensors
}

/** A row came to its end, or to its limit. */
export type Ending = 'eos' | 'length'

/** What a step did to one row. */
export type Progress =
  | { readonly id: number; readonly token: number; readonly ending?: Ending }
  /** Its beams went on, and no token is certain yet. */
  | { readonly id: number; readonly searching: true }
  | { readonly id: number; readonly failure: string }

export type ToWorker =
  /** `rows`: how many independent rows the inputs are; without it they have to stay together. */
  | { readonly kind: 'run'; readonly id: number; readonly inputs: NamedTensors; readonly rows?: number }
  /** A text to write, beside the others. Answered by `wrote`, until the row's ending or failure. */
  | { readonly kind: 'write'; readonly writing: Writing }
  /** Cancels the text. */
  | { readonly kind: 'leave'; readonly id: number }
  /** End as soon as what came before is done. */
  | { readonly kind: 'close' }

export type FromWorker =
  | { readonly kind: 'loaded'; readonly session: LoadedSession }
  | { readonly kind: 'load-failed'; readonly message: string }
  | {
      readonly kind: 'ran'
      readonly id: number
      readonly outputs: NamedTensors
      readonly inferMs: number
      /** Rows that fit in no memory, of which the outputs have none. */
      readonly lost?: { readonly rows: readonly number[]; readonly message: string }
    }
  /** `memory`: no row of it fits in the memory there is. */
  | { readonly kind: 'run-failed'; readonly id: number; readonly message: string; readonly memory?: true }
  /** Memory ran short; from now on a run has at most so many rows of the size it had. */
  | { readonly kind: 'cut'; readonly rows: number; readonly message: string }
  /** Memory ran out on the GPU; the CPU runs everything from now on. */
  | { readonly kind: 'moved'; readonly reason: string }
  /** The session fails on what it could do before; the thread ends. */
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'wrote'; readonly progress: readonly Progress[] }
