/** Keys of AWS in the Secret of a source. */
import { ImportError } from '../../failures/import-error.ts'
import type { AwsSecret } from '../sources/credentials.ts'

export interface S3Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** The region that the profile names. */
  readonly region?: string | undefined
}

const place = 'the Secret of spec.model.source.secretRef'

const unusable = (problem: string): ImportError =>
  new ImportError('SourceForbidden', `${problem} in ${place}`, 'never')

/**
 * Messages show nothing of a Secret's content.
 * @throws ImportError SourceForbidden where there are no keys in it, or some that cannot be used
 */
export const keysOf = (secret: AwsSecret): S3Keys => {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, AWS_SESSION_TOKEN: token, credentials } = secret
  if (id || key) return complete({ id, key, token }, 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  if (credentials) return keysOfFile(credentials)
  // The kubelet does not wait for any of these keys, so whoever makes the Secret later is waited for here.
  throw new ImportError(
    'SourceForbidden',
    `an import from s3:// needs the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a whole file of AWS under the key credentials; ${place} has none of them, or does not exist`,
    'backoff',
  )
}

interface Found {
  readonly id?: string | undefined
  readonly key?: string | undefined
  readonly token?: string | undefined
}

const isToken = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)

const complete = ({ id, key, token }: Found, names: string, region?: string): S3Keys => {
  if (!id || !key) throw unusable(`of ${names} only one is there: both are needed`)
  if (!isToken(id) || !isToken(key) || (token && !isToken(token)))
    throw unusable(
      `${names} have a blank, a line break or a letter that keys of AWS never have: correct them`,
    )
  return { accessKeyId: id, secretAccessKey: key, sessionToken: token || undefined, region }
}

/**
 * Settings that get keys elsewhere. One runs a program, and others ask hosts that the file names: an import does neither for whoever may write a
 * Secret.
 */
const elsewhere =
  /^(credential_process|credential_source|source_profile|role_arn|sso_\w+|web_identity_token_file|login_session)$/

const keysOfFile = (text: string): S3Keys => {
  const profiles = profilesOf(text)
  const [only] = profiles.size === 1 ? profiles.values() : []
  const profile = profiles.get('default') ?? only
  if (!profile)
    throw unusable(
      profiles.size === 0
        ? 'the key credentials has no profile such as [default]: correct it'
        : 'the key credentials has several profiles and none is [default]: keep the one that counts,',
    )
  const setting = [...profile.keys()].find((name) => elsewhere.test(name))
  if (setting !== undefined)
    throw unusable(
      `the profile has ${setting}, which imports do not follow: write aws_access_key_id and aws_secret_access_key, or let the pod have a role by spec.storage.import.serviceAccountName without a Secret; see the key credentials`,
    )
  return complete(
    {
      id: profile.get('aws_access_key_id'),
      key: profile.get('aws_secret_access_key'),
      token: profile.get('aws_session_token'),
    },
    'aws_access_key_id and aws_secret_access_key of the key credentials',
    profile.get('region'),
  )
}

/** Sections and their settings. Indented lines are parts of a setting that no key is in. */
const profilesOf = (text: string): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const profiles = new Map<string, Map<string, string>>()
  let profile: Map<string, string> | undefined
  for (const line of text.split(/\r?\n/)) {
    const [, section] = /^\s*\[\s*(?:profile\s+)?"?([^\]"]+?)"?\s*\]\s*([#;].*)?$/.exec(line) ?? []
    const [, name = '', value = ''] = /^([a-z_0-9]+)\s*=\s*(.*?)\s*$/i.exec(line) ?? []
    if (section !== undefined) {
      profile = profiles.get(section) ?? new Map()
      profiles.set(section, profile)
    } else if (name !== '') profile?.set(name.toLowerCase(), value)
  }
  return profiles
}
