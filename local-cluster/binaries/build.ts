import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { CommandError, run } from '../machine/command.ts'
import { during, type Progress } from '../progress.ts'

/** Its kubelet still accepts cgroup v1, which some machines have; later versions are about to drop it. */
export const kubernetesVersion = '1.35.4'

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
  kwok: 'sigs.k8s.io/kwok/cmd/kwok',
  versitygw: 'github.com/versity/versitygw/cmd/versitygw',
  registry: './registry',
} as const

export type BinaryName = keyof typeof packages

/** All that can be brought, in the order of building. */
export const knownBinaries = Object.keys(packages) as readonly BinaryName[]

/**
 * Programs that are no part of a cluster: one that simulates kubelets, and stores that tests import models from: S3, and an OCI registry.
 * Only what asks for one by name brings it.
 */
const apart: ReadonlySet<BinaryName> = new Set(['kwok', 'versitygw', 'registry'])

/** The programs of a cluster, and its tools. */
export const allBinaries: readonly BinaryName[] = knownBinaries.filter((name) => !apart.has(name))

/** Name of what is not whole yet. It is removed before the next attempt. */
export const unfinishedPrefix = '.unfinished-'

const moduleFolder = join(import.meta.dirname, 'go')

/** Each has a module of its own: its versions of libraries must not change those of the cluster's programs. */
const folderOf = (name: BinaryName): string =>
  apart.has(name) ? join(import.meta.dirname, name) : moduleFolder

const buildFlags = ['-trimpath', '-buildvcs=false'] as const

/** These flags set the version. The API server would report v0.0.0 otherwise, and kubectl would warn about the difference. */
const linkerFlags = (version: string): string => {
  const [major, minor] = version.split('.')
  const set = (key: string, value = ''): string => `-X k8s.io/component-base/version.${key}=${value}`
  return ['-s', '-w', set('gitVersion', `v${version}`), set('gitMajor', major), set('gitMinor', minor)].join(
    ' ',
  )
}

/** Changes when any source that we own changes: the pinned versions, our small main packages, the flags. */
export const digestOf = async (name: BinaryName): Promise<string> => {
  const hash = createHash('sha256').update(packages[name]).update(linkerFlags(kubernetesVersion))
  const folder = folderOf(name)
  const own = packages[name].startsWith('./') ? join(folder, name) : undefined
  const files = own ? (await readdir(own)).map((file) => join(own, file)).sort() : []
  for (const file of [join(folder, 'go.mod'), join(folder, 'go.sum'), ...files]) {
    hash.update(await readFile(file))
  }
  return hash.digest('hex')
}

/** Versions of the modules that a build takes its programs from, as go.mod pins them. */
export const moduleVersions = async (): Promise<ReadonlyMap<string, string>> => {
  const text = await readFile(join(moduleFolder, 'go.mod'), 'utf8')
  return new Map(
    [...text.matchAll(/^\t(\S+) (v\S+)/gm)].map(([, path = '', version = '']) => [path, version]),
  )
}

const goOptions = (cwd = moduleFolder) => ({
  cwd,
  env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
})

/** @throws Error that says which Go is needed and where to get it */
export const requireGo = async (): Promise<void> => {
  const wanted = /^go (\S+)/m.exec(await readFile(join(moduleFolder, 'go.mod'), 'utf8'))?.[1] ?? ''
  try {
    await run('go', ['list', '-m'], goOptions())
  } catch (error) {
    const found = error instanceof CommandError ? error.stderr.trim() : String(error)
    throw new Error(
      `Go ${wanted} or newer builds the local cluster. Install it from https://go.dev/dl and start again.\n${found}`,
    )
  }
}

/** Whether `go list` says that a package has to be compiled: one in Go's build cache has not. */
export const countStale = (list: string): number =>
  list.split('\n').filter((line) => line.startsWith('true') && !line.includes('available in build cache'))
    .length

/** How many packages a build has to compile; undefined where it cannot be told, which is no reason not to build. */
const packagesToCompile = async (name: BinaryName): Promise<number | undefined> => {
  const format = '{{.Stale}} {{.StaleReason}}'
  const list = ['list', '-deps', ...buildFlags, '-f', format, packages[name]]
  return run('go', list, goOptions(folderOf(name))).then(countStale, () => undefined)
}

/** Steps of a build, from what `go build -v` writes: the package that it begins to compile, or a download. */
export const buildSteps = () => {
  let compiled = 0
  let downloading = ''
  const read = (line: string): void => {
    const module = /^go: downloading (\S+)/.exec(line)?.[1]
    if (module) downloading = module
    else if (/^[\w./-]+$/.test(line)) compiled += 1
  }
  const detail = (total: number | undefined): string => {
    if (total === 0) return 'linking'
    if (compiled > 0)
      return total ? `${compiled} of ${Math.max(total, compiled)} packages` : `${compiled} packages`
    return downloading && `downloading ${downloading}`
  }
  return { read, detail }
}

/** Runs a command; each line of its standard error is passed on, and the last ones are in the error. */
const watched = (
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
  onLine: (line: string) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
    const last: string[] = []
    createInterface({ input: child.stderr }).on('line', (line) => {
      onLine(line)
      last.push(line)
      if (last.length > 40) last.shift()
    })
    child.once('error', reject)
    child.once('close', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new CommandError([command, ...args].join(' '), last.join('\n'), code ?? signal)),
    )
  })

/** Builds one program; it appears at `target` whole or not at all. */
export const build = async (name: BinaryName, target: string, progress: Progress): Promise<void> => {
  const unfinished = join(dirname(target), `${unfinishedPrefix}${name}`)
  const steps = buildSteps()
  let total: number | undefined
  const args = ['go', 'build', '-v', ...buildFlags, '-ldflags', linkerFlags(kubernetesVersion)]
  try {
    await during(
      progress,
      `building ${name}`,
      async () => {
        total = await packagesToCompile(name)
        await watched(
          'nice',
          [...args, '-o', unfinished, packages[name]],
          goOptions(folderOf(name)),
          steps.read,
        )
      },
      () => steps.detail(total),
    )
    await rename(unfinished, target)
  } catch (error) {
    throw new Error(
      `${name} could not be built. Go needs a module proxy that it can reach (\`go env GOPROXY\`) and about 3 GB of disk. ` +
        `Start again after that: what is built already stays.\n${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  } finally {
    await rm(unfinished, { force: true })
  }
}
