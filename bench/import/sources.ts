/** The sources whose imports are measured, each beside what brings the same bytes without us. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { link, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Names of the files of the model; the second has all the bytes. */
export const files = { graph: 'model.onnx', weights: 'weights.bin' } as const

const curl = 'curl --silent --show-error --fail --output "$1"'

/** A source that is ready to be read. */
export interface OpenSource {
  /** Options of `import`, and its environment, that name the source. */
  readonly options: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** A command line of a shell that brings the large file to `"$1"`. */
  readonly limit: string
  readonly close: () => Promise<void>
}

export interface MeasuredSource {
  readonly name: string
  /** @param folder absolute, with the files */
  readonly open: (folder: string) => Promise<OpenSource>
}

const fileServer = async (folder: string) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'file-server.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string]
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return { address: `http://127.0.0.1:${port}`, close }
}

const local: MeasuredSource = {
  name: 'file',
  open: async (folder) => ({
    options: ['--source', folder],
    limit: `cp '${join(folder, files.weights)}' "$1"`,
    close: async () => undefined,
  }),
}

const http: MeasuredSource = {
  name: 'http',
  open: async (folder) => {
    const { address, close } = await fileServer(folder)
    return {
      options: ['--source', address, '--source-files', Object.values(files).join(','), '--allow-loopback'],
      limit: `${curl} '${address}/${files.weights}'`,
      close,
    }
  },
}

/** versitygw. Its files are objects of their own, so nothing is uploaded. */
const s3: MeasuredSource = {
  name: 's3',
  open: async (folder) => {
    const { startS3Server } = await import('../../local-cluster/s3-server.ts')
    const { url, region, accessKeyId, secretAccessKey, folder: buckets, stop } = await startS3Server()
    await mkdir(join(buckets, 'bench/model'), { recursive: true })
    for (const name of Object.values(files))
      await link(join(folder, name), join(buckets, 'bench/model', name))
    const user = `--aws-sigv4 aws:amz:${region}:s3 --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" --header 'x-amz-content-sha256: UNSIGNED-PAYLOAD'`
    return {
      options: [
        ...['--source', 's3://bench/model', '--s3-endpoint', url, '--s3-region', region],
        ...['--s3-path-style', 'true', '--allow-loopback'],
      ],
      env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
      limit: `${curl} ${user} '${url}/bench/model/${files.weights}'`,
      close: stop,
    }
  },
}

/** The registry of distribution, with a ModelPack whose files are layers as they are. */
const oci: MeasuredSource = {
  name: 'oci',
  open: async (folder) => {
    const { startOciRegistry } = await import('../../local-cluster/oci-registry.ts')
    const { modelPack, pushArtifact, sha256Of } = await import('../../local-cluster/oci-push.ts')
    const { host, stop } = await startOciRegistry()
    const graph = await readFile(join(folder, files.graph))
    const weights = await readFile(join(folder, files.weights))
    const api = `http://${host}/v2/bench/model`
    await pushArtifact({ api }, 'latest', modelPack({ [files.graph]: graph, [files.weights]: weights }))
    return {
      options: [
        '--source',
        `oci://${host}/bench/model:latest`,
        '--plain-http-registries',
        host,
        '--allow-loopback',
      ],
      limit: `${curl} '${api}/blobs/${sha256Of(weights)}'`,
      close: stop,
    }
  },
}

export const sources: readonly MeasuredSource[] = [local, http, s3, oci]
export const models = sources.map(({ name }) => name)
