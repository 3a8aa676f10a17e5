import type { Condition, KubernetesObject, Metadata } from '@gantry/kube/objects.ts'

/** An object of any kind that the operator reconciles. */
export type Subject = KubernetesObject & {
  readonly metadata: Metadata & {
    readonly namespace: string
    readonly uid: string
    readonly generation: number
  }
  readonly status?: { readonly conditions?: readonly Condition[] }
}
