import { labels } from '@gantry/contract/labels.ts'
import { operatorMetrics } from '@gantry/contract/metrics.ts'
import {
  ConfigMap,
  Deployment,
  EndpointSlice,
  GRPCRoute,
  HorizontalPodAutoscaler,
  HTTPRoute,
  Job,
  NetworkPolicy,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  ScaledObject,
  Service,
  ServiceAccount,
} from '@gantry/kube/resources.ts'
import type { Kind } from '../runtime/kind.ts'
import { announcements } from './announcements.ts'
import { volumeNotEnlarged } from './checks/volume.ts'
import { handOverReplicas, needsHandover } from './handover.ts'
import type { ModelDeployment } from './model-deployment.ts'
import {
  ModelDeployment as modelDeployments,
  ModelEvaluation as modelEvaluations,
  owned,
} from './resources.ts'
import { toleranceDropped, toleranceUnknown } from './scaling/tolerance.ts'
import { modelsOf } from './winner.ts'

/** ModelDeployment, as the runtime has to know it. */
export const modelDeploymentKind: Kind = {
  resource: modelDeployments,
  label: labels.model,
  owned,
  optional: [ScaledObject, HTTPRoute, GRPCRoute],
  watched: [ReplicaSet, Pod],
  related: [{ resource: modelEvaluations, keysOf: modelsOf }],
  needs: new Map([
    // A Service without a selector and without slices leads nowhere.
    [Service, [EndpointSlice]],
    [Job, [ServiceAccount, PersistentVolumeClaim, NetworkPolicy]],
    [Deployment, [ServiceAccount, PersistentVolumeClaim, NetworkPolicy, ConfigMap]],
    [HorizontalPodAutoscaler, [Deployment]],
    [ScaledObject, [Deployment]],
    [HTTPRoute, [Service]],
    [GRPCRoute, [Service]],
  ]),
  preparation: (subject, desired, live) =>
    needsHandover(subject as ModelDeployment, desired, live)
      ? (kube) => handOverReplicas(kube, subject as ModelDeployment, desired)
      : undefined,
  refusal: (object, live, message) =>
    volumeNotEnlarged(object, live, message) ?? toleranceUnknown(object, message),
  dropped: toleranceDropped,
  specFields: new Map([
    [PersistentVolumeClaim.kind, 'spec.storage'],
    [Deployment.kind, 'spec.serve'],
    [HorizontalPodAutoscaler.kind, 'spec.autoscaling'],
    [ScaledObject.kind, 'spec.autoscaling.keda'],
    [HTTPRoute.kind, 'spec.rollout.gatewayApi'],
    [GRPCRoute.kind, 'spec.rollout.gatewayApi.grpcHostnames'],
  ]),
  announcements,
  metric: { name: operatorMetrics.models, help: 'ModelDeployments by their Ready condition' },
}
