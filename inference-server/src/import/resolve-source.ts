/** Which kind of source reads which address. */
import { ImportError } from '../failures/import-error.ts'
import { hubFolder, type Selecting } from './hf/folder.ts'
import type { HubClient } from './hf/hub.ts'
import { type OciOptions, ociFolder } from './oci/oci.ts'
import { s3Folder } from './s3/s3.ts'
import { hubCredentials } from './sources/credentials.ts'
import { httpFolder } from './sources/http.ts'
import type { HubAddress } from './sources/hub-address.ts'
import type { Access, RemoteFolder } from './sources/remote.ts'
import type { RemoteSource } from './sources/source.ts'

/** How a hub of Hugging Face is asked. */
export interface HubAccess {
  readonly endpoint: URL
  readonly token: string | undefined
  /** The commit that an earlier import of the address found; undefined: what it stands for now. */
  readonly pinned?: string | undefined
  /** Decides which files of a model come. */
  readonly selecting: Selecting
}

/**
 * Asks a source what it has.
 * @param access `hub` is absent where no model is asked for
 * @throws Passing for what time may mend, ImportError for what it will not
 */
export const resolveSource = async (
  source: RemoteSource,
  access: Access & OciOptions & { readonly hub?: HubAccess | undefined },
): Promise<RemoteFolder> => {
  switch (source.kind) {
    case 'http':
      return httpFolder(source.url, access)
    case 's3':
      return s3Folder(source.address, access)
    case 'oci':
      return ociFolder(source.reference, access)
    case 'hub':
      return hubFolder(pinnedTo(source.address, access.hub?.pinned), ...hubClient(access))
  }
}

const pinnedTo = (address: HubAddress, revision: string | undefined): HubAddress =>
  revision === undefined ? address : { ...address, revision }

const hubClient = (
  access: Access & { readonly hub?: HubAccess | undefined },
): readonly [Selecting, HubClient] => {
  if (!access.hub)
    throw new ImportError('SourceUnsupported', 'hf:// is a model, and no data set; give https:// or pvc://')
  const { endpoint, token, selecting } = access.hub
  return [
    selecting,
    { endpoint, credentials: hubCredentials(endpoint, token, access.allowHttpCredentials), access },
  ]
}
