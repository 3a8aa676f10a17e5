import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBinaries } from './binaries/binaries.ts'
import type { BinaryName } from './binaries/build.ts'
import { kubeconfig } from './control-plane/certificates.ts'
import { certificatesIn, createIdentity, type Identity } from './control-plane/identity.ts'
import { end, hasEnded, lastLines, spawnChild } from './machine/child.ts'
import { httpsStatus } from './machine/http-probe.ts'
import { freePort } from './machine/ports.ts'
import { waitFor } from './machine/wait.ts'
import { pathsFrom } from './paths.ts'
import { filtered, noProgress, type Progress } from './progress.ts'

/** etcd and an API server of their own, for one test file. No nodes, no controllers, no admission of service accounts. */
export type ApiServer = {
  /** Path of a kubeconfig with all rights (group system:masters). */
  readonly kubeconfig: string
  readonly url: string
  /** Path of the kubectl of the same version. */
  readonly kubectl: string
  /** Ends the API server, as a crash would with `SIGKILL`; the data stays. */
  readonly stopApiServer: (signal?: NodeJS.Signals) => Promise<void>
  /** Starts it again with the same address and data; ready when it resolves. */
  readonly startApiServer: () => Promise<void>
  readonly restartApiServer: (signal?: NodeJS.Signals) => Promise<void>
  /** Ends both and removes their data. */
  readonly stop: () => Promise<void>
}

export type ApiServerOptions = {
  readonly env?: NodeJS.ProcessEnv
  /** Hears of binaries that have to be brought first. Silent by default. */
  readonly progress?: Progress
  /** Further flags of kube-apiserver; a later one of the same name wins. */
  readonly flags?: readonly string[]
}

const readyTimeoutMs = 60_000 // about 3 s on an idle machine; test files share two cores with others

/** Waits until `isReady`; a child that ends before is an error with its last words. */
const whenReady = async (
  name: BinaryName,
  child: ChildProcess,
  log: string,
  isReady: () => Promise<boolean>,
): Promise<void> => {
  const ask = async (): Promise<boolean> => {
    if (hasEnded(child)) throw new Error(`${name} ended before it was ready:\n${await lastLines(log)}`)
    return isReady()
  }
  await waitFor(`${name} is ready`, ask, {
    timeoutMs: readyTimeoutMs,
    intervalMs: 50,
    detail: () => lastLines(log),
  })
}

/** Runs `work`; when it fails, runs `undo` before the error goes on. */
const orUndo = async <T>(work: Promise<T>, undo: () => Promise<void>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    await undo()
    throw error
  }
}

