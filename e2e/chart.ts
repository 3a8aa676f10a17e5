/** The chart's release on the local cluster, changed as its operator would. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { binFolder } from '../local-cluster/binaries/binaries.ts'
import { release, releaseNamespace } from '../local-cluster/gantry/release.ts'
import { localKubeconfig, localPaths } from '../local-cluster/local.ts'

const chartFolder = join(import.meta.dirname, '..', 'helm/gantry')
const wait = ['--wait', '--timeout', '2m']

/** @throws Error with what helm wrote to stderr */
const helm = (args: readonly string[], input = ''): string =>
  execFileSync(
    join(binFolder(localPaths), 'helm'),
    ['--kubeconfig', localKubeconfig, ...args, '--namespace', releaseNamespace],
    { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe'] },
  )

/** The values that the release was given, as JSON. */
export const chartValues = (): string => helm(['get', 'values', release, '--output', 'json'])

/** Its newest revision. @throws Error where it is not installed */
export const chartRevision = (): string => {
  const listed = helm(['list', '--filter', `^${release}$`, '--output', 'json'])
  const [found] = JSON.parse(listed) as readonly { readonly revision: string }[]
  if (!found) throw new Error(`release ${release} is not installed`)
  return found.revision
}

/** Sets values beside those of the release. @param args such as `--set`, `key=value` */
export const upgradeChart = (...args: readonly string[]): void =>
  void helm(['upgrade', release, chartFolder, '--reset-then-reuse-values', ...wait, ...args])

export const rollBackChart = (revision: string): void => void helm(['rollback', release, revision, ...wait])

export const uninstallChart = (): void => void helm(['uninstall', release, ...wait])

/** Installs it, or gives it these values and no others. @param values as `chartValues` gives them */
export const installChart = (values: string): void =>
  void helm(
    ['upgrade', '--install', release, chartFolder, '--reset-values', '--values', '-', ...wait],
    values,
  )
