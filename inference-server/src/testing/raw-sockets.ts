/** Callers that do as little as they can: they say what they are told to, and never hang up by themselves. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'

export interface RawCaller {
  readonly socket: Socket
  /** Settles once the other side has given the connection up, which this side neither asks for nor helps with. */
  readonly givenUp: () => Promise<void>
  /** All that has come so far. */
  readonly received: () => string
  /** Settles when the other side has ended, even though this side keeps the connection. */
  readonly ended: Promise<void>
}

const hexPort = (port: number | undefined): string => (port ?? 0).toString(16).toUpperCase().padStart(4, '0')

/** Whether a program still holds the other end, by the kernel's list: an end without a holder has no inode. */
const isHeld = async (remotePort: number | undefined, localPort: number | undefined): Promise<boolean> => {
  const table = await readFile('/proc/net/tcp', 'utf8')
  const [local, remote] = [hexPort(remotePort), hexPort(localPort)]
  return table.split('\n').some((line) => {
    const [, from = '', to = '', , , , , , , inode] = line.trim().split(/\s+/)
    return from.endsWith(`:${local}`) && to.endsWith(`:${remote}`) && inode !== '0'
  })
}

const followed = (socket: Socket, isReading: boolean): RawCaller => {
  let received = ''
  const ended = Promise.withResolvers<void>()
  socket.on('error', () => {})
  socket.once('end', ended.resolve)
  socket.once('close', () => ended.resolve())
  if (isReading)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
  const { remotePort, localPort } = socket
  const givenUp = async (): Promise<void> => {
    while (await isHeld(remotePort, localPort)) await pause(50)
  }
  return { socket, givenUp, received: () => received, ended: ended.promise }
}

/** @param isReading false: nothing of what comes is taken */
export const call = async (
  port: number,
  bytes: string | Buffer = '',
  isReading = true,
): Promise<RawCaller> => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  await once(socket, 'connect')
  const caller = followed(socket, isReading)
  if (bytes.length > 0) socket.write(bytes)
  return caller
}

/** The same over TLS, once it is secure. */
export const callTls = async (
  port: number,
  bytes: string | Buffer = '',
  protocol = 'h2',
): Promise<RawCaller> => {
  const options = { allowHalfOpen: true, rejectUnauthorized: false, ALPNProtocols: [protocol] }
  const socket = connectTls(port, '127.0.0.1', options)
  await once(socket, 'secureConnect')
  const caller = followed(socket, true)
  if (bytes.length > 0) socket.write(bytes)
  return caller
}

/** The beginning of a ClientHello, whose record announces 512 bytes. */
export const halfHello = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 1, 2, 3, 4])

export const http2Preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

/** A SETTINGS frame without a setting. */
export const http2Settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
