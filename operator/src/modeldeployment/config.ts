/** What a pass needs to know of the installation. */
import type { EvaluatingConfig } from '../evaluating/config.ts'
import type { PodTemplateAllow } from './pod-template-allow.ts'

/** Where the serving pods send their traces. */
export interface TracingConfig {
  /** Address of an OTLP/HTTP collector, without /v1/traces. */
  readonly endpoint: string
  /** Share of the traces that begin with the model, from 0 to 1. */
  readonly sampleRate: number
}

export interface ReconcileConfig extends EvaluatingConfig {
  readonly allowFileSources: boolean
  readonly tracing: TracingConfig | undefined
  /** What spec.serve.podTemplate may set. */
  readonly podTemplate: PodTemplateAllow
  /** Most pods of one model. */
  readonly maxReplicas: number
  /** How many models at a time may take a change of the operator's own, and how many may fail at that before the others wait. */
  readonly fleet: { readonly maxModels: number; readonly maxFailed: number }
  /** TriggerAuthentications that spec.autoscaling.keda may name; `cluster/NAME` for ClusterTriggerAuthentications, `*` for all. */
  readonly triggerAuthentications: readonly string[]
  /** Where the operator runs, and where its Lease is. */
  readonly operatorNamespace: string
}
