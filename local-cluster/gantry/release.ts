/** Helm's release of Gantry: installed or upgraded, unless another helm is at it. */
import { execFileSync } from 'node:child_process'
import { run as runToEnd } from '../machine/command.ts'

/** The helm binary and the flags that say which cluster. */
export type Helm = readonly [string, ...string[]]

export const release = 'gantry'
export const releaseNamespace = 'gantry-system'

const run = ([command, ...flags]: Helm, args: readonly string[]): string =>
  execFileSync(command, [...flags, ...args, '--namespace', releaseNamespace], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/**
 * Helm keeps a release locked while it works on it, and for ever where it was killed at that.
 * @throws Error that says how to go on
 */
export const refuseWhilePending = (helm: Helm): void => {
  const listed = run(helm, ['list', '--pending', '--filter', `^${release}$`, '--output', 'json'])
  const [pending] = JSON.parse(listed) as readonly { readonly status: string; readonly updated: string }[]
  if (!pending) return
  const { status, updated } = pending
  const way = status === 'pending-install' ? 'uninstall' : 'rollback'
  throw new Error(
    `helm has been at work on release ${release} since ${updated.slice(0, 19)} UTC (${status}). ` +
      `Wait until it is done, or, where it was killed, give the release free and start again:\n  ` +
      [...helm, way, release, '--namespace', releaseNamespace].join(' '),
  )
}

/** @param args of `helm upgrade --install`, after the release's name */
export const upgrade = async (helm: Helm, args: readonly string[]): Promise<void> => {
  const [command, ...flags] = helm
  const all = [...flags, 'upgrade', '--install', release, ...args, '--namespace', releaseNamespace]
  try {
    await runToEnd(command, all)
  } catch (error) {
    refuseWhilePending(helm) // another one may have begun meanwhile
    throw error
  }
}
