/** What the cluster offers: its version, storage, metrics, GPUs. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { foreignAnswer, refusal } from '@gantry/kube/call.ts'
import { conditionOf, type LiveCondition } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ApiService, CustomResourceDefinition, Node, StorageClass } from '../cluster/resources.ts'
import { type Check, fail, ok, orForbidden, warn } from './finding.ts'

/** The oldest Kubernetes that docs/install.md names. */
const oldestMinor = 30

/** @throws ApiError where it is no answer of an API server */
const versionIn = (body: string) => {
  try {
    const { major, minor, gitVersion } = JSON.parse(body) as Readonly<Record<string, unknown>>
    return { major: String(major), minor: String(minor), gitVersion: String(gitVersion) }
  } catch {
    throw foreignAnswer('GET /version')
  }
}

const lookAtVersion: Check = async ({ session }) => {
  const answer = await session.transport.send({ method: 'GET', path: '/version' })
  if (answer.code !== 200) throw refusal('GET /version', answer)
  const { major, minor, gitVersion } = versionIn(answer.body)
  const where = `Kubernetes ${plainText(gitVersion)} at ${session.access.server.origin}${session.context ? `, context ${session.context}` : ''}.`
  return major === '1' && Number.parseInt(minor, 10) < oldestMinor
    ? [fail('cluster', where, `Gantry needs Kubernetes 1.${oldestMinor} or newer.`)]
    : [ok('cluster', where)]
}

export const versionCheck: Check = (examined) => orForbidden('cluster', () => lookAtVersion(examined))

type LiveClass = KubernetesObject & { readonly provisioner?: string; readonly allowVolumeExpansion?: boolean }
const defaultMark = 'storageclass.kubernetes.io/is-default-class'

export const storageCheck: Check = ({ session }) =>
  orForbidden('storage', async () => {
    const classes = await session.kube.list<LiveClass>(StorageClass, {})
    const names = classes.map(({ metadata }) => metadata.name).join(', ')
    const usual = classes.find(({ metadata }) => metadata.annotations?.[defaultMark] === 'true')
    if (classes.length === 0)
      return [
        fail(
          'storage',
          'The cluster has no StorageClass, so that models get no volume.',
          'Install a provisioner, or create PersistentVolumes by hand.',
        ),
      ]
    if (!usual)
      return [
        warn(
          'storage',
          `No StorageClass is the default one; there are ${names}.`,
          `Name one in spec.storage.storageClassName, or set the annotation ${defaultMark}.`,
        ),
      ]
    const grows = usual.allowVolumeExpansion ? 'its volumes can grow' : 'its volumes cannot grow'
    return [
      ok('storage', `The default StorageClass is ${usual.metadata.name} (${usual.provisioner}); ${grows}.`),
    ]
  })

type LiveService = KubernetesObject & { readonly status?: { readonly conditions?: readonly LiveCondition[] } }

const usage: Check = ({ session }) =>
  orForbidden('metrics', async () => {
    const service = await session.kube.get<LiveService>(ApiService, undefined, 'v1beta1.metrics.k8s.io')
    if (!service)
      return [
        warn(
          'metrics',
          'The cluster has no metrics-server, so that autoscaling by CPU does nothing.',
          'Install metrics-server, or set spec.replicas.',
        ),
      ]
    const available = conditionOf(service, 'Available')
    return available?.status === 'True'
      ? [ok('metrics', 'metrics.k8s.io answers, so that models can be scaled by CPU.')]
      : [
          warn(
            'metrics',
            `metrics.k8s.io does not answer: ${plainText(available?.message ?? '')}.`,
            'Look at the pods of metrics-server.',
          ),
        ]
  })

const scraping: Check = ({ session }) =>
  orForbidden('monitoring', async () => {
    const monitors = await session.kube.get(
      CustomResourceDefinition,
      undefined,
      'podmonitors.monitoring.coreos.com',
    )
    return [
      monitors
        ? ok(
            'monitoring',
            'The Prometheus Operator is there: chart values podMonitor.enabled, serviceMonitor.enabled.',
          )
        : ok('monitoring', 'The Prometheus Operator is not there; each model has its metrics at /metrics.'),
    ]
  })

export const metricsCheck: Check = async (examined) => [
  ...(await usage(examined)),
  ...(await scraping(examined)),
]

type LiveNode = KubernetesObject & {
  readonly status?: { readonly allocatable?: Readonly<Record<string, string>> }
}

const isGpu = (resource: string): boolean => /^(nvidia\.com|amd\.com|gpu\.intel\.com)\//.test(resource)

/** How many of each kind of GPU all nodes offer together. */
const countGpus = (nodes: readonly LiveNode[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  const offered = nodes.flatMap(({ status }) => Object.entries(status?.allocatable ?? {}))
  for (const [resource, amount] of offered.filter(([name, value]) => isGpu(name) && Number(value) > 0))
    counts.set(resource, (counts.get(resource) ?? 0) + Number(amount))
  return counts
}

export const gpuCheck: Check = ({ session }) =>
  orForbidden('GPUs', async () => {
    const nodes = await session.kube.list<LiveNode>(Node, {})
    const list = [...countGpus(nodes)].map(([name, amount]) => `${amount} ${plainText(name)}`).join(', ')
    const total = `${nodes.length} node${nodes.length === 1 ? '' : 's'}`
    return [
      ok(
        'GPUs',
        list === ''
          ? `None of ${total} offers a GPU; models run on the CPU.`
          : `${total} ${nodes.length === 1 ? 'offers' : 'offer'} ${list}.`,
      ),
    ]
  })
