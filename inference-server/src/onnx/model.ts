/** A whole number of 64 bits: a bigint where a double would not be exact. */
export type WholeNumber = number | bigint

/** TensorProto.DataType of the types that the server's rules name. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const

/** Elements of a small tensor: the bytes of raw_data, or the numbers of a typed field. */
export type TensorContent =
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }
  | { readonly kind: 'numbers'; readonly numbers: readonly WholeNumber[] }

/** TensorProto. */
export interface OnnxTensor {
  readonly name: string
  readonly dims: readonly number[]
  /** TensorProto.DataType; 0 where the file says none. */
  readonly elementType: number
  /** Undefined where it was not read: more than 1024 elements, external, or of strings. */
  readonly content: TensorContent | undefined
}

/** SparseTensorProto, without its values. */
export interface OnnxSparseTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly elementType: number
}

/** What an attribute holds. Texts are bytes, as the file has them. */
export type AttributeValue =
  | { readonly kind: 'int'; readonly value: WholeNumber }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: Buffer }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'ints'; readonly value: readonly WholeNumber[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly Buffer[] }
  | { readonly kind: 'graphs'; readonly value: readonly OnnxGraph[] }
  /** The value of the attribute with this name of the function around the node. */
  | { readonly kind: 'reference'; readonly value: string }
  /** A list of more than a few MiB (the nodes of large tree ensembles), a list of tensors, a sparse tensor or a type. */
  | { readonly kind: 'unread' }

/** AttributeProto. */
export type OnnxAttribute = AttributeValue & { readonly name: string }

/** NodeProto. */
export interface OnnxNode {
  readonly name: string
  readonly operator: string
  /** '' is ONNX's own domain, which files may also call ai.onnx. */
  readonly domain: string
  readonly overload: string
  /** '' where an optional one is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: readonly OnnxAttribute[]
}

/** Length of an axis, or the name it has in the file, or neither. */
export interface Dimension {
  readonly length: number | undefined
  readonly name: string | undefined
}

/** TypeProto. */
export type OnnxType =
  | {
      readonly kind: 'tensor'
      readonly elementType: number
      /** Undefined where not even the rank is declared. */
      readonly shape: readonly Dimension[] | undefined
    }
  | { readonly kind: 'sequence'; readonly element: OnnxType }
  | { readonly kind: 'map' }
  /** Optional, sparse and opaque types, and values without a type. */
  | { readonly kind: 'other' }

/** ValueInfoProto. */
export interface OnnxValue {
  readonly name: string
  readonly type: OnnxType
}

/** GraphProto. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  readonly sparseInitializers: readonly OnnxSparseTensor[]
  /** Inputs of the graph; those that only name an initializer are among them. */
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

/** FunctionProto: an operator that the file defines by a graph. */
export interface OnnxFunction {
  readonly name: string
  readonly domain: string
  readonly overload: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Values of attributes that a node may leave out. */
  readonly defaults: readonly OnnxAttribute[]
  readonly nodes: readonly OnnxNode[]
  readonly opsets: ReadonlyMap<string, number>
}

/** ModelProto, weights left out. */
export interface OnnxModel {
  /** Version by domain; '' is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>
  readonly functions: readonly OnnxFunction[]
  readonly graph: OnnxGraph
}
