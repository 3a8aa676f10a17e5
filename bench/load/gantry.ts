/** How the inference server is started for a measurement: by its command line, as users start it. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Program } from './server.ts'

/** Threads of one run: every server and the session alone may use all processors. */
export const threads = availableParallelism()

/** Arguments of Node that start the server of a checkout. */
const mainOf = (checkout: string): readonly string[] => [
  '--disable-warning=ExperimentalWarning',
  join(checkout, 'inference-server/src/main.ts'),
]

const thisCheckout = join(import.meta.dirname, '../..')

export const gantryMain = mainOf(thisCheckout)

/** The model answers as `model`. @param checkout whose server it is; this one unless given */
export const gantryProgram = (
  folder: string,
  port: number,
  task = 'tensor',
  checkout = thisCheckout,
): Program => ({
  command: process.execPath,
  args: [
    ...mainOf(checkout),
    ...['serve', '--model', folder, '--name', 'model', '--task', task, '--device', 'cpu'],
    ...['--threads', String(threads), '--timeout-seconds', '60', '--drain-seconds', '0'],
    ...['--host', '127.0.0.1', '--port', String(port), '--grpc-port', 'off'],
  ],
})
