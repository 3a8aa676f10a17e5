/** The program as its users start it: a process of its own. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

export interface Program extends AsyncDisposable {
  readonly process: ChildProcess
  readonly output: { stdout: string; stderr: string }
  readonly ended: Promise<number | null>
}

/** @param args of the program, command first */
export const start = (args: readonly string[], env: NodeJS.ProcessEnv = process.env): Program => {
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    process: child,
    output,
    ended,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await ended
    },
  }
}

/** The port in the ready line. */
export const ready = async ({ process: child, output, ended }: Program): Promise<number> => {
  const line = /at https?:\/\/localhost:(\d+)\n/
  while (!line.test(output.stdout)) {
    const code = await Promise.race([
      once(child.stdout as NodeJS.ReadableStream, 'data').then(() => undefined),
      ended,
    ])
    if (code !== undefined) assert.fail(`ended with ${code}: ${output.stderr}`)
  }
  return Number(line.exec(output.stdout)?.[1])
}

/** Serves the folder on free ports. */
export const serveArgs = (dir: string, ...more: readonly string[]): readonly string[] => [
  'serve',
  '--model',
  dir,
  '--port',
  '0',
  '--grpc-port',
  '0',
  ...more,
]

/** Linux takes ports of 32768 and more for connections that programs open, at any moment. */
const [firstPort, ports] = [10_000, 20_000]

/** A port for gRPC, since the program does not tell which one it took. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = firstPort + Math.floor(Math.random() * ports)
    const server = createServer().listen(port)
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** The most memory that there has been, as the kernel counts it, bytes. */
export const mostMemory = async ({ process: { pid } }: Program): Promise<number> =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

/** The kernel counts processor time in hundredths of a second (USER_HZ). */
const tickMs = 10

/** Processor time that the thread of HTTP and gRPC has taken, ms: unlike an answer's time, what else the machine does is not in it. */
export const mainThreadMs = async ({ process: { pid } }: Program): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/task/${pid}/stat`, 'utf8')
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return (user + system) * tickMs
}
