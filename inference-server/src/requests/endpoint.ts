/** Which door a request came through. */
export type Endpoint =
  | 'infer'
  | 'predict'
  | 'chat'
  | 'analyze'
  | 'completions'
  | 'chat/completions'
  | 'embeddings'
  | 'grpc'
