/** The sources whose imports are measured, each beside what brings the same bytes without us. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Names of the files of the model; the second has all the bytes. */
export const files = { graph: 'model.onnx', weights: 'weights.bin' } as const

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
      limit: `curl --silent --show-error --fail --output "$1" '${address}/${files.weights}'`,
      close,
    }
  },
}

export const sources: readonly MeasuredSource[] = [local, http]
export const models = sources.map(({ name }) => name)
