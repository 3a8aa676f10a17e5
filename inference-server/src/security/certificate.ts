/** The certificate of both ports, replaced without a restart: the kubelet and cert-manager replace the files long before it ends. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RequestListener, ServerOptions } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import {
  createServer as createTlsServer,
  type SecureContextOptions,
  type Server as TlsServer,
} from 'node:tls'
import { mostHandshakeMs as handshakeTimeout, minTlsVersion, tlsCiphers } from '@gantry/contract/tls.ts'
import { StartError } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import { watchFiles } from './secret-folder.ts'

/** Paths of PEM files. */
export interface CertificateFiles {
  /** The certificate, then those between it and the authority. */
  readonly cert: string
  readonly key: string
}

export interface Certificate {
  /** HTTP/1.1 over TLS, not yet listening. */
  readonly createHttp: (options: ServerOptions, listener: RequestListener) => HttpsServer
  /** HTTP/2 over TLS, not yet listening. @param onSocket gets a connection once it is secure */
  readonly createGrpc: (onSocket: (socket: Socket) => void) => TlsServer
  readonly close: () => void
}

export interface CertificateOptions extends CertificateFiles {
  readonly clock: Clock
  readonly log: Log
  readonly wallClock: () => Date
}

interface Pair {
  readonly cert: string
  readonly key: string
  /** End of validity of the server's own certificate, RFC 3339. */
  readonly validTo: string
}

/** @throws StartError */
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new StartError(`the TLS file ${path} cannot be read: ${(error as Error).message}`)
  }
}

/** @throws StartError */
const parse = <Parsed>(path: string, what: string, parser: () => Parsed): Parsed => {
  try {
    return parser()
  } catch (error) {
    throw new StartError(`${path} is no ${what} in PEM: ${(error as Error).message}`)
  }
}

/** @throws StartError naming the file that is of no use */
const readPair = (files: CertificateFiles): Pair => {
  const cert = read(files.cert)
  const key = read(files.key)
  const leaf = parse(files.cert, 'certificate', () => new X509Certificate(cert))
  const privateKey: KeyObject = parse(files.key, 'private key without a passphrase', () =>
    createPrivateKey(key),
  )
  if (!leaf.checkPrivateKey(privateKey))
    throw new StartError(
      `the key ${files.key} does not belong to the certificate ${files.cert}; give the two that were made together`,
    )
  return { cert, key, validTo: new Date(leaf.validTo).toISOString() }
}

const contextOf = ({ cert, key }: Pair): SecureContextOptions => ({
  cert,
  key,
  minVersion: minTlsVersion,
  ciphers: tlsCiphers,
})

/** Node ends no connection whose handshake failed or did not come in time, and HTTPS would answer it with a text. */
const endFailedHandshakes = (server: TlsServer): void => {
  server.removeAllListeners('tlsClientError')
  server.on('tlsClientError', (_error, socket) => socket.destroy())
}

/** @throws StartError where the files are of no use yet */
export const createCertificate = ({ clock, log, wallClock, ...files }: CertificateOptions): Certificate => {
  let present = readPair(files)
  let trouble: string | undefined
  const servers: TlsServer[] = []
  const warnIfOver = ({ validTo }: Pair): void => {
    if (Date.parse(validTo) < wallClock().getTime())
      log.warn('the TLS certificate is no longer valid; renew it', { file: files.cert, validTo })
  }
  const look = (): void => {
    try {
      const found = readPair(files)
      trouble = undefined
      if (found.cert === present.cert && found.key === present.key) return
      for (const server of servers) server.setSecureContext(contextOf(found))
      present = found
      log.info('the TLS certificate has changed', { validTo: found.validTo })
      warnIfOver(found)
    } catch (error) {
      const { message } = error as Error
      if (message !== trouble) log.warn('the TLS certificate before is kept', { error: message })
      trouble = message
    }
  }
  const followed = <Server extends TlsServer>(server: Server): Server => {
    servers.push(server)
    endFailedHandshakes(server)
    return server
  }
  warnIfOver(present)
  return {
    createHttp: (options, listener) =>
      followed(createHttpsServer({ ...options, ...contextOf(present), handshakeTimeout }, listener)),
    createGrpc: (onSocket) =>
      followed(createTlsServer({ ...contextOf(present), handshakeTimeout, ALPNProtocols: ['h2'] }, onSocket)),
    close: watchFiles(clock, look),
  }
}
