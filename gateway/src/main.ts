/** The gateway as a program: `npm run gateway -- --config FILE --port 8000`. */
import { enableCompileCache } from 'node:module'
import { hostname } from 'node:os'
import { readConfig } from './config/config-file.ts'
import { type GatewayOptions, parseOptions, usage } from './config/options.ts'
import { StartError } from './failure.ts'
import type { Gateway } from './serve.ts'

// The second start finds its TypeScript stripped and compiled.
enableCompileCache()

const nowMs = (): number => performance.now()

/** SIGTERM and SIGINT drain; the second of them ends the process there and then. */
const stopOnSignal = (gateway: Gateway, { drainMs }: GatewayOptions): void => {
  let isStopping = false
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (isStopping) process.exit(1)
    isStopping = true
    await gateway.stop(signal === 'SIGINT' ? 0 : drainMs)
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
}

const readyLine = ({ directory, port, probePort }: Gateway, { host }: GatewayOptions): string => {
  const models = directory.all().map(({ key }) => key)
  const name = host === '127.0.0.1' || host === '::' ? 'localhost' : host
  const probes = probePort === undefined ? '' : `, probes and metrics at http://${name}:${probePort}`
  return `serving ${models.length === 1 ? models[0] : `${models.length} models`} at http://${name}:${port}${probes}\n`
}

const main = async (): Promise<void> => {
  const options = parseOptions(process.argv.slice(2))
  if (options === 'help') return void process.stdout.write(usage)
  const models = readConfig(options.config)
  // What is wrong with the command line is said before the rest is loaded.
  const [{ createLog }, { serve }] = await Promise.all([import('./log.ts'), import('./serve.ts')])
  const log = createLog(options.logLevel)
  const startedAt = new Date().toISOString()
  const gateway = await serve(options, { log, nowMs, instance: hostname(), startedAt })
  gateway.directory.apply(models)
  stopOnSignal(gateway, options)
  process.stdout.write(readyLine(gateway, options))
}

try {
  await main()
} catch (error) {
  const known = error instanceof StartError
  process.stderr.write(`${known ? error.message : (error as Error).stack}\n`)
  process.exit(known ? error.exitCode : 1)
}
