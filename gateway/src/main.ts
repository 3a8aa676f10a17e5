/** The gateway as a program: `npm run gateway -- --config FILE --port 8000`, or without a file on a cluster. */
import { enableCompileCache } from 'node:module'
import { hostname } from 'node:os'
import { systemClock } from '@gantry/kube/clock.ts'
import { type Config, type ConfigFile, readConfig } from './config/config-file.ts'
import { type GatewayOptions, parseOptions, usage } from './config/options.ts'
import type { ConfigWatch } from './config/watch-config.ts'
import { StartError } from './failure.ts'
import { keyOf } from './models/model.ts'
import { configSeries } from './observability/config-series.ts'
import type { Gateway, World } from './serve.ts'

// The second start finds its TypeScript stripped and compiled.
enableCompileCache()

const nowMs = (): number => performance.now()

/** SIGTERM and SIGINT drain; the second of them ends the process there and then. */
const stopOnSignal = (stopGateway: (drainMs: number) => Promise<void>, drainMs: number): void => {
  let isStopping = false
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (isStopping) process.exit(1)
    isStopping = true
    await stopGateway(signal === 'SIGINT' ? 0 : drainMs)
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
}

const readyLine = (what: string, { port, probePort }: Gateway, host: string): string => {
  const name = host === '127.0.0.1' || host === '::' ? 'localhost' : host
  const probes = probePort === undefined ? '' : `, probes and metrics at http://${name}:${probePort}`
  return `serving ${what} at http://${name}:${port}${probes}\n`
}

type Program = (options: GatewayOptions, world: World) => Promise<void>

const serveFile =
  (file: ConfigFile): Program =>
  async (options, world) => {
    const { serve } = await import('./serve.ts')
    const { watchConfig } = await import('./config/watch-config.ts')
    const { models } = file
    const apply = (config: Config): void => {
      gateway.directory.apply(config.models)
      gateway.limitRate(config.rateLimit ?? options.rateLimit)
    }
    const isServed = (): boolean => watch?.isServed() ?? true
    let watch: ConfigWatch | undefined
    const gateway = await serve(options, { ...world, further: [configSeries(isServed)] })
    apply(file)
    watch = watchConfig({ file, clock: systemClock, log: world.log, apply })
    stopOnSignal((drainMs) => {
      watch?.close()
      return gateway.stop(drainMs)
    }, options.drainMs)
    const what = models.length === 1 ? models.map(keyOf).join() : `${models.length} models`
    process.stdout.write(readyLine(what, gateway, options.host))
  }

const serveCluster: Program = async (options, world) => {
  const { openCluster } = await import('./cluster/open.ts')
  const gateway = await openCluster(process.env, options, world)
  stopOnSignal(gateway.stop, options.drainMs)
  const what = `the models of ${options.namespace === undefined ? 'all namespaces' : `namespace ${options.namespace}`}`
  process.stdout.write(readyLine(what, gateway, options.host))
}

const main = async (): Promise<void> => {
  const options = parseOptions(process.argv.slice(2))
  if (options === 'help') return void process.stdout.write(usage)
  // What is wrong with the command line is said before the rest is loaded.
  const program = options.config === undefined ? serveCluster : serveFile(readConfig(options.config))
  const { createLog } = await import('./log.ts')
  const startedAt = new Date().toISOString()
  const { createCertificate } = await import('./tls/certificate.ts')
  const log = createLog(options.logLevel)
  const certificate =
    options.tls === undefined
      ? undefined
      : createCertificate({
          dir: options.tls,
          clock: systemClock,
          log,
          wallClock: Date.now,
          handshakeMs: options.patience?.headersMs,
        })
  await program(options, { log, nowMs, instance: hostname(), startedAt, certificate })
}

try {
  await main()
} catch (error) {
  const known = error instanceof StartError
  process.stderr.write(`${known ? error.message : (error as Error).stack}\n`)
  process.exit(known ? error.exitCode : 1)
}
