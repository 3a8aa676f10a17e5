/** Kinds of failure of one request that the inference server and the gateway both answer with, and their HTTP statuses. */
export const sharedFailureStatuses = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'unknown-model': 404,
  'unknown-path': 404,
  'method-not-allowed': 405,
  'too-large': 413,
  'not-implemented': 501,
  unavailable: 503,
  timeout: 504,
} as const

/** Kinds of failure of the inference server. The kind is the label of its error metric; its status is decided here and nowhere else. */
export const failureStatuses = {
  ...sharedFailureStatuses,
  'unsupported-media-type': 415,
  invalid: 422,
  'queue-full': 429,
  'inference-failed': 500,
  internal: 500,
  'out-of-memory': 503,
  'bodies-full': 503,
  /** The client has closed the connection and reads no response; 499 is nginx's status, used for the metric only. */
  cancelled: 499,
} as const
