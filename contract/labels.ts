/** Labels and annotations on everything the operator owns. */
import type { Track } from './documents.gen.ts'

export const group = 'gantry.dev'
export const apiVersion = 'gantry.dev/v1alpha1'
export const kind = 'ModelDeployment'
export const plural = 'modeldeployments'

export const labels = {
  managedBy: 'app.kubernetes.io/managed-by',
  /** Value of managedBy, and the field manager of server-side apply. */
  manager: 'gantry',
  name: 'app.kubernetes.io/name',
  component: 'app.kubernetes.io/component',
  /** Name of the ModelDeployment. */
  model: 'gantry.dev/model',
  /** Name of the ModelEvaluation. */
  evaluation: 'gantry.dev/evaluation',
  /** Id of the version that a pod serves. */
  version: 'gantry.dev/version',
  /** Which of a model's Deployments a pod belongs to. */
  track: 'gantry.dev/track',
  /** Label of a namespace whose pods may call models of other namespaces. */
  client: 'gantry.dev/client',
} as const

/** Label selector of the gateway's pods, in the namespace of the installation. */
export const gatewaySelector = `${labels.component}=gateway`

/** Label selector of everything that belongs to a model. */
export const modelSelector = (name: string): string => `${labels.model}=${name}`

/** The Deployments that a model has. Their selectors tell them apart by the label `track`. */
export type { Track }

export const deploymentName = (model: string, track: Track): string => `${model}-${track}`

export const components = {
  server: 'inference-server',
  import: 'import',
  optimize: 'optimize',
  evaluate: 'evaluate',
} as const

/** Label selector of the pods that serve a model. */
export const serverSelector = (name: string): string =>
  `${modelSelector(name)},${labels.component}=${components.server}`
