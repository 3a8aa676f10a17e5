/** The Job that runs `fsck` on the volume of a model, beside the pods that serve it. */
import { commands, fsckArguments } from '@gantry/contract/commands.ts'
import { labels } from '@gantry/contract/labels.ts'
import { mounts, telemetryOff } from '@gantry/contract/server.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Job } from '@gantry/kube/resources.ts'
import { fieldManager, type Model } from '../cluster/resources.ts'

/** What is read of a Deployment that serves a model. */
export type ServingDeployment = KubernetesObject & {
  readonly spec?: { readonly template?: { readonly spec?: ServingSpec } }
}

interface ServingSpec {
  readonly containers?: readonly {
    readonly name: string
    readonly image?: string
    readonly imagePullPolicy?: string
  }[]
  readonly securityContext?: object
  readonly imagePullSecrets?: readonly object[]
  readonly nodeSelector?: object
  readonly tolerations?: readonly object[]
  readonly affinity?: object
  readonly priorityClassName?: string
}

export interface Check {
  readonly repair: boolean
  /** How long the Job may take. */
  readonly seconds: number
  /** Where the volume is mounted already; a volume of one node can be mounted nowhere else. */
  readonly nodeName: string | undefined
}

/** The Job stays this long after its end, should `gantry` not come to delete it. */
const keptSeconds = 600

const keysVolume = 'encryption-keys'

/** Readable for the server's group alone, as in the pods that serve. */
const keysMode = 0o440

/** The pod does not wait for its Secret: the check tells what it can without it. */
const keysOf = ({ spec }: Model) => {
  const secretName = spec.storage?.encryptionKeySecretRef?.name
  if (secretName === undefined) return { options: {}, mounts: [], volumes: [] }
  return {
    options: { 'encryption-keys': mounts.encryptionKeys },
    mounts: [{ name: keysVolume, mountPath: mounts.encryptionKeys, readOnly: true }],
    volumes: [{ name: keysVolume, secret: { secretName, defaultMode: keysMode, optional: true } }],
  }
}

const container = (
  image: string,
  imagePullPolicy: string | undefined,
  repair: boolean,
  keys: ReturnType<typeof keysOf>,
) => ({
  name: 'fsck',
  image,
  ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
  args: [commands.fsck, ...fsckArguments({ models: mounts.models, ...keys.options, repair, json: true })],
  env: [{ name: telemetryOff, value: '1' }],
  // Files are read in pieces of 1 MiB. The limit leaves room for the page cache.
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  },
  volumeMounts: [
    { name: 'models', mountPath: mounts.models, ...(repair ? {} : { readOnly: true }) },
    { name: 'tmp', mountPath: '/tmp' },
    ...keys.mounts,
  ],
})

const onNode = (nodeName: string) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }],
    },
  },
})

/** Placed, pulled and secured as the pods that serve. Its labels are none of those that Services and policies of the model select. */
const podSpec = (model: Model, spec: ServingSpec, { repair, nodeName }: Check) => {
  const server = spec.containers?.find(({ name }) => name === 'server')
  const { securityContext, imagePullSecrets, nodeSelector, tolerations, priorityClassName } = spec
  const affinity = nodeName === undefined ? spec.affinity : onNode(nodeName)
  const keys = keysOf(model)
  return {
    restartPolicy: 'Never',
    serviceAccountName: model.metadata.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...{ securityContext, imagePullSecrets, nodeSelector, tolerations, priorityClassName, affinity },
    containers: [container(server?.image ?? '', server?.imagePullPolicy, repair, keys)],
    volumes: [
      { name: 'models', persistentVolumeClaim: { claimName: model.metadata.name } },
      { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
      ...keys.volumes,
    ],
  }
}

/** Names have 63 characters at most where they become labels. @param suffix random, so that two checks have two Jobs */
export const checkJob = (
  model: Model,
  deployment: ServingDeployment,
  check: Check,
  suffix: string,
): KubernetesObject => {
  const { name, namespace, uid } = model.metadata
  const own = { [labels.managedBy]: fieldManager, [labels.component]: 'fsck' }
  return {
    apiVersion: Job.apiVersion,
    kind: Job.kind,
    metadata: {
      name: `${name.slice(0, 50)}-fsck-${suffix}`,
      namespace,
      labels: own,
      ownerReferences: [{ apiVersion: model.apiVersion, kind: model.kind, name, uid }],
    },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: keptSeconds,
      activeDeadlineSeconds: check.seconds,
      template: {
        metadata: { labels: own },
        spec: podSpec(model, deployment.spec?.template?.spec ?? {}, check),
      },
    },
  } as KubernetesObject
}
