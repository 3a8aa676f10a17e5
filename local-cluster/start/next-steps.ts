/** What `npm start` prints at its end: first what a shell needs, then commands that work in it. */

export interface Cluster {
  /** Flags of kubectl that say which cluster, with a space at the end; empty for the local one. */
  readonly flags: string
  /** Absent where the user's own kubeconfig is used. */
  readonly local?: { readonly kubeconfig: string; readonly bin: string }
}

/** How a user calls kubectl for the cluster. */
export const kubectlCommand = ({ flags, local }: Cluster): string =>
  local ? `${local.bin}/kubectl --kubeconfig ${local.kubeconfig}` : `kubectl ${flags}`.trim()

const inShell = (kubeconfig: string, bin: string): readonly string[] => [
  'kubectl and helm for this cluster, in this shell:',
  `  export KUBECONFIG=${kubeconfig} PATH=${bin}:$PATH`,
  '',
]

export const nextSteps = (cluster: Cluster, namespace: string): string => {
  const kubectl = `kubectl ${cluster.flags}-n ${namespace}`
  return [
    '',
    ...(cluster.local ? inShell(cluster.local.kubeconfig, cluster.local.bin) : []),
    'Then, for example:',
    `  ${kubectl} get mdl    # all models`,
    `  ${kubectl} describe mdl customer-service    # its conditions and Events`,
    `  ${kubectl} port-forward svc/customer-service 8000:80`,
    `  curl -s localhost:8000/chat -H 'content-type: application/json' -d '{"text":"我想退货"}'    # I want to return it`,
    `  kubectl ${cluster.flags}apply -f manifests/samples/autoscaled.yaml    # an autoscaled model`,
    ...(cluster.local
      ? ['', 'The cluster stays up. `npm stop` removes it; programs and images stay in the cache.']
      : []),
  ].join('\n')
}
