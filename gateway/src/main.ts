/** The gateway as a program: `npm run gateway -- --config FILE --port 8000`. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readConfig } from './config/config-file.ts'
import { parseOptions, usage } from './config/options.ts'
import { StartError } from './failure.ts'
import { createHandle } from './gateway.ts'
import { createDirectory } from './models/directory.ts'

const nowMs = (): number => performance.now()

const main = async (): Promise<void> => {
  const options = parseOptions(process.argv.slice(2))
  if (options === 'help') return void process.stdout.write(usage)
  const directory = createDirectory(nowMs)
  directory.apply(readConfig(options.config))
  const records = { began: () => {}, ended: () => {}, refused: () => {}, ejected: () => {} }
  const handle = createHandle({ directory, records, nowMs, maxBodyBytes: options.maxBodyBytes })
  const server = createServer(handle).listen(options.port, options.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  process.stdout.write(`gateway for ${directory.all().length} models at http://localhost:${port}\n`)
}

try {
  await main()
} catch (error) {
  const known = error instanceof StartError
  process.stderr.write(`${known ? error.message : (error as Error).stack}\n`)
  process.exitCode = known ? error.exitCode : 1
}
