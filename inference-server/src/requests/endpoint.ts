/** The endpoint of a request, over HTTP and gRPC. */
export type Endpoint =
  | 'infer'
  | 'predict'
  | 'chat'
  | 'analyze'
  | 'completions'
  | 'chat/completions'
  | 'embeddings'
  | 'grpc'
