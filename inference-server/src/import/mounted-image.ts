/** The folder of an image that the kubelet has mounted. */
import { readdir } from 'node:fs/promises'
import { ImportError } from '../failures/import-error.ts'

/**
 * Container runtimes mount what is no image, such as ModelPack, as an empty folder, and say nothing about it.
 * @throws ImportError SourceUnsupported
 */
export const checkMountedImage = async (path: string): Promise<void> => {
  const names = await readdir(path).catch(() => [])
  if (names.length > 0) return
  throw new ImportError(
    'SourceUnsupported',
    'what the kubelet has mounted has no file in /models: it is an artifact, which container runtimes mount as an empty folder, or an image without this folder; push an image with the model in /models, or use spec.storage.mode: Ephemeral, which reads artifacts too',
  )
}
