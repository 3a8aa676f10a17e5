/** The objects of its namespace that spec.serve.podTemplate has the serving pods use. */
import type { PodTemplate } from '../pod-template-allow.ts'

export interface Reference {
  /** Path of the field below spec.serve.podTemplate. */
  readonly field: string
  readonly kind: 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim'
  readonly name: string
}

type Sidecar = NonNullable<PodTemplate['sidecars']>[number]
type Variables = Pick<Sidecar, 'env' | 'envFrom'>
type Volume = NonNullable<PodTemplate['volumes']>[number]

const secret = (field: string, name: string | undefined): readonly Reference[] =>
  name === undefined ? [] : [{ field, kind: 'Secret', name }]

const configMap = (field: string, name: string | undefined): readonly Reference[] =>
  name === undefined ? [] : [{ field, kind: 'ConfigMap', name }]

const ofVariables = (at: string, { env = [], envFrom = [] }: Variables): readonly Reference[] => [
  ...env.flatMap(({ name, valueFrom }) => [
    ...secret(`${at}env[${name}]`, valueFrom?.secretKeyRef?.name),
    ...configMap(`${at}env[${name}]`, valueFrom?.configMapKeyRef?.name),
  ]),
  ...envFrom.flatMap(({ secretRef, configMapRef }, index) => [
    ...secret(`${at}envFrom[${index}]`, secretRef?.name),
    ...configMap(`${at}envFrom[${index}]`, configMapRef?.name),
  ]),
]

const ofVolume = ({ name, ...source }: Volume): readonly Reference[] => {
  const field = `volumes[${name}]`
  const claim = source.persistentVolumeClaim?.claimName
  return [
    ...secret(field, source.secret?.secretName),
    ...configMap(field, source.configMap?.name),
    ...(source.projected?.sources ?? []).flatMap((one) => [
      ...secret(field, one.secret?.name),
      ...configMap(field, one.configMap?.name),
    ]),
    ...secret(field, source.csi?.nodePublishSecretRef?.name),
    ...(claim === undefined ? [] : [{ field, kind: 'PersistentVolumeClaim', name: claim } as const]),
  ]
}

export const references = (template: PodTemplate): readonly Reference[] => [
  ...ofVariables('', template),
  ...(template.volumes ?? []).flatMap(ofVolume),
  ...(template.sidecars ?? []).flatMap((sidecar) => ofVariables(`sidecars[${sidecar.name}].`, sidecar)),
]
