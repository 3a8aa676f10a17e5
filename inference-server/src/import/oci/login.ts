/** Which login a registry gets, and how it becomes the right to pull: Basic, or a token of the service that the registry names. */
import { ImportError } from '../../failures/import-error.ts'
import { isObject, parseJsonText } from '../../json/json-object.ts'
import { type Credentials, credentialsFor } from '../sources/credentials.ts'
import { ask, readBody } from '../sources/http-request.ts'
import type { Access } from '../sources/remote.ts'
import { type Challenge, challengesIn } from './challenge.ts'
import { loginIn } from './docker-config.ts'
import { type OciReference, repositoryIn } from './reference.ts'

/** Longest answer of a token service, in bytes. Tokens have a few kilobytes. */
const maxTokenBytes = 1 << 20

const forbidden = (message: string): ImportError => new ImportError('SourceForbidden', message)

/** Who pulls. */
export interface Login {
  /** Sent with the first request; undefined: the registry has to ask. */
  readonly first: Credentials | undefined
  readonly isAnonymous: boolean
  /**
   * The credentials that a registry asks for.
   * @param header WWW-Authenticate of an answer with 401
   * @returns undefined where it asks for none that can be had
   */
  readonly answer: (header: string | undefined) => Promise<Credentials | undefined>
}

/** Credentials of a pull Secret go where a client of Docker sends them: to its registry, and to the token service that this registry names. */
const ofDockerConfig = (text: string, reference: OciReference, api: URL, allowHttp: boolean): Credentials => {
  if (api.protocol !== 'https:' && !allowHttp)
    throw forbidden(
      `credentials are sent over https only, and ${api.host} is asked over http; leave secretRef out, or install the operator with the chart value imports.allowHttpCredentials: true`,
    )
  return { kind: 'basic', ...loginIn(text, reference) }
}

/** @throws ImportError SourceForbidden for a token service that is no place for what is sent */
const realmOf = ({ realm }: Challenge & { kind: 'bearer' }, api: URL): URL => {
  const url = URL.parse(realm)
  const isKnown = url?.protocol === 'https:' || (url?.protocol === 'http:' && api.protocol === 'http:')
  if (url && isKnown && url.username === '' && url.password === '') return url
  throw forbidden(
    `${api.host} names a token service that is not asked over https; its operator has to correct its realm`,
  )
}

const tokenIn = (body: Buffer): string | undefined => {
  try {
    const value = parseJsonText(body.toString('utf8'))
    const { token, access_token: accessToken } = isObject(value) ? value : {}
    return [token, accessToken].find(
      (one): one is string => typeof one === 'string' && /^[\x21-\x7e]+$/.test(one),
    )
  } catch {
    return undefined
  }
}

/** @param api root of the repository's part of the registry's API */
export const loginFor = (reference: OciReference, api: URL, access: Access): Login => {
  const { secret, allowHttpCredentials: allowHttp } = access
  const config = secret?.dockerConfig
  const own =
    config === undefined
      ? credentialsFor(api, secret, allowHttp)
      : ofDockerConfig(config, reference, api, allowHttp)

  /** The key `hosts` of a Secret is kept to the letter: a token service on another host has to be named there too. */
  const forRealm = (realm: URL): Credentials | undefined => {
    if (own === undefined || own.kind === 'bearer') return undefined
    return config === undefined && secret
      ? credentialsFor(realm, secret, allowHttp)
      : forEncrypted(own, realm)
  }
  const forEncrypted = (credentials: Credentials, realm: URL): Credentials => {
    if (realm.protocol === 'https:' || allowHttp) return credentials
    throw forbidden(
      `credentials are sent over https only, and the token service that ${api.host} names is asked over http`,
    )
  }

  const token = async (challenge: Challenge & { kind: 'bearer' }): Promise<Credentials> => {
    const url = realmOf(challenge, api)
    const credentials = forRealm(url)
    if (challenge.service !== undefined) url.searchParams.set('service', challenge.service)
    // The scope is not the one of the challenge: a registry must not get a token for more than what is pulled.
    url.searchParams.set('scope', `repository:${repositoryIn(api)}:pull`)
    const answer = await ask({ url, credentials }, access)
    if (answer.status !== 200) {
      const refusal = answer.refusal()
      if (answer.status !== 401 && answer.status !== 403) throw refusal
      throw forbidden(
        own === undefined
          ? `the token service of ${api.host} gives no token without credentials; name a pull Secret in spec.model.source.secretRef`
          : `the token service of ${api.host} does not accept the credentials; check the Secret of spec.model.source.secretRef`,
      )
    }
    const found = tokenIn(await readBody(answer, maxTokenBytes))
    if (found !== undefined) return { kind: 'bearer', token: found }
    throw new ImportError(
      'SourceUnsupported',
      `the token service of ${api.host} answered without a token; check the host of spec.model.source.uri`,
    )
  }

  const answer: Login['answer'] = async (header) => {
    const challenges = challengesIn(header)
    const bearer = challenges.find((challenge) => challenge.kind === 'bearer')
    if (own?.kind === 'bearer') return undefined // It was sent already.
    if (bearer?.kind === 'bearer') return token(bearer)
    return challenges.length > 0 ? own : undefined
  }
  // A ready token needs no challenge; a password waits for one, which says whether it is the registry or its token service that takes it.
  return { first: own?.kind === 'bearer' ? own : undefined, isAnonymous: own === undefined, answer }
}
