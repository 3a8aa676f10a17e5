import { createServer } from 'node:net'
import { tryRun } from './command.ts'

export type Endpoint = { readonly host: string; readonly port: number }

const listen = ({ host, port }: Endpoint): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })

export const onLoopback = (...ports: readonly number[]): readonly Endpoint[] =>
  ports.map((port) => ({ host: '127.0.0.1', port }))

/** A loopback TCP port that was free just now. Another process may take it, so the caller must be able to retry. */
export const freePort = (): Promise<number> => listen({ host: '127.0.0.1', port: 0 })

/** @throws Error naming `user`, the port and, where it can be told, the process that has it */
export const requirePort = async (user: string, endpoint: Endpoint): Promise<void> => {
  try {
    await listen(endpoint)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    const sockets = await tryRun('ss', ['-Hltnp', `sport = :${endpoint.port}`])
    const holder = /users:\(\(([^)]*)\)/.exec(sockets ?? '')?.[1]
    throw new Error(
      `port ${endpoint.port} on ${endpoint.host}, which ${user} needs, is in use` +
        `${holder ? ` by ${holder}` : ''}. Stop that process and try again`,
      { cause: error },
    )
  }
}
