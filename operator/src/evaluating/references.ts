/** What the pod of an evaluation refers to, and the fields of spec that name it: the kubelet tells only names. */
import { hostOf, isHubSource } from '@gantry/contract/source.ts'
import { claimSourceOf, type Source } from '../pods/source.ts'

export interface Reference {
  readonly kind: 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim'
  readonly name: string
  /** Path in spec, or what a chart value is called. */
  readonly field: string
  /** The host that the credentials of a Secret are for. */
  readonly host?: string
}

/** @param field of spec that holds the source */
export const sourceReferences = (source: Source, field: string): readonly Reference[] => {
  const { configMapRef, secretRef } = source
  const claim = claimSourceOf(source)?.claim
  const url = isHubSource(source.uri ?? '') ? null : URL.parse(source.uri ?? '')
  return [
    ...(claim === undefined
      ? []
      : [{ kind: 'PersistentVolumeClaim', name: claim, field: `${field}.uri` } as const]),
    ...(configMapRef
      ? [{ kind: 'ConfigMap', name: configMapRef.name, field: `${field}.configMapRef` } as const]
      : []),
    ...(secretRef
      ? [
          {
            ...({ kind: 'Secret', name: secretRef.name, field: `${field}.secretRef` } as const),
            ...(url ? { host: hostOf(url) } : {}),
          },
        ]
      : []),
  ]
}
