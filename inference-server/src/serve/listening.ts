import type { AddressInfo, Server as NetServer } from 'node:net'
import { StartError } from '../failures/errors.ts'

/** What is wrong with a port that cannot be opened, by the code of the system. */
const reasonOf = (code: string | undefined, port: number, host: string | undefined, flag: string) => {
  const noAddress = `${host} is no address of this machine; choose another one with --host, or all`
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is in use; choose another one with --${flag}, 0 for any free one${flag === 'grpc-port' ? ', off for none' : ''}`,
    EACCES: `port ${port} is not allowed here; choose one above 1023 with --${flag}`,
    EADDRNOTAVAIL: noAddress,
    ENOTFOUND: noAddress,
    EAI_AGAIN: noAddress,
  }
  return reasons[code ?? '']
}

/** @param flag that chooses the port @returns where it really listens @throws StartError where the port is taken */
export const listen = (
  server: NetServer,
  port: number,
  host: string | undefined,
  flag: string,
): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const reason = reasonOf(code, port, host, flag) ?? `port ${port} cannot be opened: ${message}`
      reject(new StartError(reason, 1))
    })
    server.listen({ port, ...(host !== undefined && { host }) }, () =>
      resolve((server.address() as AddressInfo).port),
    )
  })
