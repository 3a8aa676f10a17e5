import type { Condition, KubernetesObject, Metadata } from '@gantry/kube/objects.ts'

/** An object that the operator reconciles, of whatever kind. */
export type Subject = KubernetesObject & {
  readonly metadata: Metadata & {
    readonly namespace: string
    readonly uid: string
    readonly generation: number
  }
  readonly status?: { readonly conditions?: readonly Condition[] }
}
