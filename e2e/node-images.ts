/** The images of the local cluster's node. */
import { execFileSync } from 'node:child_process'
import { layoutOf } from '../local-cluster/layout.ts'
import { localPaths } from '../local-cluster/local.ts'

const ctr = (...args: readonly string[]): void =>
  void execFileSync('ctr', ['-a', layoutOf(localPaths).containerdSocket, '-n', 'k8s.io', 'images', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })

/** Gives an image that the node has a second tag, so that pods see another image with the same content. */
export const tagImage = (image: string, tag: string): string => {
  const other = image.replace(/:[^:/]+$/, `:${tag}`)
  ctr('tag', '--force', image, other)
  return other
}

export const removeImage = (image: string): void => ctr('remove', image)
