/** Answer to GET /stats: the metrics as one small object, for people and scripts without a Prometheus. */
export interface Stats {
  /** Inference requests since the start, failed ones included. */
  readonly request_count: number
  /** Mean of the answered ones, from body to answer, in seconds; 0 before the first. */
  readonly avg_response_time: number
  /** Units of the members whose names do not say them. */
  readonly units: { readonly avg_response_time: 'seconds'; readonly error_rate: 'share' }
  /** Share of the requests that failed, from 0 to 1, faults of callers included and cancelled requests not. 0 before the first. */
  readonly error_rate: number
  /** How many failed, by kind. */
  readonly errors: Readonly<Record<string, number>>
  /** Requests that wait at this moment. */
  readonly queue_length: number
  readonly uptime_seconds: number
}
