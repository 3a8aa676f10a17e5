/** What a version records of how it was made: who asked for it, and the programs that checked and made it. */
import { readFileSync } from 'node:fs'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { Requester, VersionMetadata } from '@gantry/contract/versions.ts'

interface Package {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
}

/** The package pins onnxruntime, so it names the version that is installed. */
const ownTools = (): Omit<NonNullable<VersionMetadata['tools']>, 'optimizer'> => {
  const path = new URL('../../package.json', import.meta.url)
  const { version, dependencies } = JSON.parse(readFileSync(path, 'utf8')) as Package
  const { 'onnxruntime-node': onnxruntime = '' } = dependencies
  return { gantry: version, onnxruntime }
}

/** What a schema of versions allows: a report of another program may say anything. */
const versionPattern = /^[0-9A-Za-z][-+.0-9A-Za-z]{0,63}$/

/** The schema's limit. */
const longestRevision = 512

/** What the source calls its content. The text comes from a stranger, so it is cut and its control characters go. */
export const sourceRevisionOf = (revision: string | undefined): Pick<VersionMetadata, 'sourceRevision'> => {
  const plain = plainText(revision ?? '', longestRevision)
  return plain === '' ? {} : { sourceRevision: plain }
}

/** @param optimizer its version, as its report names it */
export const provenanceOf = (
  { requestedBy }: { readonly requestedBy?: Requester | undefined },
  optimizer?: string,
): Pick<VersionMetadata, 'requestedBy' | 'tools'> => ({
  ...(requestedBy ? { requestedBy } : {}),
  tools: {
    ...ownTools(),
    ...(optimizer !== undefined && versionPattern.test(optimizer) ? { optimizer } : {}),
  },
})
