/** Names of the metrics that dashboards, autoscalers and tests rely on. Seconds and bytes, as Prometheus advises. */
export const serverMetrics = {
  requests: 'gantry_requests_total',
  errors: 'gantry_request_errors_total',
  copies: 'gantry_shadow_copies_total',
  requestDuration: 'gantry_request_duration_seconds',
  queueDuration: 'gantry_queue_duration_seconds',
  inferDuration: 'gantry_infer_duration_seconds',
  preprocessDuration: 'gantry_preprocess_duration_seconds',
  postprocessDuration: 'gantry_postprocess_duration_seconds',
  batchRows: 'gantry_batch_rows',
  tokens: 'gantry_tokens_total',
  timeToFirstToken: 'gantry_time_to_first_token_seconds',
  timePerOutputToken: 'gantry_time_per_output_token_seconds',
  queueLength: 'gantry_queue_length',
  inFlight: 'gantry_requests_in_flight',
  modelInfo: 'gantry_model_info',
  explanations: 'gantry_explanations_total',
  explanationDuration: 'gantry_explanation_duration_seconds',
  evaluations: 'gantry_explanation_evaluations_total',
  drift: 'gantry_drift',
  driftSamples: 'gantry_drift_samples',
  driftFeatures: 'gantry_drift_features',
  driftUnusable: 'gantry_drift_reference_unusable',
  requestLogLines: 'gantry_request_log_lines_total',
  requestLogDropped: 'gantry_request_log_dropped_total',
  traceSpans: 'gantry_trace_spans_total',
  traceSpansDropped: 'gantry_trace_spans_dropped_total',
} as const

/** Metrics of single pods that the operator serves to autoscalers as custom.metrics.k8s.io. */
export const scalingMetrics = {
  queueLength: serverMetrics.queueLength,
  inFlight: serverMetrics.inFlight,
  requestsPerSecond: 'gantry_requests_per_second',
  tokensPerSecond: 'gantry_tokens_per_second',
} as const

export const operatorMetrics = {
  reconciles: 'gantry_operator_reconciles_total',
  reconcileDuration: 'gantry_operator_reconcile_duration_seconds',
  queueLength: 'gantry_operator_queue_length',
  writes: 'gantry_operator_api_writes_total',
  leader: 'gantry_operator_leader',
  models: 'gantry_operator_models',
  evaluations: 'gantry_operator_evaluations',
  managedElsewhere: 'gantry_operator_managed_elsewhere',
  requests: 'gantry_operator_api_requests_total',
  watchRestarts: 'gantry_operator_watch_restarts_total',
  fleetRollPaused: 'gantry_operator_fleet_roll_paused',
  fleetWaiting: 'gantry_operator_fleet_waiting_models',
  watchContactAge: 'gantry_operator_watch_contact_age_seconds',
} as const

/** What models cost, by the operator's price sheet. The operator's leader has them. */
export const costMetrics = {
  hourly: 'gantry_hourly_cost',
  idle: 'gantry_idle_hourly_cost',
  perThousand: 'gantry_cost_per_1k_inferences',
  namespace: 'gantry_namespace_hourly_cost',
  budget: 'gantry_hourly_budget',
} as const

/** What a gateway counts of each model and track. */
export const gatewayMetrics = {
  requests: 'gantry_gateway_requests_total',
  requestDuration: 'gantry_gateway_request_duration_seconds',
  inFlight: 'gantry_gateway_requests_in_flight',
  retries: 'gantry_gateway_retries_total',
  ejections: 'gantry_gateway_ejections_total',
  unserved: 'gantry_gateway_unserved_requests_total',
  endpoints: 'gantry_gateway_endpoints',
  refused: 'gantry_gateway_refused_requests_total',
  shadow: 'gantry_gateway_shadow_requests_total',
  held: 'gantry_gateway_held_requests',
  wake: 'gantry_wake_seconds',
  modelPorts: 'gantry_gateway_model_ports',
  configServed: 'gantry_gateway_config_served',
} as const
