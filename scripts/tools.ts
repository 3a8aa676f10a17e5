/** The command-line tools that scripts call, built from pinned versions on first use. */
import { join } from 'node:path'
import { type BinaryName, binFolder, ensureBinaries } from '../e2e/cluster/binaries.ts'
import { pathsFrom } from '../e2e/cluster/paths.ts'

/** @returns the path of the tool; building it for the first time takes minutes and says so on stderr */
export const tool = async (name: BinaryName): Promise<string> => {
  const log = (line: string): void => {
    if (!line.endsWith('cached')) console.error(line)
  }
  return join(await ensureBinaries(pathsFrom(process.env), [name], log), name)
}

/** Where helm lies once `tool('helm')` has built it. */
export const helm = (): string => join(binFolder(pathsFrom(process.env)), 'helm')
