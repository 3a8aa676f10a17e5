/** The releases of Gantry in a cluster, by the Deployments of their operators. */
import { labels } from '@gantry/contract/labels.ts'
import { defaultRelease, managerOf, operatorNameOf } from '@gantry/contract/release.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, Lease } from '@gantry/kube/resources.ts'
import type { Session } from '../cluster/session.ts'
import { version } from '../version.ts'
import { type Check, type Finding, fail, ok, warn } from './finding.ts'
import type { Release } from './release.ts'

const usualPriceSheet = 'gantry-prices'
const operatorSelector = `${labels.name}=gantry,${labels.component}=operator`

type Operator = LiveDeployment & {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly {
          readonly env?: readonly { readonly name: string; readonly value?: string }[]
        }[]
      }
    }
  }
}

const releaseOf = ({ metadata, spec, status }: Operator): Release => {
  const env = spec?.template?.spec?.containers?.[0]?.env ?? []
  const value = (name: string): string | undefined => env.find((one) => one.name === name)?.value
  const marks = metadata.labels ?? {}
  return {
    name: value('RELEASE_NAME') ?? marks['app.kubernetes.io/instance'] ?? defaultRelease,
    namespace: metadata.namespace ?? '',
    version: marks['app.kubernetes.io/version'],
    chart: marks['helm.sh/chart'],
    watches: value('WATCH_NAMESPACE') || undefined,
    serverImage: value('SERVER_IMAGE'),
    priceSheet: value('COST_ENABLED') === 'true' ? (value('COST_CONFIG_MAP') ?? usualPriceSheet) : undefined,
    desired: spec?.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
  }
}

/** Undefined where this account may not list Deployments of all namespaces. */
export const findReleases = async ({ kube }: Session): Promise<readonly Release[] | undefined> => {
  try {
    const operators = await kube.list<Operator>(Deployment, { labelSelector: operatorSelector })
    return operators.map(releaseOf)
  } catch (error) {
    if (error instanceof ApiError && error.code === 403) return undefined
    throw error
  }
}

const what = 'release'

export const releaseCheck: Check = async ({ releases }) => {
  if (releases === undefined)
    return [
      warn(
        what,
        'This account may not list Deployments of all namespaces.',
        'Ask an administrator to run `gantry doctor`.',
      ),
    ]
  if (releases.length === 0)
    return [
      fail(
        what,
        'No operator of Gantry is installed.',
        'Install it: `helm install gantry helm/gantry -n gantry-system --create-namespace`; docs/install.md.',
      ),
    ]
  return releases.map((release) => {
    const scope = release.watches ? `namespace ${release.watches}` : 'all namespaces'
    const facts = `${managerOf(release)}, ${release.chart ?? 'plain manifests'}, watches ${scope}, serves with ${release.serverImage}.`
    const isVersion = /^\d+\.\d+\.\d+/.test(release.version ?? '') // the tag of an image may be anything
    return !isVersion || release.version === version
      ? ok(what, facts)
      : warn(
          what,
          `${facts} It has version ${release.version}, and this program ${version}.`,
          'Use the same version of both where a command misses something.',
        )
  })
}

/** An operator renews its Lease every two seconds; clocks of machines may differ by more. */
const staleMs = 300_000

type LiveLease = KubernetesObject & {
  readonly spec?: { readonly holderIdentity?: string; readonly renewTime?: string }
}

const leader = async ({ kube }: Session, release: Release): Promise<Finding> => {
  const who = `operator of ${managerOf(release)}`
  const next = `kubectl -n ${release.namespace} logs deployment/${operatorNameOf(release.name)}`
  if (release.ready === 0)
    return fail('operator', `No pod of the ${who} is ready.`, `Look at its log: ${next}`)
  const lease = await kube.get<LiveLease>(Lease, release.namespace, operatorNameOf(release.name))
  const { holderIdentity, renewTime = '' } = lease?.spec ?? {}
  if (!holderIdentity)
    return warn(
      'operator',
      `The ${who} has no leader, so nothing is changed.`,
      `It elects one within seconds; otherwise look at its log: ${next}`,
    )
  if (Date.now() - Date.parse(renewTime) > staleMs)
    return warn(
      'operator',
      `The leader of the ${who} renewed its Lease at ${renewTime}, more than 5 minutes ago.`,
      `Look at its log: ${next}`,
    )
  const pods = `${release.ready} of ${release.desired} pods of the ${who} are ready; ${holderIdentity} leads.`
  return release.ready < release.desired
    ? warn('operator', pods, `Look at its pods: kubectl -n ${release.namespace} get pods`)
    : ok('operator', pods)
}

export const operatorCheck: Check = async ({ session, releases }) =>
  Promise.all(
    (releases ?? []).map((release) =>
      leader(session, release).catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.code !== 403) throw error
        return warn(
          'operator',
          `This account may not read the Lease of ${managerOf(release)}.`,
          'Ask an administrator to run `gantry doctor`.',
        )
      }),
    ),
  )

export const managerCheck: Check = async ({ session, releases }) => {
  if (releases === undefined || releases.length === 0) return []
  const { namespace } = session
  const here = releases.filter(({ watches }) => watches === undefined || watches === namespace)
  const names = here.map(managerOf).join(' and ')
  if (here.length === 0)
    return [
      fail(
        'manager',
        `No release watches namespace ${namespace}, so that its models are not served.`,
        'Set watchNamespace of a release, or install one for this namespace.',
      ),
    ]
  if (here.length > 1)
    return [
      warn(
        'manager',
        `${names} watch namespace ${namespace}; each model has one of them as its manager.`,
        '`gantry describe NAME` shows which one.',
      ),
    ]
  return [ok('manager', `${names} manages namespace ${namespace}.`)]
}
