/** The command-line tools that scripts call, of pinned versions, brought on first use. */
import { join } from 'node:path'
import { binFolder, ensureBinaries } from '../local-cluster/binaries/binaries.ts'
import { allBinaries, type BinaryName } from '../local-cluster/binaries/build.ts'
import { pathsFrom } from '../local-cluster/paths.ts'
import { filtered, progressOn } from '../local-cluster/progress.ts'

const paths = pathsFrom(process.env)

/** Downloads or builds what is missing, with a line for each: some take minutes. */
export const buildTools = async (names: readonly BinaryName[] = allBinaries): Promise<void> => {
  const progress = filtered(progressOn(process.stderr), (line) => !line.endsWith('cached'))
  await ensureBinaries(paths, names, progress)
}

/** Where a tool lies once it is there. */
export const toolPath = (name: BinaryName): string => join(binFolder(paths), name)
