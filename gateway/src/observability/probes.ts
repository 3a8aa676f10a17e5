/** The port of probes: liveness, readiness, metrics and counts. Requests never wait in front of it. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { activityOnly, gatewayPaths } from '@gantry/contract/gateway.ts'
import { StartError } from '../failure.ts'

export interface ProbesOptions {
  readonly host: string
  readonly port: number
  /** undefined while it may get requests; otherwise why not. */
  readonly unready: () => string | undefined
  readonly metrics: () => Promise<string>
  /** @param isActivityOnly whether counts of rollouts are left out */
  readonly demand: (isActivityOnly: boolean) => object
  readonly ports: () => object
}

export interface Probes {
  readonly port: number
  readonly close: () => void
}

type Answer = readonly [status: number, type: string, body: string]
const json = (status: number, value: object): Answer => [status, 'application/json', JSON.stringify(value)]

const answerTo = async (url: string, { unready, metrics, demand, ports }: ProbesOptions): Promise<Answer> => {
  const [path, query] = url.split('?', 2)
  switch (path) {
    case gatewayPaths.live:
      return json(200, {})
    case gatewayPaths.ready: {
      const reason = unready()
      return reason === undefined ? json(200, {}) : json(503, { error: reason })
    }
    case gatewayPaths.metrics:
      return [200, 'text/plain; version=0.0.4; charset=utf-8', await metrics()]
    case gatewayPaths.demand:
      return json(200, demand(query === activityOnly))
    case gatewayPaths.ports:
      return json(200, ports())
    default:
      return json(404, { error: `ask ${Object.values(gatewayPaths).join(', ')}` })
  }
}

/** @throws StartError where the port cannot be opened */
export const openProbes = async (options: ProbesOptions): Promise<Probes> => {
  const server = createServer(async ({ url = '', method }, response) => {
    const [status, type, body] =
      method === 'GET' || method === 'HEAD'
        ? await answerTo(url, options)
        : json(405, { error: 'this port answers GET only' })
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
    response.end(method === 'HEAD' ? undefined : body)
  })
  try {
    await once(server.listen(options.port, options.host), 'listening')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const sentence = `port ${options.port} of ${options.host} cannot be opened (${code ?? message})`
    throw new StartError(`${sentence}; choose another with --probe-port`, 1)
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
