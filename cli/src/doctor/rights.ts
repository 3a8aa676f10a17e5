/** What this account may do in the namespace, as far as commands need it. */
import { group } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { pathOf } from '@gantry/kube/path.ts'
import { SelfSubjectAccessReview } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import { type Check, fail, ok, orForbidden, warn } from './finding.ts'

interface Right {
  readonly verb: string
  readonly group?: string
  readonly resource: string
  readonly subresource?: string
  /** The commands that need it. */
  readonly commands: string
  /** Whether nothing works without it. */
  readonly isBasic?: boolean
}

const rights: readonly Right[] = [
  { verb: 'list', group, resource: 'modeldeployments', commands: 'get, describe', isBasic: true },
  { verb: 'list', group, resource: 'modelevaluations', commands: 'get, report' },
  { verb: 'patch', group, resource: 'modeldeployments', commands: 'rollback, promote, abort, pause, resume' },
  { verb: 'patch', group, resource: 'modelevaluations', commands: 'evaluate' },
  { verb: 'list', resource: 'pods', commands: 'describe, predict, open, logs' },
  { verb: 'get', resource: 'pods', subresource: 'log', commands: 'logs' },
  // A WebSocket begins with GET; from Kubernetes 1.35 on it needs `create` too.
  { verb: 'get', resource: 'pods', subresource: 'portforward', commands: 'predict, open' },
  { verb: 'create', resource: 'pods', subresource: 'portforward', commands: 'predict, open' },
  { verb: 'list', resource: 'events', commands: 'describe' },
  { verb: 'get', resource: 'configmaps', commands: 'report' },
]

const nameOf = ({ verb, resource, subresource }: Right): string =>
  `${verb} ${resource}${subresource ? `/${subresource}` : ''}`

type Review = KubernetesObject & { readonly status?: { readonly allowed?: boolean } }

const isAllowed = async ({ call, namespace }: Session, right: Right): Promise<boolean> => {
  const { verb, resource, subresource } = right
  const review = await call<Review>('create', SelfSubjectAccessReview, {
    method: 'POST',
    path: pathOf(SelfSubjectAccessReview, undefined),
    body: {
      apiVersion: SelfSubjectAccessReview.apiVersion,
      kind: SelfSubjectAccessReview.kind,
      spec: {
        resourceAttributes: {
          namespace,
          verb,
          group: right.group ?? '',
          resource,
          subresource: subresource ?? '',
        },
      },
    },
  })
  return review.status?.allowed === true
}

const lookAtRights: Check = async ({ session }) => {
  const answers = await Promise.all(
    rights.map(async (right) => ({ right, allowed: await isAllowed(session, right) })),
  )
  const missing = answers.filter(({ allowed }) => !allowed).map(({ right }) => right)
  if (missing.length === 0)
    return [ok('rights', `This account may do all that the commands need in namespace ${session.namespace}.`)]
  const list = missing.map((right) => `${nameOf(right)} (${right.commands})`).join(', ')
  const say = missing.some(({ isBasic }) => isBasic) ? fail : warn
  return [
    say(
      'rights',
      `In namespace ${session.namespace} this account may not: ${list}.`,
      'The roles view and edit of the namespace have most of them; docs/gantry.md lists which command needs what.',
    ),
  ]
}

export const rightsCheck: Check = (examined) => orForbidden('rights', () => lookAtRights(examined))
