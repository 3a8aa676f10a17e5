/** A real S3 server for tests and measurements: versitygw over a folder of this machine. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBinaries } from './binaries/binaries.ts'
import { end, hasEnded, lastLines, spawnChild } from './machine/child.ts'
import { freePort } from './machine/ports.ts'
import { waitFor } from './machine/wait.ts'
import { pathsFrom } from './paths.ts'
import { noProgress, type Progress } from './progress.ts'

export interface S3Server {
  /** The endpoint that clients are given; buckets are in its path. */
  readonly url: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Folder whose folders are the buckets; a file in one is an object, too, without an ETag of its own. */
  readonly folder: string
  /** Ends the server and removes its folders. */
  readonly stop: () => Promise<void>
}

export interface S3ServerOptions {
  /** Where it listens: loopback by default; pods of the local cluster reach the address of the node. */
  readonly address?: string
  /** Called with lines of progress while the program is built first, which takes minutes. */
  readonly progress?: Progress
}

const region = 'us-east-1'
const credentials = { accessKeyId: 'AKIDGANTRYTEST', secretAccessKey: 'a-secret-key-of-tests-only' }

const readyTimeoutMs = 30_000 // well below a second on an idle machine

/**
 * Starts a server on a free port. It ends with this process at the latest.
 * @throws Error where versitygw is not there and cannot be built
 */
export const startS3Server = async ({
  address = '127.0.0.1',
  progress = noProgress,
}: S3ServerOptions = {}): Promise<S3Server> => {
  const bin = await ensureBinaries(pathsFrom(process.env), ['versitygw'], progress)
  const root = await mkdtemp(join(tmpdir(), 'gantry-s3-'))
  const [folder, versions, state] = ['buckets', 'versions', 'versitygw'].map((name) => join(root, name))
  for (const dir of [folder, versions]) await mkdir(dir ?? '')
  const port = await freePort()
  const child = spawnChild(
    state ?? '',
    join(bin, 'versitygw'),
    [
      ...['--port', `${address}:${port}`, '--region', region, '--quiet'],
      ...['posix', '--versioning-dir', versions ?? '', folder ?? ''],
    ],
    {
      ...process.env,
      ROOT_ACCESS_KEY: credentials.accessKeyId,
      ROOT_SECRET_KEY: credentials.secretAccessKey,
    },
  )
  const stop = async (): Promise<void> => {
    await end(child, 'SIGKILL') // its data goes anyway
    await rm(root, { recursive: true, force: true })
  }
  const url = `http://${address}:${port}`
  const answers = async (): Promise<boolean> => {
    if (hasEnded(child)) throw new Error(`versitygw ended:\n${await lastLines(`${state}.log`)}`)
    return fetch(url).then(
      () => true,
      () => false,
    )
  }
  try {
    await waitFor('the S3 server answers', answers, { timeoutMs: readyTimeoutMs, intervalMs: 50 })
  } catch (error) {
    await stop()
    throw error
  }
  return { url, region, ...credentials, folder: folder ?? '', stop }
}
