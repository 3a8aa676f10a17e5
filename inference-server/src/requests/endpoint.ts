/** The endpoint of a request, over HTTP and gRPC. */
export type Endpoint =
  | 'infer'
  | 'predict'
  | 'chat'
  | 'analyze'
  | 'explain'
  | 'completions'
  | 'chat/completions'
  | 'embeddings'
  | 'grpc'
