/** What an installation gives every pod that the operator makes. */
import type { ImportConfig } from './import-config.ts'

export const pullPolicies = ['Always', 'IfNotPresent', 'Never'] as const

export interface PodConfig {
  /** Image of the inference server; it also imports and evaluates. */
  readonly serverImage: string
  /** Image of the optimizer, which runs in init containers of optimizations. */
  readonly optimizerImage: string
  /** The same with PyTorch, for recipes that train; undefined where the installation has none. */
  readonly trainerImage?: string | undefined
  /** The same with the libraries of the formats that are exported; undefined where the installation has none. */
  readonly exporterImage?: string | undefined
  readonly pullPolicy: (typeof pullPolicies)[number]
  /** Names of Secrets in the namespace of the pod. */
  readonly imagePullSecrets: readonly string[]
  /** Whether credentials of a source may be sent over http. */
  readonly allowHttpCredentials: boolean
  /** Whether sources may have addresses of private networks, as most stores of a cluster have. */
  readonly allowPrivateSources: boolean
  readonly imports: ImportConfig
}
