import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError, run } from '../machine/command.ts'
import { withLock } from '../machine/lock.ts'
import type { Paths } from '../paths.ts'

/** Its kubelet still accepts cgroup v1, which some machines have; later versions are about to drop it. */
const kubernetesVersion = '1.35.4'

/** What is built, in this order: a later one reuses what an earlier one compiled. The values are Go packages. */
const packages = {
  etcd: './etcd',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  helm: 'helm.sh/helm/v4/cmd/helm',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  kubelet: 'k8s.io/kubernetes/cmd/kubelet',
  'kube-proxy': 'k8s.io/kubernetes/cmd/kube-proxy',
  coredns: './coredns',
  'metrics-server': './metrics-server',
} as const

export type BinaryName = keyof typeof packages
export type Log = (line: string) => void

export const allBinaries = Object.keys(packages) as readonly BinaryName[]

const moduleFolder = join(import.meta.dirname, 'go')

/** Without these the API server would report v0.0.0 and kubectl would warn about the difference. */
const linkerFlags = (version: string): string => {
  const [major, minor] = version.split('.')
  const set = (key: string, value = ''): string => `-X k8s.io/component-base/version.${key}=${value}`
  return ['-s', '-w', set('gitVersion', `v${version}`), set('gitMajor', major), set('gitMinor', minor)].join(
    ' ',
  )
}

/** Where the binaries lie, or will lie once built. */
export const binFolder = (paths: Paths): string => join(paths.cache, `kubernetes-${kubernetesVersion}`, 'bin')

/** Changes when any source that we own changes: the pinned versions, our two small main packages, the flags. */
const digestOf = async (name: BinaryName): Promise<string> => {
  const hash = createHash('sha256').update(packages[name]).update(linkerFlags(kubernetesVersion))
  const own = packages[name].startsWith('./') ? join(moduleFolder, name) : undefined
  const files = own ? (await readdir(own)).map((file) => join(own, file)).sort() : []
  for (const file of [join(moduleFolder, 'go.mod'), join(moduleFolder, 'go.sum'), ...files]) {
    hash.update(await readFile(file))
  }
  return hash.digest('hex')
}

const isBuilt = async (folder: string, name: BinaryName, digest: string): Promise<boolean> => {
  const recorded = await readFile(join(folder, `.${name}.digest`), 'utf8').catch(() => '')
  const file = await stat(join(folder, name)).catch(() => undefined)
  return recorded === digest && file !== undefined
}

const build = async (folder: string, name: BinaryName, digest: string): Promise<void> => {
  const unfinished = join(folder, `.${name}.${process.pid}`)
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', linkerFlags(kubernetesVersion)]
  try {
    await run('nice', ['go', 'build', ...flags, '-o', unfinished, packages[name]], {
      cwd: moduleFolder,
      env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
    })
    await rename(unfinished, join(folder, name))
    await writeFile(join(folder, `.${name}.digest`), digest)
  } finally {
    await rm(unfinished, { force: true })
  }
}

/** @throws Error that says which Go is needed and where to get it */
const requireGo = async (): Promise<void> => {
  const wanted = /^go (\S+)/m.exec(await readFile(join(moduleFolder, 'go.mod'), 'utf8'))?.[1] ?? ''
  try {
    await run('go', ['list', '-m'], { cwd: moduleFolder, env: { ...process.env, GOWORK: 'off' } })
  } catch (error) {
    const found = error instanceof CommandError ? error.stderr.trim() : String(error)
    throw new Error(
      `Go ${wanted} or newer builds the local cluster. Install it from https://go.dev/dl\n${found}`,
    )
  }
}

const buildMissing = async (folder: string, names: readonly BinaryName[], log: Log): Promise<void> => {
  await mkdir(folder, { recursive: true })
  let goChecked = false
  for (const name of names) {
    const digest = await digestOf(name)
    if (await isBuilt(folder, name, digest)) {
      log(`${name} … cached`)
      continue
    }
    if (!goChecked) await requireGo()
    goChecked = true
    const start = performance.now()
    await build(folder, name, digest)
    log(`${name} … built in ${Math.round((performance.now() - start) / 1000)} s`)
  }
}

/**
 * Builds what is missing, one line of progress each; a binary appears whole or not at all.
 * @returns the folder that holds the binaries
 */
export const ensureBinaries = async (
  paths: Paths,
  names: readonly BinaryName[],
  log: Log,
): Promise<string> => {
  const folder = binFolder(paths)
  const inOrder = allBinaries.filter((name) => names.includes(name))
  const built = await Promise.all(inOrder.map(async (name) => isBuilt(folder, name, await digestOf(name))))
  if (built.every(Boolean)) {
    for (const name of inOrder) log(`${name} … cached`)
    return folder
  }
  // Two test files may ask at the same time: the second waits and then finds everything built.
  await withLock(folder, () => buildMissing(folder, inOrder, log))
  return folder
}
