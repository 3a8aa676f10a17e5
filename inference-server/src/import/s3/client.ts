/** The client of one import. The SDK is loaded here and nowhere else, and only once a source is one of S3. */
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { hostOf } from '@gantry/contract/source.ts'
import { ImportError } from '../../failures/import-error.ts'
import type { Connecting } from '../sources/remote.ts'
import type { S3Place } from '../sources/s3-address.ts'
import { identityFailure } from './failures.ts'
import { guardedHandler } from './handler.ts'
import type { S3Keys } from './secret.ts'

export type Sdk = typeof import('@aws-sdk/client-s3')

export interface ClientOptions {
  readonly place: S3Place
  readonly bucket: string
  /** Undefined: those that the environment gives, such as the role of a pod's ServiceAccount. */
  readonly keys: S3Keys | undefined
  /** Hosts that are asked, as the Secret names them; empty: any. */
  readonly hosts: readonly string[]
  readonly connecting: Connecting
}

export interface Connected {
  readonly sdk: Sdk
  readonly client: S3Client
  readonly region: string
  readonly isAnonymous: boolean
}

/** The region of AWS where nothing names another; other stores have this one by default, too. */
const usualRegion = 'us-east-1'

/**
 * The metadata service of a machine gives the rights of the machine, which are not meant for whoever may name a source. The SDK asks it on ways of its
 * own, so it is switched off unless the environment has decided otherwise.
 */
const withoutMetadataService = (env: NodeJS.ProcessEnv): void => {
  env['AWS_EC2_METADATA_DISABLED'] ??= 'true'
}

/** @throws ImportError where there are to be credentials, and none can be had */
export const connect = async (options: ClientOptions): Promise<Connected> => {
  withoutMetadataService(process.env)
  const sdk = await import('@aws-sdk/client-s3')
  const { place, keys } = options
  const handler = guardedHandler(options.connecting, admitted(options))
  const base: S3ClientConfig = {
    requestHandler: handler,
    // One place repeats what failed, and knows how often: `transfer.ts`.
    maxAttempts: 1,
    // The digest of a file is computed on the way anyway, and the SDK's own would be a second one.
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(place.endpoint ? { endpoint: place.endpoint.href } : {}),
    ...(keys ? { credentials: credentialsOf(keys) } : {}),
    forcePathStyle: place.pathStyle ?? place.endpoint !== undefined,
  }
  const region = place.region ?? keys?.region ?? (await regionOf(new sdk.S3Client(base))) ?? usualRegion
  const client = new sdk.S3Client({ ...base, region })
  if (keys || (await hasIdentity(client))) return { sdk, client, region, isAnonymous: false }
  const unsigned = { sign: async <T>(request: T): Promise<T> => request }
  const credentials = { accessKeyId: '', secretAccessKey: '' }
  return {
    sdk,
    client: new sdk.S3Client({ ...base, region, signer: unsigned, credentials }),
    region,
    isAnonymous: true,
  }
}

const credentialsOf = ({ accessKeyId, secretAccessKey, sessionToken }: S3Keys) => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
})

/** The region that the environment, or the profile of the person at the command line, names. */
const regionOf = ({ config }: S3Client): Promise<string | undefined> => config.region().catch(() => undefined)

/** The last link of the SDK's chain says so: nothing in the environment promises credentials. The bucket may be public. */
const noneAnywhere = /^Could not load credentials from any providers/

const hasIdentity = async ({ config }: S3Client): Promise<boolean> => {
  try {
    await config.credentials()
    return true
  } catch (error) {
    if (error instanceof Error && noneAnywhere.test(error.message)) return false
    throw identityFailure(error)
  }
}

/** A bucket may stand before the endpoint in the host's name. */
const admitted =
  ({ hosts, bucket, keys }: ClientOptions) =>
  (url: URL): void => {
    const host = hostOf(url)
    if (!keys || hosts.length === 0 || hosts.some((name) => host === name || host === `${bucket}.${name}`))
      return
    throw new ImportError(
      'SourceForbidden',
      `keys are used only for hosts that their Secret names, and its key hosts does not name ${host}; add it there, in the Secret of spec.model.source.secretRef`,
    )
  }
