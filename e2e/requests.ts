/** Requests to a served model, as a client would send them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export const examples = join(import.meta.dirname, '..', 'examples')

export const exampleFile = (...path: string[]): Buffer => readFileSync(join(examples, ...path))

/** Where the model store in the cluster offers an example's archive. */
export const storedModel = (example: string): { uri: string } => ({
  uri: `http://model-store.gantry-examples.svc/${example}.tar`,
})

export const post = async (url: string, body: unknown): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

/** One row for the breast-cancer example: the mean of every feature. */
const tabularRow: readonly number[] = [
  14.13, 19.29, 91.97, 654.9, 0.0964, 0.1043, 0.0888, 0.0489, 0.1812, 0.0628, 0.4052, 1.2169, 2.8661, 40.34,
  0.007, 0.0255, 0.0319, 0.0118, 0.0205, 0.0038, 16.27, 25.68, 107.26, 880.58, 0.1324, 0.2543, 0.2722, 0.1146,
  0.2901, 0.0839,
]

const tabularRequest = {
  inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 30], data: tabularRow }],
}

export const infer = (base: string, model: string): Promise<{ status: number; body: unknown }> =>
  post(`${base}/v2/models/${model}/infer`, tabularRequest)

export interface LoadReport {
  readonly sent: number
  /** Answers other than 200, and requests that got none. */
  readonly failures: readonly string[]
}

/** Keeps `callers` requests in flight until `stop` is called; connections are reused, as clients do. */
export const startLoad = (
  callers: number,
  request: () => Promise<{ status: number }>,
): (() => Promise<LoadReport>) => {
  let running = true
  let sent = 0
  const failures: string[] = []
  const caller = async (): Promise<void> => {
    // kubectl holds this thread while it runs: that servers closed connections meanwhile is still to be heard.
    await pause(50)
    while (running) {
      sent += 1
      try {
        const { status } = await request()
        if (status !== 200) failures.push(`HTTP ${status}`)
      } catch (error) {
        failures.push(
          error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error),
        )
      }
    }
  }
  const all = Array.from({ length: callers }, caller)
  return async () => {
    running = false
    await Promise.all(all)
    return { sent, failures }
  }
}
