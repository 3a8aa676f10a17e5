import { readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { loadConfig } from '../config/config.ts'
import { usage } from '../config/serve-options.ts'
import type { ServerConfig } from '../config/server-config.ts'
import { isLoopback } from '../http/site.ts'
import { createLog, type Log } from '../process/log.ts'
import { type Serving, serve } from './serve.ts'

/** Time beyond the deadline of the last request, when all connections have been cut: what is left then ends with the process only. */
const shutdownGraceMs = 5000

/** These are reached as localhost, the last one also from elsewhere. */
const localNames: readonly string[] = ['127.0.0.1', 'localhost', '0.0.0.0']

const urlOf = ({ port }: Serving, { tls, host = '0.0.0.0' }: ServerConfig): string => {
  const numeric = isIPv6(host) ? `[${host}]` : host
  const name = localNames.includes(host) ? 'localhost' : numeric
  return `${tls ? 'https' : 'http'}://${name}:${port}`
}

/** The line names the address and the scheme, for users who get no connection from another machine. */
const readyLine = (serving: Serving, config: ServerConfig): string => {
  const { model, device } = serving.served
  const { host = '0.0.0.0' } = config
  const hardware = device.active === 'cuda' ? 'GPU' : 'CPU'
  const reach = host === 'localhost' || isLoopback(host) ? ', for this machine only' : ''
  return `serving ${model.name} (task ${model.task}, on ${hardware}${reach}) at ${urlOf(serving, config)}\n`
}

/** Ctrl-C ends an import before there is a server. */
const importing = (world: NodeJS.Process) => {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) world.on(signal, abort)
  const end = (): void => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) world.off(signal, abort)
  }
  return { signal: controller.signal, end }
}

/** The arguments with a folder in place of the source that they begin with. Only then a library of imports is loaded. */
const resolved = async (args: readonly string[], world: NodeJS.Process): Promise<readonly string[]> => {
  const [source] = args
  if (source === undefined || source.startsWith('-')) return args
  const { withGivenSource } = await import('./given-source.ts')
  const { signal, end } = importing(world)
  const log = createLog({ level: 'warn', nowMs: () => performance.now() })
  const tell = (line: string): void => void world.stdout.write(`${line}\n`)
  try {
    return await withGivenSource(args, { env: world.env, tell, log, signal })
  } finally {
    end()
  }
}

/** Whoever names a source at a terminal is told how to ask. */
const exampleLines = async (serving: Serving, config: ServerConfig): Promise<string> => {
  const { exampleRequest } = await import('./example-request.ts')
  return `${exampleRequest(serving.served, urlOf(serving, config))}\nCtrl-C ends it\n`
}

const packageVersion = (): string => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}

/** Ends on SIGTERM and SIGINT: the first one drains, a second one gives up at once. */
const stopOnSignal = (world: NodeJS.Process, config: ServerConfig, serving: Serving, log: Log): void => {
  let stopping = false
  const giveUp = (): void => {
    // process.exit would abort inside a running session; this cannot be caught and leaves no core.
    world.kill(world.pid, 'SIGKILL')
  }
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) {
      giveUp()
      return
    }
    stopping = true
    const lingerMs = signal === 'SIGINT' ? 0 : config.drainMs
    setTimeout(
      async () => {
        const isStuck = serving.longestRunMs() > 0
        log.error(
          isStuck
            ? 'a run has not come back; the process ends without it'
            : 'the server has not ended in time; the process ends now',
        )
        await log.flush()
        giveUp()
      },
      lingerMs + config.limits.timeoutMs + shutdownGraceMs,
    ).unref()
    log.info('draining', { signal })
    await serving.stop(lingerMs)
    log.info('stopped')
    await log.flush()
    // All runs have ended; sockets of clients that keep their connection must not keep the process alive.
    world.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) world.on(signal, () => void stop(signal))
}

/** `serve …`: answers until the process is told to stop. @throws StartError */
export const serveCommand = async (given: readonly string[], world: NodeJS.Process): Promise<void> => {
  const args = await resolved(given, world)
  const config = loadConfig(args, world.env)
  if (config === 'help') {
    world.stdout.write(usage)
    return
  }
  const log = createLog({ level: config.logLevel, nowMs: () => performance.now() })
  const serving = await serve(config, log, packageVersion())
  stopOnSignal(world, config, serving, log)
  const example = args === given ? '' : await exampleLines(serving, config)
  world.stdout.write(readyLine(serving, config) + example)
  const { model, device, batching } = serving.served
  log.info('ready', { model: model.name, version: model.version, task: model.task, device, batching })
}
