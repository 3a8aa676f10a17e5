/** Variables, volumes, sidecars and the ServiceAccount that spec.serve.podTemplate gives to serving pods, beside what the installation allows. */
import { type Reference, references } from '../desired/references.ts'
import {
  isListed,
  type PodTemplate,
  type PodTemplateAllow,
  type Refusal,
  shown,
} from '../pod-template-allow.ts'

/**
 * Variables that say how our own programs run, which code is loaded into them (Node, the loader of libraries, iconv, GLib, libvips, CUDA), or which
 * devices the container runtime gives them. The chart's admission policy has the same names; a test compares the two.
 */
export const ownPrefixes = [
  ...[
    'NODE_',
    'LD_',
    'ORT_',
    'OTEL_',
    'GANTRY_',
    'UV_',
    'SSL_',
    'OPENSSL_',
    'MALLOC_',
    'GLIBC_',
    'KUBERNETES_',
  ],
  ...['GCONV_', 'GIO_', 'VIPS', 'CUDA_INJECTION', 'NVTX_', 'NVIDIA_'],
]
export const ownNames = ['POD_NAME', 'PATH', 'HOME', 'LOCPATH', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']

const isOwnVariable = (name: string): boolean => {
  const upper = name.toUpperCase()
  return ownNames.includes(upper) || ownPrefixes.some((prefix) => upper.startsWith(prefix))
}

/** Whether a key that follows this prefix may make one of our own variables of it. */
const reachesOwnVariable = (prefix: string): boolean => {
  const upper = prefix.toUpperCase()
  return isOwnVariable(prefix) || [...ownPrefixes, ...ownNames].some((own) => own.startsWith(upper))
}

const env = ({ env: given = [] }: PodTemplate, allow: PodTemplateAllow): readonly Refusal[] =>
  given
    .map(({ name }) => name)
    .filter((name) => isOwnVariable(name) || !isListed(allow.env, name))
    .map((name) => ({ field: `env[${shown(name)}]`, list: isOwnVariable(name) ? undefined : 'env' }))

/** A sidecar runs a program of its own, so its variables may have any name. */
const envFrom = (
  { envFrom: given = [], sidecars = [] }: PodTemplate,
  allow: PodTemplateAllow,
): readonly Refusal[] => {
  const own = given
    .filter(({ prefix }) => reachesOwnVariable(prefix))
    .map(({ prefix }) => ({ field: `envFrom with the prefix ${shown(prefix)}`, list: undefined }))
  const ofServer = given.filter(({ prefix }) => !reachesOwnVariable(prefix))
  const ofSidecars = sidecars.flatMap((sidecar) => sidecar.envFrom ?? [])
  const others = [...ofServer, ...ofSidecars]
    .map(({ prefix = '' }) => prefix)
    .filter((prefix) => !isListed(allow.envFrom, prefix))
    .map((prefix) => ({ field: `envFrom with the prefix ${shown(prefix)}`, list: 'envFrom' as const }))
  return [...own, ...others]
}

type Volume = NonNullable<PodTemplate['volumes']>[number]

/** How the list of the chart calls a volume. */
const entryOf = ({ name: _, persistentVolumeClaim, csi, ...source }: Volume): string => {
  if (persistentVolumeClaim) return `persistentVolumeClaim/${persistentVolumeClaim.claimName}`
  if (csi) return `csi/${csi.driver}`
  return Object.keys(source)[0] ?? ''
}

const volumes = ({ volumes: given = [] }: PodTemplate, allow: PodTemplateAllow): readonly Refusal[] =>
  given
    .filter((volume) => !isListed(allow.volumes, entryOf(volume)))
    .map((volume) => ({
      field: `volumes[${shown(volume.name)}] of the kind ${shown(entryOf(volume))}`,
      list: 'volumes',
    }))

const sidecars = ({ sidecars: given = [] }: PodTemplate, allow: PodTemplateAllow): readonly Refusal[] =>
  given
    .filter(({ image }) => !isListed(allow.sidecars, image))
    .map(({ name, image }) => ({
      field: `sidecars[${shown(name)}] with the image ${shown(image)}`,
      list: 'sidecars',
    }))

const account = ({ serviceAccountName: name }: PodTemplate, allow: PodTemplateAllow): readonly Refusal[] =>
  name === undefined || isListed(allow.serviceAccounts, name)
    ? []
    : [{ field: `serviceAccountName ${shown(name)}`, list: 'serviceAccounts' }]

/** Claims are named by the list of volumes. */
const listOf = ({ kind }: Reference): 'secrets' | 'configMaps' | undefined =>
  (({ Secret: 'secrets', ConfigMap: 'configMaps', PersistentVolumeClaim: undefined }) as const)[kind]

const referred = (template: PodTemplate, allow: PodTemplateAllow): readonly Refusal[] =>
  references(template).flatMap((reference) => {
    const list = listOf(reference)
    const { field, kind, name } = reference
    return list === undefined || isListed(allow[list], name)
      ? []
      : [{ field: `${field} with the ${kind} ${shown(name)}`, list }]
  })

export const additions = (template: PodTemplate, allow: PodTemplateAllow): readonly Refusal[] => [
  ...env(template, allow),
  ...envFrom(template, allow),
  ...volumes(template, allow),
  ...sidecars(template, allow),
  ...account(template, allow),
  ...referred(template, allow),
]
