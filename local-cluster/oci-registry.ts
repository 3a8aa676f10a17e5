/** A real OCI registry for tests and measurements: the one of distribution, over a folder of this machine. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBinaries } from './binaries/binaries.ts'
import { end, hasEnded, lastLines, spawnChild } from './machine/child.ts'
import { freePort } from './machine/ports.ts'
import { waitFor } from './machine/wait.ts'
import { pathsFrom } from './paths.ts'
import { noProgress, type Progress } from './progress.ts'

export interface OciRegistry {
  /** Host and port, as references have them. */
  readonly host: string
  /** Folder with what was pushed: a blob is `docker/registry/v2/blobs/sha256/AB/DIGEST/data` below it. */
  readonly folder: string
  /** Ends the registry and removes its folder. */
  readonly stop: () => Promise<void>
}

/** Who may pull and push. */
export type RegistryLogin =
  | { readonly kind: 'none' }
  /** Only `registryUser`. */
  | { readonly kind: 'password' }
  /** Whoever brings a token of this service, which is signed with a key of `jwks`, a JSON text. */
  | {
      readonly kind: 'token'
      readonly realm: string
      readonly service: string
      readonly issuer: string
      readonly jwks: string
    }

export interface OciRegistryOptions {
  readonly login?: RegistryLogin
  /** Where it listens: loopback by default; pods of the local cluster reach the address of the node. */
  readonly address?: string
  /** Called with lines of progress while the program is built first, which takes a minute. */
  readonly progress?: Progress
}

/** The user of a registry with a password. */
export const registryUser = { username: 'tester', password: 'a-password-of-tests-only' } as const
/** bcrypt of that password, at its lowest cost: each request is checked against it. */
const passwordHash = '$2a$04$l7Om4vWrHK3n3HNTYBeJ3uFKOEib2UrAk2pKAJjdyzH95ZAXntpLu'

const readyTimeoutMs = 30_000 // well below a second on an idle machine

const authOf = (login: RegistryLogin, root: string): object => {
  if (login.kind === 'none') return {}
  if (login.kind === 'password')
    return { auth: { htpasswd: { realm: 'tests', path: join(root, 'htpasswd') } } }
  const { realm, service, issuer } = login
  return {
    auth: { token: { realm, service, issuer, jwks: join(root, 'jwks.json'), signingalgorithms: ['ES256'] } },
  }
}

const configOf = (login: RegistryLogin, address: string, root: string): object => ({
  version: '0.1',
  log: { level: 'warn', accesslog: { disabled: true } },
  storage: { filesystem: { rootdirectory: join(root, 'data') }, delete: { enabled: true } },
  http: { addr: address },
  ...authOf(login, root),
})

/**
 * Starts a registry on a free port. It ends with this process at the latest.
 * @throws Error where the program is not there and cannot be built
 */
export const startOciRegistry = async ({
  login = { kind: 'none' },
  address = '127.0.0.1',
  progress = noProgress,
}: OciRegistryOptions = {}): Promise<OciRegistry> => {
  const bin = await ensureBinaries(pathsFrom(process.env), ['registry'], progress)
  const root = await mkdtemp(join(tmpdir(), 'gantry-oci-'))
  const host = `${address}:${await freePort()}`
  await writeFile(join(root, 'htpasswd'), `${registryUser.username}:${passwordHash}\n`)
  if (login.kind === 'token') await writeFile(join(root, 'jwks.json'), login.jwks)
  await writeFile(join(root, 'config.yml'), JSON.stringify(configOf(login, host, root))) // JSON is YAML
  const child = spawnChild(
    join(root, 'registry'),
    join(bin, 'registry'),
    ['serve', join(root, 'config.yml')],
    {
      ...process.env,
      OTEL_TRACES_EXPORTER: 'none',
    },
  )
  const stop = async (): Promise<void> => {
    await end(child, 'SIGKILL') // its data goes anyway
    await rm(root, { recursive: true, force: true })
  }
  const answers = async (): Promise<boolean> => {
    if (hasEnded(child))
      throw new Error(`the registry ended:\n${await lastLines(join(root, 'registry.log'))}`)
    return fetch(`http://${host}/v2/`).then(
      () => true,
      () => false,
    )
  }
  try {
    await waitFor('the registry answers', answers, { timeoutMs: readyTimeoutMs, intervalMs: 50 })
  } catch (error) {
    await stop()
    throw error
  }
  return { host, folder: join(root, 'data'), stop }
}
