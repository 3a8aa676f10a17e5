/** The resource type of our kind, and those that the operator owns for it. */
import type { Resource } from '@gantry/kube/objects.ts'
import { ConfigMap, Job, NetworkPolicy, resource, ServiceAccount } from '@gantry/kube/resources.ts'

export const ModelEvaluation = resource('gantry.dev/v1alpha1', 'ModelEvaluation', 'modelevaluations')

/** The kinds the operator writes for an evaluation, in the order it applies them: what a later one refers to comes first. */
export const owned: readonly Resource[] = Object.freeze([ServiceAccount, ConfigMap, NetworkPolicy, Job])
