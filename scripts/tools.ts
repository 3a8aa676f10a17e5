/** The command-line tools that scripts call, built from pinned versions on first use. */
import { join } from 'node:path'
import {
  allBinaries,
  type BinaryName,
  binFolder,
  ensureBinaries,
} from '../local-cluster/binaries/binaries.ts'
import { pathsFrom } from '../local-cluster/paths.ts'

const paths = pathsFrom(process.env)

/** Builds what is missing, with a line for each: some take minutes. */
export const buildTools = async (names: readonly BinaryName[] = allBinaries): Promise<void> => {
  const log = (line: string): void => {
    if (!line.endsWith('cached')) console.error(line)
  }
  await ensureBinaries(paths, names, log)
}

/** Where a tool lies once it is built. */
export const toolPath = (name: BinaryName): string => join(binFolder(paths), name)
