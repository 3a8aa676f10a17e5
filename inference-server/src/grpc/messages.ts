/**
 * Messages of open_inference.proto. A ModelInferRequest comes from infer-request.ts, the others as @grpc/proto-loader gives
 * them: 64-bit integers as decimal text, bytes as Buffer.
 */

/** Each list is in memory of its own. */
export interface TensorContents {
  /** 0 or 1. */
  readonly bool_contents?: Uint8Array<ArrayBuffer>
  readonly int_contents?: Int32Array<ArrayBuffer>
  readonly int64_contents?: BigInt64Array<ArrayBuffer>
  readonly uint_contents?: Uint32Array<ArrayBuffer>
  readonly uint64_contents?: BigUint64Array<ArrayBuffer>
  readonly fp32_contents?: Float32Array<ArrayBuffer>
  readonly fp64_contents?: Float64Array<ArrayBuffer>
  readonly bytes_contents?: readonly Uint8Array[]
}

export interface InferInputTensor {
  readonly name?: string
  readonly datatype?: string
  /** Not exact beyond 2^53. */
  readonly shape?: readonly number[]
  readonly contents?: TensorContents
}

/** A parameter; exactly one of the members is set. */
export interface InferParameter {
  readonly bool_param?: boolean
  readonly int64_param?: string
  readonly string_param?: string
  readonly double_param?: number
  readonly uint64_param?: string
}

export interface ModelInferRequest {
  readonly model_name?: string
  readonly model_version?: string
  readonly id?: string
  readonly parameters?: Readonly<Record<string, InferParameter>>
  readonly inputs?: readonly InferInputTensor[]
  readonly outputs?: readonly { readonly name?: string }[]
  readonly raw_input_contents?: readonly Buffer[]
}

export interface InferOutputTensor {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
}

export interface ModelInferResponse {
  readonly model_name: string
  readonly model_version: string
  readonly id: string
  readonly parameters?: Readonly<Record<string, InferParameter>>
  readonly outputs: readonly InferOutputTensor[]
  readonly raw_output_contents: readonly Uint8Array[]
}

/** An answer, or why there is none; then the answer only says to which request. */
export interface ModelStreamInferResponse {
  readonly error_message?: string
  readonly infer_response: ModelInferResponse
}

export interface RepositoryIndexRequest {
  readonly ready?: boolean
}

/** Request of RepositoryModelLoad and RepositoryModelUnload. */
export interface RepositoryChangeRequest {
  readonly model_name?: string
  readonly parameters?: Readonly<Record<string, InferParameter>>
}

/** Request of ModelReady and ModelMetadata. */
export interface ModelRequest {
  readonly name?: string
  readonly version?: string
}
