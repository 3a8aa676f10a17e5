/** Which kind of source reads which address. */
import { httpFolder } from './sources/http.ts'
import type { Access, RemoteFolder } from './sources/remote.ts'
import type { RemoteSource } from './sources/source.ts'

/**
 * Asks a source what it has.
 * @throws Passing for what time may mend, ImportError for what it will not
 */
export const resolveSource = async (source: RemoteSource, access: Access): Promise<RemoteFolder> => {
  switch (source.kind) {
    case 'http':
      return httpFolder(source.url, access)
  }
}
