/** The certificate of the gateway, replaced without a restart, and whom it trusts where pods speak TLS. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { createServer, type TLSSocket } from 'node:tls'
import { coversName } from '@gantry/contract/gateway.ts'
import { minTlsVersion, mostHandshakeMs, tlsCiphers } from '@gantry/contract/tls.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import type { Log } from '@gantry/kube/log.ts'
import { StartError } from '../failure.ts'
import { watchFiles } from '../identity/watch-files.ts'

/** What is known of the authorities that signed the certificates of models. */
export interface Trust {
  /** PEM; undefined: those that Node knows. The same text as long as nothing has changed. */
  readonly authorities: () => string | undefined
}

export interface Certificate extends Trust {
  /** DNS names of the certificate, in lower case. */
  readonly names: () => readonly string[]
  /** Whether the certificate is one of a host. @param name such as support.shop.svc */
  readonly covers: (name: string) => boolean
  /** Takes a connection, paused and with all bytes unread, and calls back once it is secure. */
  readonly secure: (socket: Socket, done: (secured: TLSSocket) => void) => void
  /** Calls back after each change; one listener. */
  readonly onChange: (listener: () => void) => void
  readonly close: () => void
}

export interface CertificateOptions {
  /** Folder with tls.crt, tls.key and, where the authority is not a public one, ca.crt: a mounted Secret. */
  readonly dir: string
  readonly clock: Clock
  readonly log: Log
  readonly wallClock: () => number
  /** Longest time of a handshake, milliseconds. */
  readonly handshakeMs?: number | undefined
}

/** Names that are told to the operator; authorities sign at most a few hundred. */
const mostNames = 1000

interface Files {
  readonly cert: string
  readonly key: string
  readonly authorities: string | undefined
  readonly names: readonly string[]
  /** End of validity, RFC 3339. */
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

const readAuthorities = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
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

const namesOf = ({ subjectAltName = '' }: X509Certificate): readonly string[] =>
  subjectAltName
    .split(', ')
    .flatMap((entry) => /^DNS:([a-z0-9.*-]{1,253})$/i.exec(entry)?.[1]?.toLowerCase() ?? [])
    .slice(0, mostNames)

/** @throws StartError naming the file that is of no use */
const readFiles = (dir: string): Files => {
  const paths = { cert: join(dir, 'tls.crt'), key: join(dir, 'tls.key'), ca: join(dir, 'ca.crt') }
  const [cert, key, authorities] = [read(paths.cert), read(paths.key), readAuthorities(paths.ca)]
  const leaf = parse(paths.cert, 'certificate', () => new X509Certificate(cert))
  const privateKey = parse(paths.key, 'private key without a passphrase', () => createPrivateKey(key))
  if (authorities !== undefined) parse(paths.ca, 'certificate', () => new X509Certificate(authorities))
  if (!leaf.checkPrivateKey(privateKey))
    throw new StartError(
      `the key ${paths.key} does not belong to the certificate ${paths.cert}; give the two that were made together`,
    )
  return { cert, key, authorities, names: namesOf(leaf), validTo: new Date(leaf.validTo).toISOString() }
}

const contextOf = ({ cert, key }: Files) =>
  ({ cert, key, minVersion: minTlsVersion, ciphers: tlsCiphers }) as const

/** Both ends of a connection; no two that are open have the same. */
const endsOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`

/** Handshakes; a connection whose handshake fails, or does not come in time, ends. */
const createHandshakes = (files: Files, handshakeTimeout: number) => {
  const waiting = new Map<string, (secured: TLSSocket) => void>()
  const server = createServer({
    ...contextOf(files),
    handshakeTimeout,
    ALPNProtocols: ['h2', 'http/1.1'],
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.on('secureConnection', (secured: TLSSocket) => {
    const ends = endsOf(secured)
    const done = waiting.get(ends)
    waiting.delete(ends)
    if (done) done(secured)
    else secured.destroy()
  })
  const secure: Certificate['secure'] = (socket, done) => {
    const ends = endsOf(socket)
    waiting.set(ends, done)
    socket.once('close', () => waiting.get(ends) === done && waiting.delete(ends))
    server.emit('connection', socket)
  }
  return { secure, exchange: (next: Files): void => server.setSecureContext(contextOf(next)) }
}

/** @throws StartError where the files are of no use yet */
export const createCertificate = ({
  dir,
  clock,
  log,
  wallClock,
  handshakeMs = mostHandshakeMs,
}: CertificateOptions): Certificate => {
  let present = readFiles(dir)
  let trouble: string | undefined
  let changed = (): void => {}
  const handshakes = createHandshakes(present, handshakeMs)
  const warnIfOver = ({ validTo }: Files): void => {
    if (Date.parse(validTo) < wallClock())
      log.warn('the TLS certificate is no longer valid; renew it', { validTo })
  }
  const look = (): void => {
    try {
      const found = readFiles(dir)
      trouble = undefined
      const { cert, key, authorities } = present
      if (found.cert === cert && found.key === key && found.authorities === authorities) return
      handshakes.exchange(found)
      present = found
      log.info('the TLS certificate has changed', { validTo: found.validTo, names: found.names })
      warnIfOver(found)
      changed()
    } catch (error) {
      const { message } = error as Error
      if (message !== trouble) log.warn('the TLS certificate before is kept', { error: message })
      trouble = message
    }
  }
  warnIfOver(present)
  return {
    names: () => present.names,
    covers: (name) => coversName(present.names, name),
    authorities: () => present.authorities,
    secure: handshakes.secure,
    onChange: (listener) => {
      changed = listener
    },
    close: watchFiles(clock, look),
  }
}
