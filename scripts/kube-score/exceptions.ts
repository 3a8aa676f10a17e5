/** What kube-score finds and stays as it is, each with the reason. One that nothing needs any more fails the check, too. */

export interface Exception {
  /** Id of the check, as `kube-score list` has it. */
  readonly check: string
  /** Objects and containers that it is for: KIND/APIVERSION/NAMESPACE/NAME, and the container where the check looks at one. */
  readonly of: RegExp
  /** What kube-score says. */
  readonly says: RegExp
  readonly reason: string
}

export const exceptions: readonly Exception[] = [
  {
    check: 'container-resources',
    of: /^(Deployment|Job)\/.* \((operator|gateway|server|import|evaluate|samples|optimize|commit|proxy)\)$/,
    says: /^CPU limit is not set$/,
    reason:
      'A CPU limit stops a container in the middle of a request though the node is idle, and a leader that is stopped loses its Lease. Requests share the CPU fairly. Who needs a limit sets spec.serve.resources, spec.optimize.resources, the resources of a sidecar, the chart values resources, gateway.resources, imports.resources and evaluations.resources.',
  },
  {
    check: 'container-image-pull-policy',
    of: /^(Deployment|Job)\/.* \((operator|gateway|server|import|evaluate|samples|optimize|commit)\)$/,
    says: /^ImagePullPolicy is not set to Always$/,
    reason:
      'Images are named by their version or digest, which is not pushed twice. With IfNotPresent a node that has the image starts a pod while the registry is away. The chart value image.pullPolicy sets it.',
  },
  {
    check: 'deployment-has-host-podantiaffinity',
    of: /^Deployment\/apps\/v1\/gantry-system\/gantry-(operator|gateway)$/,
    says: /host podAntiAffinity/,
    reason:
      'The chart spreads the operator and the gateway over nodes and zones by topologySpreadConstraints, which kube-score does not count. A rule that is no preference would leave the second pod Pending on a cluster of one node.',
  },
  {
    check: 'deployment-has-host-podantiaffinity',
    of: /^Deployment\/apps\/v1\/models\//,
    says: /host podAntiAffinity/,
    reason:
      "The scheduler spreads a Deployment's pods over nodes and zones by itself. A model whose volume is ReadWriteOnce has to keep its pods on one node. spec.serve.podTemplate takes affinity and topologySpreadConstraints.",
  },
  {
    check: 'deployment-replicas',
    of: /^Deployment\/apps\/v1\/models\//,
    says: /few replicas/,
    reason:
      'How many pods serve is spec.replicas. The default is one, since each holds the model in memory and perhaps a GPU; the samples leave it so that they fit on one machine.',
  },
  {
    check: 'horizontalpodautoscaler-replicas',
    of: /^HorizontalPodAutoscaler\/autoscaling\/v2\/models\/(autoscaled|budgeted)$/,
    says: /few replicas/,
    reason:
      'The sample shows the way from one pod to several. spec.autoscaling.minReplicas is the user’s choice.',
  },
]
