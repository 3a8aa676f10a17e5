/** Who calls: a pod by its address, a client by its key, or an account by its token. Each of these adds rights, and none takes any. */
import type { IncomingHttpHeaders } from 'node:http'
import { type CallersWorld, isAdmitted, mayCall, refusalOf } from '../cluster/callers.ts'
import { Failure } from '../failure.ts'
import type { Models } from '../models/directory.ts'
import { keyOf, type Model } from '../models/model.ts'
import { type Account, type Accounts, callVerb, type Scope } from './accounts.ts'
import { type Credential, type CredentialRules, takeCredential } from './credential.ts'
import { Undecided } from './undecided.ts'

export interface Caller {
  /** The models, as the caller may see them. @throws Failure, Undecided */
  readonly models: Models
  /** Resolves when more may be known than when the error was thrown; undefined: no more will be. */
  readonly more: (error: unknown) => Promise<void> | undefined
  /** Whose requests are counted together. @throws Failure, Undecided */
  readonly client: () => string
}

/** @throws Failure unauthenticated, malformed */
export type CallerOf = (address: string | undefined, headers: IncomingHttpHeaders) => Caller

export interface AddressRule extends CallersWorld {
  /** Resolves when a pod has the address; undefined: that is not waited for. */
  readonly awaited: (address: string) => Promise<void> | undefined
}

export interface CallerOptions extends CredentialRules {
  readonly models: Models
  /** undefined: an address gives no right, or without keys and tokens every right. */
  readonly addresses: AddressRule | undefined
  readonly accounts: Accounts | undefined
}

/** Whether another caller might have had another answer. */
const isOfCaller = (error: unknown): boolean =>
  error instanceof Failure &&
  (error.kind === 'forbidden' || error.kind === 'unauthenticated' || error.kind === 'unknown-model')

const advice = 'send a credential of the gateway as "Authorization: Bearer CREDENTIAL"'

const unauthenticated = (sentence: string): Failure => new Failure('unauthenticated', sentence)

/** What a credential allows. */
interface Rights {
  /** @throws Failure unauthenticated, Undecided */
  readonly may: (model: Model) => boolean
  /** The same for lists, where nobody is asked about each model. @throws Failure unauthenticated, Undecided */
  readonly mayList: () => (model: Model) => boolean
  /** @throws Failure unauthenticated, Undecided */
  readonly client: () => string
}

const keyRights = (client: string): Rights => ({
  may: () => true,
  mayList: () => () => true,
  client: () => `key ${client}`,
})

type TokenCredential = Extract<Credential, { kind: 'token' }>

const tokenRights = (
  { token, header }: TokenCredential,
  accounts: Accounts,
  isAdmittedFrom: (namespace: string, model: Model) => boolean,
  from: string,
): Rights => {
  const account = (): Account => {
    const found = accounts.accountOf(token)
    if (found === undefined) throw new Undecided(() => accounts.review(token, from))
    if (found === 'refused')
      throw unauthenticated(`the token in ${header} is not valid, or no longer; send a new one`)
    return found
  }
  const isNear = (model: Model, { namespace }: Account): boolean =>
    namespace !== undefined && isAdmittedFrom(namespace, model)
  const decided = (scope: Scope): boolean => {
    const allowed = accounts.mayCall(token, scope)
    if (allowed === undefined) throw new Undecided(() => accounts.reviewAccess(token, scope, from))
    return allowed
  }
  return {
    may: (model) => {
      const { namespace, name } = model
      return isNear(model, account()) || decided({ namespace, name })
    },
    mayList: () => {
      const its = account()
      const isEverywhere = decided({})
      return (model) => isEverywhere || isNear(model, its) || decided({ namespace: model.namespace })
    },
    client: () => account().name,
  }
}

const noRights: Rights = {
  may: () => false,
  mayList: () => () => false,
  client: () => '',
}

/** All callers may call everything where no rule says otherwise. */
const openCallers = (models: Models): CallerOf => {
  return (address = '') => ({ models, more: () => undefined, client: () => `address ${address}` })
}

/** The model's servers would see no key where the gateway has taken the only one for its own. */
const checkOwnKey = (model: Model, credential: Credential, headers: IncomingHttpHeaders): void => {
  if (credential.kind === 'none' || credential.header === 'X-Gantry-Authorization') return
  if (model.asksForKeys !== true || headers.authorization !== undefined || headers['x-api-key'] !== undefined)
    return
  throw unauthenticated(
    `${credential.header} holds a credential of the gateway, and ${keyOf(model)} asks for an API key of its own: send that one there, and the gateway's as X-Gantry-Authorization`,
  )
}

export const createCallers = ({ models, addresses, accounts, ...rules }: CallerOptions): CallerOf => {
  const isOn = rules.keys !== undefined || rules.audience !== undefined
  if (!addresses && !isOn) return openCallers(models)
  const none: ReadonlySet<string> = new Set()
  const isAdmittedFrom = (namespace: string, model: Model): boolean =>
    addresses !== undefined && isAdmitted(new Set([namespace]), model, addresses)
  const rightsOf = (credential: Credential, from: string): Rights => {
    if (credential.kind === 'key') return keyRights(credential.client)
    return credential.kind === 'token' && accounts
      ? tokenRights(credential, accounts, isAdmittedFrom, from)
      : noRights
  }
  return (address = '', headers) => {
    const credential: Credential = isOn ? takeCredential(headers, rules) : { kind: 'none' }
    const rights = rightsOf(credential, address)
    const namespaces = (): ReadonlySet<string> => addresses?.namespacesOf(address) ?? none
    const mayByAddress = (model: Model): boolean =>
      addresses !== undefined && mayCall(namespaces(), model, addresses)
    const refusal = (model: Model): Failure => {
      if (!addresses) return unauthenticated(`${keyOf(model)} is called with a key: ${advice}`)
      const sentence = refusalOf(address, namespaces(), model)
      if (isOn && credential.kind === 'none') return unauthenticated(`${sentence}, or ${advice}`)
      if (credential.kind !== 'token') return new Failure('forbidden', sentence)
      return new Failure(
        'forbidden',
        `${rights.client()} may not call ${keyOf(model)}: give it the verb ${callVerb} on modeldeployments in namespace ${model.namespace}, or call from a pod that may`,
      )
    }
    const listed = (all: ReturnType<Models['all']>): ReturnType<Models['all']> => {
      if (!addresses && credential.kind === 'none')
        throw unauthenticated(`this gateway asks for a key: ${advice}`)
      const mayList = rights.mayList()
      return all.filter((served) => mayByAddress(served.model()) || mayList(served.model()))
    }
    return {
      models: {
        find: (key) => {
          const served = models.find(key)
          if (!served) return undefined
          const model = served.model()
          if (!mayByAddress(model) && !rights.may(model)) throw refusal(model)
          checkOwnKey(model, credential, headers)
          return served
        },
        named: (name) => listed(models.named(name)),
        all: () => listed(models.all()),
        // Keys of a model are checked by its servers, and those of one that sleeps are not there.
        mayWake: (served) => namespaces().size > 0 || rights.may(served.model()),
      },
      more: (error) => {
        if (error instanceof Undecided) return error.decide()
        return isOfCaller(error) ? addresses?.awaited(address) : undefined
      },
      client: () => {
        if (credential.kind === 'key') return rights.client()
        const [namespace] = namespaces()
        if (namespace !== undefined) return `namespace ${namespace}`
        return credential.kind === 'token' ? rights.client() : `address ${address}`
      },
    }
  }
}
