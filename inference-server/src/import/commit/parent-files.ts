/** The files that an optimized version has in common with the version that it was made from. */
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { byPath, digestOf } from '../digest.ts'
import type { StagedFile } from '../staged-file.ts'
import { weightsOf } from '../staged-model.ts'
import type { Staging } from '../staging.ts'

const isGraph = (path: string): boolean => path.endsWith('.onnx')

/** Paths of graphs and of the files that have their weights: what an optimization may change. */
export const modelFiles = (dir: string, files: readonly StagedFile[]): ReadonlySet<string> => {
  const graphs = files.map(({ path }) => path).filter(isGraph)
  return new Set([...graphs, ...graphs.flatMap((path) => weightsOf(dir, path))])
}

const refused = (message: string, path: string): ImportError =>
  new ImportError('ImportFailed', message, 'never', { detail: `the file is ${quotedText(path)}` })

/**
 * Only graphs and weights may differ: how texts, pictures and labels are read is part of what was asked for.
 * @param dir of the parent, absolute
 * @throws ImportError where another file is changed, missing or new, or no graph is another than the parent's
 */
export const checkOtherFiles = (staging: Staging, dir: string, { files, digest }: VersionMetadata): void => {
  const made = staging.files()
  const [own, theirs] = [modelFiles(staging.dir, made), modelFiles(dir, files)]
  for (const { path, sha256 } of files) {
    if (theirs.has(path)) continue
    const found = made.find((file) => file.path === path)
    if (found?.sha256 === sha256) continue
    throw refused(
      `the optimizer ${found ? 'changed' : 'left out'} a file beside the graph, and it may change graphs and weights only`,
      path,
    )
  }
  const added = made.find(
    ({ path }) => (isGraph(path) || !own.has(path)) && !files.some((file) => file.path === path),
  )
  if (added) throw refused("the optimizer added a file that is no weights of its parent's graphs", added.path)
  if (digestOf(made.toSorted(byPath)) === digest)
    throw new ImportError(
      'ImportFailed',
      'the optimizer changed nothing: its folder has the files of the parent; leave spec.optimize out, or take another recipe',
    )
}
