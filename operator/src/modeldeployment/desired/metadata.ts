import { components, labels, type Track } from '@gantry/contract/labels.ts'
import { rolloutAnnotation } from '@gantry/contract/rollout.ts'
import { identityBy } from '../../pods/identity.ts'
import type { ModelDeployment } from '../model-deployment.ts'

export const annotations = {
  /** Annotation of an import or optimize Job: the revision that it makes. */
  revision: 'gantry.dev/revision',
  /** Annotation of an optimize Job: id of the version that it begins from. */
  parent: 'gantry.dev/parent',
  /** Annotation of an evaluate Job: id of the version that serves, measured beside it. */
  comparedVersion: 'gantry.dev/compared-version',
  /** Annotation of an evaluate Job: id of the version that it measures. */
  measuredVersion: 'gantry.dev/measured-version',
  /** Annotation of an evaluate Job: hash of what is asked, and hash of what it is measured with. */
  measurement: 'gantry.dev/measurement',
  /** Annotation of an evaluate Job: the metric that counts as accuracy. */
  metric: 'gantry.dev/metric',
  /** Annotation of a ModelDeployment: what a user asks of its rollout, ACTION@VERSION. */
  rollout: rolloutAnnotation,
  /** Annotation of a Deployment: what sets its replicas. */
  scaledBy: 'gantry.dev/scaled-by',
  /** Annotation of a Deployment: how many pods it takes over from the one without a track, or gets back from a canary. */
  takesOver: 'gantry.dev/takes-over',
} as const

/** Labels and owner of all that belongs to a model. */
export const { selectorLabels, allLabels, identity } = identityBy(labels.model)

export const servingPods = (model: ModelDeployment): Readonly<Record<string, string>> =>
  selectorLabels(model, components.server)

/** The pods of one Deployment. Service, budget and network policy select those of all. */
export const trackPods = (model: ModelDeployment, track: Track): Readonly<Record<string, string>> => ({
  ...servingPods(model),
  [labels.track]: track,
})

export const evaluatePods = (model: ModelDeployment): Readonly<Record<string, string>> =>
  selectorLabels(model, components.evaluate)

export const optimizePods = (model: ModelDeployment): Readonly<Record<string, string>> =>
  selectorLabels(model, components.optimize)

export const importPods = (model: ModelDeployment): Readonly<Record<string, string>> =>
  selectorLabels(model, components.import)