/** Starts etcd without fsync: a test's data need not survive anything but its API server. */
const startEtcd = async (bin: string, folder: string): Promise<{ child: ChildProcess; url: string }> => {
  const url = `http://127.0.0.1:${await freePort()}`
  const peer = `http://127.0.0.1:${await freePort()}`
  const data = join(folder, 'etcd')
  const child = spawnChild(data, join(bin, 'etcd'), [
    ...['--name=test', `--data-dir=${data}`, '--unsafe-no-fsync', '--log-level=warn'],
    ...[`--listen-client-urls=${url}`, `--advertise-client-urls=${url}`],
    ...[
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=test=${peer}`,
    ],
  ])
  const healthy = async (): Promise<boolean> =>
    fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    )
  await orUndo(whenReady('etcd', child, `${data}.log`, healthy), () => end(child, 'SIGKILL'))
  return { child, url }
}

const apiServerFlags = (identity: Identity, etcd: string, port: number): readonly string[] => [
  `--etcd-servers=${etcd}`,
  ...['--bind-address=127.0.0.1', `--secure-port=${port}`],
  // No client reaches this server through the Service `kubernetes`, whose endpoint may not be a loopback address.
  ...['--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none'],
  '--service-cluster-ip-range=10.96.0.0/16',
  `--client-ca-file=${identity.authority.cert}`,
  ...[`--tls-cert-file=${identity.server.cert}`, `--tls-private-key-file=${identity.server.key}`],
  '--service-account-issuer=https://kubernetes.default.svc',
  `--service-account-key-file=${identity.signingKey}.pub`,
  `--service-account-signing-key-file=${identity.signingKey}`,
  // How requests for aggregated APIs are passed on with the caller's name.
  `--requestheader-client-ca-file=${identity.frontProxyAuthority.cert}`,
  ...['--requestheader-allowed-names=front-proxy-client', '--requestheader-username-headers=X-Remote-User'],
  ...['--requestheader-group-headers=X-Remote-Group', '--requestheader-extra-headers-prefix=X-Remote-Extra-'],
  ...[
    `--proxy-client-cert-file=${identity.frontProxy.cert}`,
    `--proxy-client-key-file=${identity.frontProxy.key}`,
  ],
  ...['--authorization-mode=RBAC', '--allow-privileged=true'],
  '--disable-admission-plugins=ServiceAccount', // no controller is there to create the accounts it asks for
]

const isTakenPort = (error: unknown): boolean => String(error).includes('address already in use')

/** The API server as something that can be stopped and started again over the same data. */
const restartable = async (
  bin: string,
  folder: string,
  identity: Identity,
  flags: readonly string[],
  url: string,
) => {
  const [ca, cert, key] = await Promise.all(
    [identity.authority.cert, identity.admin.cert, identity.admin.key].map((path) => readFile(path, 'utf8')),
  )
  const probe = { url: `${url}/readyz`, ca: ca ?? '', cert: cert ?? '', key: key ?? '' }
  const state = join(folder, 'kube-apiserver')
  let child: ChildProcess | undefined

  const stopApiServer = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (child) await end(child, signal)
    child = undefined
  }
  const startAgain = async (): Promise<void> => {
    if (child && !hasEnded(child)) return
    child = spawnChild(state, join(bin, 'kube-apiserver'), flags)
    await whenReady('kube-apiserver', child, `${state}.log`, async () => (await httpsStatus(probe)) === 200)
  }
  const restartApiServer = async (signal?: NodeJS.Signals): Promise<void> => {
    await stopApiServer(signal)
    await startAgain()
  }
  return { stopApiServer, startApiServer: startAgain, restartApiServer }
}

const startIn = async (folder: string, bin: string, options: ApiServerOptions): Promise<ApiServer> => {
  const identity = await createIdentity(certificatesIn(folder))
  const etcd = await startEtcd(bin, folder)
  const port = await freePort()
  const url = `https://127.0.0.1:${port}`
  const flags = [...apiServerFlags(identity, etcd.url, port), ...(options.flags ?? [])]
  const server = await restartable(bin, folder, identity, flags, url)
  const stop = async (): Promise<void> => {
    await server.stopApiServer('SIGKILL') // its data goes anyway, and a graceful end takes seconds
    await end(etcd.child, 'SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  const path = join(folder, 'kubeconfig')
  const text = await kubeconfig('gantry-test', url, identity.authority, identity.admin)
  await writeFile(path, text, { mode: 0o600 })
  await orUndo(server.startApiServer(), stop)
  return { kubeconfig: path, url, kubectl: join(bin, 'kubectl'), ...server, stop }
}

const startOnce = async (bin: string, options: ApiServerOptions): Promise<ApiServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-api-server-'))
  return orUndo(startIn(folder, bin, options), () => rm(folder, { recursive: true, force: true }))
}

/**
 * Starts etcd and an API server on free loopback ports; several may run at the same time.
 * They end with this process at the latest. Brings the binaries first when they are not there.
 * @throws Error with the last lines of the log when one of them does not become ready
 */
export const startApiServer = async (options: ApiServerOptions = {}): Promise<ApiServer> => {
  const paths = pathsFrom(options.env ?? process.env)
  const progress = filtered(options.progress ?? noProgress, (line) => !line.endsWith('cached'))
  const bin = await ensureBinaries(paths, ['etcd', 'kube-apiserver', 'kubectl'], progress)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(bin, options)
    } catch (error) {
      if (attempt === 3 || !isTakenPort(error)) throw error // a free port was taken before we got to it
    }
  }
}
