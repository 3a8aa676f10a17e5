import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { during, type Progress } from '../progress.ts'
import { run, tryRun } from './command.ts'

/** Programs that come from the distribution, and the Debian package that has each. */
const packages = {
  containerd: 'containerd',
  'containerd-shim-runc-v2': 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  '/usr/lib/cni/host-local': 'containernetworking-plugins',
  buildah: 'buildah',
  debootstrap: 'debootstrap',
  '/usr/share/keyrings/debian-archive-keyring.gpg': 'debian-archive-keyring',
  '/bin/busybox': 'busybox-static',
  nft: 'nftables',
  conntrack: 'conntrack',
  socat: 'socat',
  ip: 'iproute2',
  'mkfs.ext4': 'e2fsprogs',
  mount: 'mount',
  openssl: 'openssl',
} as const

const searchPath = (env: NodeJS.ProcessEnv): readonly string[] =>
  `${env['PATH']}:/usr/sbin:/sbin:/usr/bin:/bin`.split(delimiter)

const exists = (name: string, folders: readonly string[]): boolean =>
  (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))).some((path) => {
    try {
      accessSync(path, constants.R_OK)
      return true
    } catch {
      return false
    }
  })

/** Names of the programs that are not installed. */
const missingPrograms = (env: NodeJS.ProcessEnv): readonly (keyof typeof packages)[] =>
  (Object.keys(packages) as (keyof typeof packages)[]).filter((name) => !exists(name, searchPath(env)))

/** Debian packages of what is not installed. */
export const missingPackages = (env: NodeJS.ProcessEnv): readonly string[] => [
  ...new Set(missingPrograms(env).map((name) => packages[name])),
]

/** @throws Error when this process is not root */
export const requireRoot = (): void => {
  if (process.getuid?.() !== 0) {
    throw new Error(
      'the local cluster creates network namespaces, mounts and cgroups, which only root may do. ' +
        'Run it as root (for example with sudo), or give an existing cluster with --context NAME',
    )
  }
}

/** Installs what is missing with apt-get where there is one. @throws Error that lists the programs otherwise */
export const ensurePrograms = async (env: NodeJS.ProcessEnv, progress: Progress): Promise<void> => {
  const missing = missingPrograms(env)
  const names = missingPackages(env)
  if (missing.length === 0) return
  if ((await tryRun('apt-get', ['--version'])) === undefined) {
    throw new Error(
      `not installed: ${missing.join(', ')}. Install them (Debian packages: ${names.join(' ')}) and start again`,
    )
  }
  const start = performance.now()
  const install = ['install', '-y', '-q', '--no-install-recommends', ...names]
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } }
  await during(progress, `installing ${names.join(', ')}`, () =>
    run('apt-get', install, options).catch(async () => {
      await run('apt-get', ['update', '-q'], options) // package lists are absent or old
      await run('apt-get', install, options)
    }),
  )
  progress.line(`${names.join(', ')} … installed in ${Math.round((performance.now() - start) / 1000)} s`)
}
