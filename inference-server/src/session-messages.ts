/** What the pool and its worker threads say to each other. */
import type { Accelerator, Device } from '@gantry/contract/server.ts'
import type { Progress, Writing } from './generation/decoding.ts'
import type { NamedTensors, Signature } from './tensor.ts'

/** Given to a worker when it starts. */
export interface SessionOptions {
  /** Absolute path of the graph. */
  readonly onnxPath: string
  /** Absolute path of the graph that reads what the first one writes about. */
  readonly encoderPath?: string
  readonly device: Device
  /** Intra-op threads of one run. */
  readonly threads: number
}

/** What a session turned out to be. */
export interface LoadedSession extends Signature {
  /** Of the encoder, where there is one. */
  readonly encoder?: Signature
  readonly active: Accelerator
  /** Why the session is not on the device that was wished for. */
  readonly reason?: string
}

export type ToWorker =
  | { readonly kind: 'run'; readonly id: number; readonly inputs: NamedTensors }
  /** A text to write, beside the others. Answered by `wrote`, until the row's ending or failure. */
  | { readonly kind: 'write'; readonly writing: Writing }
  /** Nobody waits for this text any more. */
  | { readonly kind: 'leave'; readonly id: number }
  /** End as soon as what came before is done. */
  | { readonly kind: 'close' }

export type FromWorker =
  | { readonly kind: 'loaded'; readonly session: LoadedSession }
  | { readonly kind: 'load-failed'; readonly message: string }
  | { readonly kind: 'ran'; readonly id: number; readonly outputs: NamedTensors; readonly inferMs: number }
  | { readonly kind: 'run-failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'wrote'; readonly progress: readonly Progress[] }
