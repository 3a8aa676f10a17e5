/** Whom a token belongs to, and what RBAC lets them call: TokenReviews and SubjectAccessReviews of the API server. */
import { hash } from 'node:crypto'
import { group, plural } from '@gantry/contract/labels.ts'
import type { KubeClient } from '@gantry/kube/client.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { resource } from '@gantry/kube/resources.ts'
import { claimsOf } from './credential.ts'
import { createLine, createReviews } from './reviews.ts'

const TokenReview = resource('authentication.k8s.io/v1', 'TokenReview', 'tokenreviews')
const SubjectAccessReview = resource('authorization.k8s.io/v1', 'SubjectAccessReview', 'subjectaccessreviews')

/** The verb of RBAC that lets an account call a model, on modeldeployments. */
export const callVerb = 'call'

interface User {
  readonly username: string
  readonly uid?: string
  readonly groups?: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

export interface Account {
  /** Such as system:serviceaccount:shop:web. */
  readonly name: string
  /** That of a ServiceAccount. */
  readonly namespace: string | undefined
}

/** Which models a question is about; without a name all of the namespace, without a namespace all of the cluster. */
export interface Scope {
  readonly namespace?: string
  readonly name?: string
}

export interface Accounts {
  /** 'refused': the token is of no use here. undefined: not known yet. */
  readonly accountOf: (token: string) => Account | 'refused' | undefined
  /** @param from address of the caller @throws Failure unavailable */
  readonly review: (token: string, from: string) => Promise<void>
  /** undefined: not known yet. */
  readonly mayCall: (token: string, scope: Scope) => boolean | undefined
  /** @param from address of the caller @throws Failure unavailable */
  readonly reviewAccess: (token: string, scope: Scope, from: string) => Promise<void>
}

/** A right that is taken away ends within this time; one that is given begins after the shorter one. */
const grantedMs = 60_000
const refusedMs = 10_000
const mostTokens = 10_000
const mostAccesses = 50_000

type Reviewed = User | 'refused'

const accountForm = /^system:serviceaccount:([^:]+):[^:]+$/

const toldAt = (log: Log) => (error: unknown) =>
  log.warn('the API server did not answer who calls', { error: (error as Error).message })

/** Clocks of a cluster are a few seconds apart. */
const clocksApartMs = 60_000

/** Whether a token says that its time is over: the API server need not be asked. @param now milliseconds since the epoch */
const isOver = (token: string, now: number): boolean => {
  const exp = claimsOf(token)?.exp
  return typeof exp === 'number' && exp * 1000 + clocksApartMs < now
}

export interface AccountsOptions {
  readonly kube: Pick<KubeClient, 'create'>
  readonly clock: Clock
  readonly log: Log
  readonly audience: string
}

export const createAccounts = ({ kube, clock, log, audience }: AccountsOptions): Accounts => {
  const line = createLine(clock, toldAt(log))
  const tokens = createReviews<Reviewed>({
    ...{ clock, line, most: mostTokens },
    keepMs: (reviewed) => (reviewed === 'refused' ? refusedMs : grantedMs),
  })
  const accesses = createReviews<boolean>({
    ...{ clock, line, most: mostAccesses },
    keepMs: (isAllowed) => (isAllowed ? grantedMs : refusedMs),
  })
  /** Tokens themselves are not kept. */
  const keyOf = (token: string): string => hash('sha256', token, 'base64url')
  const accessKey = (token: string, { namespace = '', name = '' }: Scope): string =>
    `${keyOf(token)} ${namespace}/${name}`

  const reviewed = async (token: string): Promise<Reviewed> => {
    const { status } = await kube.create<
      KubernetesObject & {
        readonly status?: {
          readonly authenticated?: boolean
          readonly user?: User
          readonly audiences?: readonly string[]
        }
      }
    >(TokenReview, {
      ...{ apiVersion: TokenReview.apiVersion, kind: TokenReview.kind, metadata: { name: '' } },
      spec: { token, audiences: [audience] },
    } as KubernetesObject)
    const isOurs = status?.authenticated === true && status.audiences?.includes(audience) === true
    return isOurs && status.user ? status.user : 'refused'
  }
  const isAllowed = async (user: User, scope: Scope): Promise<boolean> => {
    const { username, uid, groups, extra } = user
    const { status } = await kube.create<
      KubernetesObject & { readonly status?: { readonly allowed?: boolean } }
    >(SubjectAccessReview, {
      ...{
        apiVersion: SubjectAccessReview.apiVersion,
        kind: SubjectAccessReview.kind,
        metadata: { name: '' },
      },
      spec: {
        ...{ user: username, uid, groups, extra },
        resourceAttributes: { group, resource: plural, verb: callVerb, ...scope },
      },
    } as KubernetesObject)
    return status?.allowed === true
  }
  return {
    accountOf: (token) => {
      const user = tokens.known(keyOf(token))
      if (user === undefined) return isOver(token, clock.now()) ? 'refused' : undefined
      if (user === 'refused') return user
      return { name: user.username, namespace: accountForm.exec(user.username)?.[1] }
    },
    review: (token, from) => tokens.ask(keyOf(token), () => reviewed(token), from),
    mayCall: (token, scope) => accesses.known(accessKey(token, scope)),
    reviewAccess: async (token, scope, from) => {
      const user = tokens.known(keyOf(token))
      if (user === undefined || user === 'refused') return
      await accesses.ask(accessKey(token, scope), () => isAllowed(user, scope), from)
    },
  }
}
