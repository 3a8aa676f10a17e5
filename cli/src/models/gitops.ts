/** Who sets an object again when it is changed by hand. */
import type { KubernetesObject } from '@gantry/kube/objects.ts'

export interface GitOps {
  readonly tool: 'Argo CD' | 'Flux' | 'Helm'
  /** Name of the application, Kustomization or release; absent where the object does not say it. */
  readonly name?: string
}

type Marks = Readonly<Record<string, string>>

/** What each tool writes on what it applies, in the order in which they are asked. */
const marks: readonly (readonly [tool: GitOps['tool'], on: 'labels' | 'annotations', key: string])[] = [
  ['Argo CD', 'annotations', 'argocd.argoproj.io/tracking-id'],
  ['Argo CD', 'labels', 'argocd.argoproj.io/instance'],
  ['Flux', 'labels', 'kustomize.toolkit.fluxcd.io/name'],
  ['Flux', 'labels', 'helm.toolkit.fluxcd.io/name'],
  ['Helm', 'annotations', 'meta.helm.sh/release-name'],
]

/** Field managers of the tools, for objects without a mark. */
const managers: Readonly<Record<string, GitOps['tool']>> = {
  'argocd-controller': 'Argo CD',
  'kustomize-controller': 'Flux',
  'helm-controller': 'Flux',
}

const byManager = (object: KubernetesObject): GitOps | undefined => {
  const { managedFields = [] } = object.metadata as {
    readonly managedFields?: readonly { readonly manager?: string }[]
  }
  const tool = managedFields.map(({ manager = '' }) => managers[manager]).find((found) => found)
  return tool && { tool }
}

export const gitOpsOf = (object: KubernetesObject): GitOps | undefined => {
  for (const [tool, on, key] of marks) {
    const value = (object.metadata[on] as Marks | undefined)?.[key]
    if (value) return { tool, name: value.split(':')[0] ?? value } // a tracking id goes on with the object
  }
  return byManager(object)
}

export const gitOpsName = ({ tool, name }: GitOps): string => (name ? `${tool} (${name})` : tool)
