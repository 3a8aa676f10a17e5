/** The children of models, as objects that kubectl can apply in another namespace. */
import type { Kubectl, Live } from '../../local-cluster/kubectl.ts'

const isChild = ({ metadata }: Live): boolean =>
  (metadata as { ownerReferences?: readonly { kind: string }[] }).ownerReferences?.some(
    ({ kind }) => kind === 'ModelDeployment',
  ) ?? false

/** Kinds of the children of models. */
const childKinds = [
  ...['persistentvolumeclaims', 'jobs', 'deployments', 'services', 'configmaps', 'serviceaccounts'],
  ...['networkpolicies', 'poddisruptionbudgets', 'horizontalpodautoscalers'],
] as const

export const childrenIn = (kubectl: Kubectl, namespace: string): readonly Live[] =>
  childKinds.flatMap((kind) => kubectl.list(kind, namespace)).filter(isChild)

/** Labels that the Job controller gives the pods of one Job. */
const isOfController = (label: string): boolean => /controller-uid$|job-name$/.test(label)

const kept = (labels: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(labels).filter(([label]) => !isOfController(label)))

/** What the API server and its controllers fill in. */
const filledIn: Readonly<Record<string, readonly string[]>> = {
  Service: ['clusterIP', 'clusterIPs'],
  PersistentVolumeClaim: ['volumeName'],
  Job: ['selector'],
}

/** The object as someone would write it by hand. */
export const byHand = ({ apiVersion, kind, metadata, ...rest }: Live, namespace: string): object => {
  const { status: _, spec, ...members } = rest as Record<string, unknown>
  const left = filledIn[kind] ?? []
  const written = Object.entries(spec ?? {}).filter(([member]) => !left.includes(member))
  const draft = structuredClone(Object.fromEntries(written))
  const template = draft['template'] as { metadata?: { labels?: Record<string, string> } } | undefined
  if (template?.metadata) template.metadata.labels = kept(template.metadata.labels)
  return {
    ...{
      apiVersion,
      kind,
      ...members,
      metadata: { name: metadata.name, namespace, labels: kept(metadata.labels) },
    },
    ...(spec === undefined ? {} : { spec: draft }),
  }
}
